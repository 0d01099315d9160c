import { describe, expect, it } from 'vitest';
import type { SummaryRun } from '../../records/summary.ts';
import {
  cellText,
  columns,
  leaderboard,
  markdown,
  numberTable,
  readableTable,
  verdictOf,
} from './leaderboard.ts';

const run = (arm: string, seed: number, end: number, updateTokens = 1000): SummaryRun => ({
  arm,
  seed,
  evaluations: [
    { iteration: 0, metrics: { heldPass: 0.4 } },
    { iteration: 5, metrics: { heldPass: end, heldGreedy: end + 0.1 } },
  ],
  iterations: [{ iteration: 5, metrics: { kl: 1, rewardPi: 0.3, updateTokens, samples: 500 } }],
});

const seeds = [1, 2, 3];
const three = [
  ...seeds.map((seed) => run('PPO-M', seed, 0.6 + seed / 100)),
  // Clearly above, by the same in every seed but for a little.
  ...seeds.map((seed) => run('BW', seed, 0.7 + seed / 100 + seed / 1000, 400)),
  // All over the place.
  ...seeds.map((seed) => run('BR', seed, 0.6 + (seed - 2) / 5)),
];

describe('leaderboard', () => {
  it('ranks by what was reached, and says what is told apart', () => {
    const board = leaderboard(three);
    expect(board.reference).toBe('PPO-M');
    expect(board.rows.map((row) => row.arm)).toEqual(['BW', 'PPO-M', 'BR']);
    expect(board.rows.map((row) => verdictOf(row, 'PPO-M'))).toEqual([
      'above PPO-M',
      '',
      'not told apart from PPO-M',
    ]);
    expect(board.sentences.join(' ')).toMatch(/BW is above PPO-M.*BR is not told apart from PPO-M/);
  });

  it('takes any arm as the baseline', () => {
    const board = leaderboard(three, 'BW');
    expect(board.reference).toBe('BW');
    expect(board.rows.find((row) => row.arm === 'PPO-M')!.difference!.mean).toBeCloseTo(-0.102);
    expect(readableTable(board).head).toContain('minus BW');
  });

  it('claims nothing from one seed', () => {
    const board = leaderboard(three.filter(({ seed }) => seed === 1));
    expect(board.rows.every((row) => verdictOf(row, 'PPO-M').startsWith('above') === false)).toBe(true);
    expect(board.rows.map((row) => verdictOf(row, 'PPO-M')).filter(Boolean)).toEqual(
      Array(2).fill('one seed cannot tell'),
    );
    expect(board.sentences[0]).toContain('One seed cannot tell BW and BR from PPO-M');
    const column = columns.find(({ key }) => key === 'heldEnd')!;
    expect(cellText(column, board.rows[0].heldEnd)).toBe('0.711');
  });

  it.each([
    [2, 'two seeds cannot tell', /^Two seeds cannot tell BW from PPO-M/],
    [
      3,
      'the same over three seeds: not told apart from PPO-M',
      /^BW differs from PPO-M by the same over three seeds/,
    ],
  ] as const)('claims nothing from a difference that is the same in %i seeds', (count, verdict, sentence) => {
    const runs = seeds
      .slice(0, count)
      .flatMap((seed) => [run('PPO-M', seed, 0.5 + seed / 10), run('BW', seed, 0.6 + seed / 10)]);
    const board = leaderboard(runs);
    const bw = board.rows.find((row) => row.arm === 'BW')!;
    expect(verdictOf(bw, 'PPO-M')).toBe(verdict);
    expect(board.sentences[0]).toMatch(sentence);
    // No ± 0.000, and no interval in the file either.
    const column = columns.find(({ key }) => key === 'difference')!;
    expect(cellText(column, bw.difference)).toBe('+0.100');
    const { head, rows } = numberTable(board);
    const at = (name: string) => rows.find(([arm]) => arm === 'BW')![head.indexOf(name)];
    expect([at('difference low'), at('difference high'), at('told apart')]).toEqual([null, null, 'no']);
    expect(markdown('Mine', board)).not.toMatch(/(above|below) PPO-M/);
  });

  it('leaves the numbers of every other arm alone when runs go', () => {
    const without = leaderboard(three.filter(({ arm }) => arm !== 'BR'));
    const whole = leaderboard(three);
    for (const arm of ['PPO-M', 'BW']) {
      const row = (board: typeof whole) => board.rows.find((each) => each.arm === arm);
      expect(row(without)).toEqual(row(whole));
    }
  });

  it('writes intervals, not standard errors', () => {
    const board = leaderboard(three);
    const column = columns.find(({ key }) => key === 'heldEnd')!;
    // Three values 0.01 apart: standard error 0.01 / √3, times 4.303.
    expect(cellText(column, board.rows[1].heldEnd)).toBe('0.620 ± 0.025');
    const tokens = columns.find(({ key }) => key === 'updateTokens')!;
    expect(cellText(tokens, board.rows[0].updateTokens)).toBe('400 ± 0');
    expect(cellText(tokens, null)).toBe('–');
    const some = (mean: number, count = 3) => ({ mean, standardError: mean / 100, count });
    expect(cellText(tokens, some(32, 1))).toBe('32');
    expect(cellText(tokens, some(9600))).toBe('9,600 ± 413');
    expect(cellText(tokens, some(76_800))).toBe('76.8 ± 3.3 k');
  });

  it('gives the same numbers away as it shows', () => {
    const board = leaderboard(three);
    const { head, rows } = numberTable(board);
    const at = (arm: string, name: string) => rows.find((row) => row[0] === arm)![head.indexOf(name)];
    expect(at('BW', 'difference')).toBeCloseTo(0.102);
    expect(at('BW', 'difference low')).toBeGreaterThan(0);
    expect(at('BW', 'told apart')).toBe('yes');
    expect(at('BR', 'told apart')).toBe('no');
    expect(at('PPO-M', 'difference')).toBeNull();
    expect(rows.every((row) => row.length === head.length)).toBe(true);
    const text = markdown('Mine | yours', board);
    expect(text).toContain('## Mine | yours');
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(5);
  });
});
