import { expect, it } from 'vitest';
import { besidePaper, ourRows, paperTable } from './besidePaper.ts';
import type { PublishedExperiment } from './publishedResults.ts';

const experiment = (ends: Record<string, number>, difference = 0.01): PublishedExperiment => ({
  command: 'npm',
  backend: 'simd',
  summary: {
    reference: 'PPO-M',
    arms: Object.entries(ends).map(([arm, end]) => ({
      arm,
      heldStart: { mean: 0.4, standardError: 0.01, count: 8 },
      heldEnd: { mean: end, standardError: 0.01, count: 8 },
      difference: arm === 'PPO-M' ? null : { mean: end - 0.6, standardError: difference, count: 8 },
      updateTokens: null,
    })),
  },
  spent: { RAFT: { samples: 9600 } },
});

it('takes each row from the first experiment that has it, in the paper’s order, the control last', () => {
  const rows = ourRows({
    'every-loss': experiment({ 'PPO-M': 0.1, IPO: 0.5 }),
    'six-methods': experiment({ Rand2: 0.55, BW: 0.1, 'PPO-S': 0.61 }),
    'table-2': experiment({ BW: 0.58, RAFT: 0.5, 'PPO-M': 0.6 }),
  });
  expect([...rows].map(([name, { heldEnd }]) => [name, heldEnd!.mean])).toEqual([
    ['RAFT', 0.5],
    ['PPO-S', 0.61],
    ['PPO-M', 0.6],
    ['BW', 0.58],
    ['Rand2', 0.55],
  ]);
  expect(rows.get('RAFT')!.spent).toEqual({ samples: 9600 });
});

it('says what agrees with the paper and what does not, and what is missing', () => {
  const ends = { RAFT: 0.5, BOND: 0.6, DPO: 0.7, 'PPO-M': 0.6, BR: 0.5, BW: 0.7 };
  expect(besidePaper({ 'table-2': experiment(ends) })).toEqual([
    'As in the paper, RAFT is below PPO-M.',
    'As in the paper, BOND is level with PPO-M.',
    'Otherwise than in the paper: DPO is below PPO-M there and above it here.',
    'Otherwise than in the paper: BR is above PPO-M there and below it here.',
    'As in the paper, BW is above PPO-M.',
    'Over the 6 methods that both have, the rank correlation of the pass rates is 0.00.',
    'IPO, KTO, Iterative-DPO, PPO-S and BoN are in the paper’s table and not in these runs: choose them at the station Update.',
  ]);
});

it('finds the paper in full agreement with itself', () => {
  const ends = Object.fromEntries(
    paperTable.map(({ method, humanEval, mbpp, leetCode }) => [method, (humanEval + mbpp + leetCode) / 300]),
  );
  const own = experiment(ends, 0.005);
  const base = ends['PPO-M'];
  for (const arm of own.summary.arms) if (arm.difference) arm.difference.mean = arm.heldEnd!.mean - base;
  const lines = besidePaper({ 'table-2': own });
  expect(lines.every((line) => line.startsWith('As in') || line.endsWith('is 1.00.'))).toBe(true);
  expect(besidePaper({})).toEqual([
    expect.stringContaining('are in the paper’s table and not in these runs'),
  ]);
});
