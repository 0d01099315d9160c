/** The inspector of the laboratory's selection. */
import { useMemo } from 'react';
import type { EvaluationRecord } from '../../../lab/records/record.ts';
import { shippedWorldSeed } from '../../../lab/trainer/worldTasks.ts';
import type { RewardScale } from '../../../rlhf/loop/state.ts';
import { useLab, useLaboratory } from '../../useLab.ts';
import { Inspector } from './Inspector.tsx';
import styles from './inspector.module.css';
import { judgeProgram } from './judgeProgram.ts';
import { useProblems } from './useProblems.ts';

/** The unit in which updates see rewards: what the starting policy's were like. */
function scaleFrom({
  iteration,
  metrics: { heldReward, heldRewardSpread },
}: EvaluationRecord): RewardScale | null {
  if (iteration !== 0 || heldReward === undefined || heldRewardSpread === undefined) return null;
  return { mean: heldReward, deviation: heldRewardSpread > 0 ? heldRewardSpread : 1 };
}

export function LabInspector() {
  const laboratory = useLaboratory();
  const selection = useLab((state) => state.selection);
  const arm = useLab((state) => state.arms.find((each) => each.id === state.selection?.armId) ?? null);
  const problems = useProblems(shippedWorldSeed);
  const look = arm?.evaluations[0];
  const scale = useMemo(() => (look ? scaleFrom(look) : null), [look]);
  if (!selection || !arm) {
    return (
      <p className={styles.none}>
        Choose a response in the rank strips to see its program, tokens and tests.
      </p>
    );
  }
  const at = arm.iterations.findIndex((record) => record.iteration === selection.iteration);
  if (at < 0)
    return (
      <p className={styles.none}>
        {selection.iteration > arm.iteration || arm.iterations.length === 0
          ? `${arm.name} has not come to iteration ${selection.iteration}: press play, and its program ${selection.row + 1} is shown here then.`
          : `Iteration ${selection.iteration} of ${arm.name} is gone: the arm started again.`}
      </p>
    );
  const record = arm.iterations[at];
  if (record.samples.problem.length === 0)
    return (
      <p className={styles.none}>
        The samples of iteration {record.iteration} were not kept, only its numbers.
      </p>
    );
  const onIteration = (step: -1 | 1) => {
    const next = arm.iterations[at + step];
    if (!next) return;
    const row = Math.min(selection.row, next.samples.group.length - 1);
    laboratory.view.select({ ...selection, iteration: next.iteration, row });
    laboratory.view.setCursor(next.iteration);
  };
  return (
    <Inspector
      armName={arm.name}
      record={record}
      row={selection.row}
      problems={problems}
      settings={arm.settings}
      onSelect={(row) => laboratory.view.select({ ...selection, row })}
      onIteration={onIteration}
      firstIteration={at === 0}
      lastIteration={at === arm.iterations.length - 1}
      judge={judgeProgram(laboratory)}
      scale={scale}
      token={selection.token ?? null}
      onToken={(token) => laboratory.view.select({ ...selection, token: token ?? undefined })}
    />
  );
}
