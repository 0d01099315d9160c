/** Studies for tests: runs whose numbers are made up, as files in folders. */
import { hash32, stream } from '../../../core/random.ts';
import type { StudyPart } from '../mergeStudy.ts';
import { planText, type StudyPlan, type StudyRun } from '../studyFiles.ts';

type Named = Pick<StudyRun, 'arm' | 'seed'> & { cell: string };

/** How much an arm gains in a cell at the end. */
export type Gain = (cell: string, arm: string) => number;

/**
 * A run of 20 iterations. BW keeps the ends of a reward that says more there the more it gains; every other arm keeps all.
 */
export function someRun({ cell, arm, seed }: Named, gain: Gain = () => 0): StudyRun {
  const luck = stream(seed, 'luck', cell).normal() * 0.02 + stream(seed, cell, arm).normal() * 0.01;
  const tokens = arm === 'PPO-M' ? 1000 : 400;
  const looks = [0, 5, 10, 15, 20];
  const rng = stream(seed, 'start', cell);
  const rows = Array.from({ length: 40 }, (_, row) => {
    const reward = 2 * rng.uniform() - 1;
    const extreme = Math.abs(reward) > 0.6;
    const honest = rng.uniform() < (extreme ? 0.5 + gain(cell, 'BW') : 0.5);
    return {
      reward,
      score: honest ? (reward > 0 ? 1 : 0) : rng.int(2),
      group: Math.floor(row / 4),
      problem: Math.floor(row / 4),
      uses: arm === 'BW' && !extreme ? 0 : 1,
    };
  });
  const column = (key: keyof (typeof rows)[number]) => rows.map((row) => row[key]);
  return {
    format: 'filtrate-study-run/1',
    id: hash32(cell, arm, seed).toString(16),
    cell,
    arm,
    seed,
    code: 'code',
    engine: { name: 'simd', device: 'WASM SIMD' },
    settings: { responses: 4 },
    evaluations: looks.map((iteration) => ({
      iteration,
      metrics: { heldPass: 0.4 + (luck + 0.1 + gain(cell, arm)) * (iteration / 20) },
    })),
    iterations: Array.from({ length: 20 }, (_, i) => ({
      iteration: i + 1,
      metrics: { updateTokens: tokens * (i + 1), samples: 40 * (i + 1), kl: 0.1 },
    })),
    start: {
      reward: column('reward'),
      score: column('score'),
      group: column('group'),
      problem: column('problem'),
      uses: column('uses'),
    },
    clock: { seconds: 3 },
  };
}

export function someRuns(
  cells: readonly string[],
  arms: readonly string[],
  seeds: number,
  gain?: Gain,
): StudyRun[] {
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    cells.flatMap((cell) => arms.map((arm) => someRun({ cell, arm, seed }, gain))),
  );
}

export const somePlan = (runs: readonly StudyRun[], code = 'code'): StudyPlan => ({
  format: 'filtrate-plan/1',
  code,
  spec: { grid: [...new Set(runs.map(({ cell }) => cell))].map((name) => ({ name: name ?? '' })) },
  runs: runs.map(({ id, cell, arm, seed }) => ({ id, cell, arm, seed })),
});

/** The folder of a process that computed these runs of the plan. */
export const somePart = (name: string, plan: StudyPlan, runs: readonly StudyRun[]): StudyPart => ({
  name,
  plan: planText(plan),
  runs: runs.map((run) => ({ name: `${run.id}.json`, text: JSON.stringify(run) })),
});
