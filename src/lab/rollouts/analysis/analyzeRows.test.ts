import { describe, expect, it } from 'vitest';
import { Analyst, type AnalystCommand } from './analyst.ts';
import { type AnalysisRow, type AnalyzeOptions, analyze } from './analyze.ts';
import { type AnalystPort, analyzeRows } from './analyzeRows.ts';

/** An analyst behind a port that copies messages as a worker does. */
function port(): AnalystPort {
  const made: AnalystPort = {
    onmessage: null,
    onerror: null,
    terminate() {},
    postMessage: (command: AnalystCommand) => analyst.handle(structuredClone(command)),
  };
  const analyst = new Analyst((event) =>
    made.onmessage?.call(made as Worker, { data: structuredClone(event) } as MessageEvent),
  );
  return made;
}
const inWorker = (rows: readonly AnalysisRow[], options?: AnalyzeOptions) => analyzeRows(rows, options, port);

const rows = Array.from({ length: 12_000 }, (_, i) => ({
  prompt_id: i >> 3,
  sample: i % 8,
  step: i % 3 === 0 ? 1 : 2,
  reward: ((i * 37) % 61) / 61,
  score: i % 5 === 0 ? null : (i * 37) % 61 > 30 ? 1 : 0,
}));

describe('analyze in a worker', () => {
  it('gives what analyze gives, in more than one part', async () => {
    const options = { filters: ['none', 'bw', 'top'], bootstrap: 40, seed: 3 };
    expect(await inWorker(rows, options)).toEqual(analyze(rows, options));
  });

  it('drops odd rows for the same reasons', async () => {
    const odd = [
      null,
      'text',
      7,
      {},
      { prompt_id: {}, reward: 1 },
      { prompt_id: 1, reward: '1' },
      { prompt_id: 1, reward: Number.NaN },
      { prompt_id: 1, reward: 1e39 },
      { prompt_id: 1, reward: 1, score: Number.POSITIVE_INFINITY },
      { prompt_id: 1, reward: 1, score: 'high' },
      { prompt_id: 1, reward: 1, score: { value: 1 } },
      { prompt_id: 1, reward: 1, score: 1, more: () => 1 },
    ] as unknown as AnalysisRow[];
    expect(await inWorker(odd)).toEqual(analyze(odd));
    expect((await inWorker(odd)).dropped).toHaveLength(11);
  });

  it('adds a reward up out of columns, as analyze does', async () => {
    const parts = rows.map(({ reward, ...row }, i) => ({
      ...row,
      rm: i % 7 === 0 ? null : reward,
      format: i % 3 === 0 ? undefined : i % 2 === 0,
      'v2.1': i === 5 ? 'high' : 0,
      tokens: i % 50 === 0 ? [0.5, 'x'] : [0.25, -0.25, 1],
      step: i % 2,
    }));
    for (const reward of ['rm + 0.5*format', 'rm - v2.1', 'sum(tokens) + rm']) {
      const options = { filters: ['none', 'bw'], bootstrap: 20, reward };
      const here = analyze(parts, options);
      expect(await inWorker(parts, options)).toEqual(here);
      expect(here.rows).toBeGreaterThan(8000);
    }
    const two = await inWorker(parts, { filters: ['none'], bootstrap: 0, reward: 'rm + 0.5*format' });
    const abstain = rows.filter((_, i) => i % 21 === 0).length;
    expect(two.dropped).toHaveLength(abstain);
    expect(two.dropped[0]).toEqual({ row: 0, reason: 'every column of the reward abstains' });
    const sum = rows.reduce(
      (total, { reward }, i) => total + (i % 7 === 0 ? 0 : reward) + (i % 3 === 0 || i % 2 === 1 ? 0 : 0.5),
      0,
    );
    expect(two.filters.none.meanReward).toBeCloseTo(sum / (rows.length - abstain), 5);
    await expect(inWorker(parts, { reward: 'rm + fromat' })).rejects.toThrow(/no column begins “fromat”/);
    await expect(inWorker(parts, { reward: 3 as never })).rejects.toThrow(TypeError);
  });

  it('passes on what is wrong with the options, as the error that it is', async () => {
    await expect(inWorker(rows, { groups: 1 })).rejects.toThrow(RangeError);
    await expect(inWorker(rows, { filters: [{} as never] })).rejects.toThrow(TypeError);
    await expect(inWorker('rows' as never)).rejects.toThrow(/must be an array/);
  });
});
