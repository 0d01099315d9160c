/** Numbers that lessons and demos read off the present page. */
import type { MetricKey } from '../../lab/records/metrics.ts';
import type { Arm } from '../../lab/state/arm.ts';
import type { LabState } from '../../lab/state/store.ts';

/** An arm by its name. */
export const armNamed = (state: LabState, name: string): Arm | undefined =>
  state.arms.find((arm) => arm.name === name);

/** The newest value of a metric, from iterations or evaluations. */
export function newest(arm: Arm | undefined, key: MetricKey): number | undefined {
  const has = (row: { metrics: Partial<Record<MetricKey, number>> }) => row.metrics[key] !== undefined;
  return (arm?.evaluations.findLast(has) ?? arm?.iterations.findLast(has))?.metrics[key];
}

/** Its values over the iterations, in order. */
export const values = (arm: Arm | undefined, key: MetricKey): number[] =>
  [...(arm?.evaluations ?? []), ...(arm?.iterations ?? [])].flatMap((row) => row.metrics[key] ?? []);

/** True once every arm shows as many iterations as it is to run. */
export const complete = ({ arms }: LabState): boolean =>
  arms.length > 0 && arms.every((arm) => arm.iterations.length >= arm.settings.training.iterations);

/**
 * Pass rates of the responses that their group's reward puts first and last, over all iterations of an arm.
 * Null before there is one.
 */
export function passByEnds(arm: Arm | undefined): { top: number; bottom: number; groups: number } | null {
  let [top, bottom, groups] = [0, 0, 0];
  for (const { samples } of arm?.iterations ?? []) {
    const best = new Map<number, number>();
    const worst = new Map<number, number>();
    samples.group.forEach((group, row) => {
      if (samples.reward[row] > samples.reward[best.get(group) ?? row] || !best.has(group))
        best.set(group, row);
      if (samples.reward[row] < samples.reward[worst.get(group) ?? row] || !worst.has(group))
        worst.set(group, row);
    });
    for (const row of best.values()) top += samples.score[row] === 1 ? 1 : 0;
    for (const row of worst.values()) bottom += samples.score[row] === 1 ? 1 : 0;
    groups += best.size;
  }
  return groups === 0 ? null : { top: top / groups, bottom: bottom / groups, groups };
}
