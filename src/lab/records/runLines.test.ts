import { describe, expect, it } from 'vitest';
import type { Problem } from '../../tasks/problem.ts';
import { encodeProgram } from '../../tasks/tokenizer.ts';
import { metricKeys, metrics } from './metrics.ts';
import type { IterationRecord } from './record.ts';
import { metricLines, rolloutRows } from './runLines.ts';

const problem = (id: string): Problem => ({
  id,
  prompt: `do ${id}`,
  entry: 'f',
  parameters: ['xs'],
  tests: [],
  reference: '',
  tier: 1,
});
const programs = ['return xs', 'return xs .reverse()', 'return a'].map(encodeProgram);
const cut = programs[2].slice(0, -1);
const tokens = Uint16Array.from([...programs[0], ...programs[1], ...cut]);
const record: IterationRecord = {
  iteration: 4,
  metrics: { rewardPi: 0.5, kl: 1.25, seconds: 12.5, updateMs: 40 },
  samples: {
    problem: Int32Array.of(1, 1, 0),
    group: Int32Array.of(0, 0, 1),
    starts: Int32Array.of(0, 3, 7, 9),
    tokens,
    logProb: Float32Array.from(tokens, (_, i) => -i / 7),
    refLogProb: new Float32Array(tokens.length),
    reward: Float32Array.of(0.1, 0.9, -0.5),
    score: Float32Array.of(0.25, 1, Number.NaN),
    status: new Uint8Array(3),
    uses: Uint16Array.of(0, 2, 1),
  },
};
const run = { arm: 'BW', seed: 7 };

describe('metricLines', () => {
  it('keeps what the clock says apart from what the seed determines', () => {
    const { metrics: line, timing } = metricLines(run, 'iteration', record);
    expect(JSON.parse(line)).toEqual({
      arm: 'BW',
      seed: 7,
      step: 4,
      kind: 'iteration',
      data: { rewardPi: 0.5, kl: 1.25 },
    });
    expect(JSON.parse(timing!).data).toEqual({ seconds: 12.5, updateMs: 40 });
    expect(line.endsWith('}\n')).toBe(true);
  });

  it('writes every metric exactly once, in the order of the table', () => {
    const all = Object.fromEntries([...metricKeys].reverse().map((key, i) => [key, i]));
    const { metrics: line, timing } = metricLines(run, 'evaluation', { iteration: 0, metrics: all });
    const written = [...Object.keys(JSON.parse(line).data), ...Object.keys(JSON.parse(timing!).data)];
    expect(written.toSorted()).toEqual(metricKeys.toSorted());
    expect(Object.keys(JSON.parse(line).data)).toEqual(
      metricKeys.filter((key) => !('clock' in metrics[key])),
    );
  });

  it('has no line of timing when nothing was timed', () => {
    expect(metricLines(run, 'evaluation', { iteration: 0, metrics: { heldPass: 0.3 } }).timing).toBeNull();
  });
});

describe('rolloutRows', () => {
  const rows = rolloutRows(run, record, [problem('p0'), problem('p1')], { tokens: true });

  it('numbers responses per prompt, ranks them in their group, and says how they ended', () => {
    expect(rows.map((row) => [row.prompt_id, row.sample, row.rank, row.kept, row.uses])).toEqual([
      ['p1', 0, 2, false, 0],
      ['p1', 1, 1, true, 2],
      ['p0', 0, 1, true, 1],
    ]);
    expect(rows.map((row) => row.response)).toEqual(['return xs', 'return xs .reverse()', 'return a']);
    expect(rows.map((row) => row.finish_reason)).toEqual(['stop', 'stop', 'length']);
    expect(rows[1]).toMatchObject({ format: 'pfrollout/1', arm: 'BW', seed: 7, step: 4, prompt: 'do p1' });
  });

  it('writes an unknown score as null and rewards without float32 noise', () => {
    expect(rows.map((row) => row.score)).toEqual([0.25, 1, null]);
    expect(rows.map((row) => row.reward)).toEqual([0.1, 0.9, -0.5]);
  });

  it('adds token columns of equal length only when asked', () => {
    expect(rows[1].response_tokens).toEqual(['return', 'xs', '.reverse()', '<end>']);
    for (const row of rows) {
      expect(row.logprobs).toHaveLength(row.response_tokens!.length);
      expect(row.ref_logprobs).toHaveLength(row.response_tokens!.length);
    }
    const [bare] = rolloutRows(run, record, [problem('p0'), problem('p1')], { tokens: false });
    expect(Object.keys(bare)).not.toContain('logprobs');
  });
});
