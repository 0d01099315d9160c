/** The exported Python selects the page's rows, for every filter that has a Python form. */
import { describe, expect, it } from 'vitest';
import { type Filter, keepAll, type Sampler, select } from '../../core/filters/filter.ts';
import { selectPipeline } from '../../core/filters/pipeline.ts';
import type { PromptFilter } from '../../core/filters/promptFilter.ts';
import { stream } from '../../core/random.ts';
import { pythonFilter } from './pythonFilter.ts';
import { batch, drawing, imported, modules, named, python, rank, seeds } from './testing/python.ts';

const run = (texts: string[], data: unknown, body: string) =>
  python(modules(texts), data, `${imported(texts)}${body}`);

const filters: Filter[] = [
  rank('best-worst', 2),
  rank('best', 1),
  rank('uniform', keepAll),
  rank('best-random', 2),
  rank('worst-random', 2),
  rank('uniform', 2),
  rank('best-random', 3),
  rank('best-worst', 3),
  rank([0.5, 0, 0, 0, 0.5], 2),
  rank([0.4, 0.1, 0.1, 0.1, 0.1], 2),
  rank([0.31, 0.17, 0, 0.07, 0.45], 3),
  rank([0, 1, 0], 1),
  { kind: 'threshold', above: 0.3, below: null, otherwise: 0 },
  { kind: 'threshold', above: 0.25, below: -0.25, otherwise: 0 },
  { kind: 'threshold', above: null, below: null, otherwise: 1 },
  { kind: 'threshold', above: 0.1, below: null, otherwise: 0.5 },
  { kind: 'power', exponent: 2 },
  { kind: 'sign', passAt: 0.25, positives: 1, negatives: 0 },
  { kind: 'sign', passAt: 0, positives: 0.1, negatives: 1 },
  { kind: 'max-variance', keep: 1 },
  { kind: 'max-variance', keep: 2 },
  { kind: 'max-variance', keep: 3 },
  { kind: 'max-variance', keep: 4 },
  { kind: 'advantage', keep: 2 },
  { kind: 'advantage', keep: 3 },
  { kind: 'length', by: 'shortest', keep: 2 },
  { kind: 'length', by: 'reward-per-token', keep: 3 },
];

const promptFilters: PromptFilter[] = [
  { kind: 'contrast' },
  { kind: 'pass-rate', passAt: 0.5, low: 0, high: 1, ends: 'open' },
  { kind: 'pass-rate', passAt: 0, low: 0.25, high: 0.75, ends: 'closed' },
  { kind: 'variance-share', share: 1 },
  { kind: 'variance-share', share: 0.6 },
  { kind: 'variance-share', share: 0 },
  { kind: 'variance-count', count: 7 },
  { kind: 'variance-count', count: 1000 },
];

/** Groups of 1 to 9; rewards with many ties, with few, with none, and all equal. */
const batches = [batch(1, 4), batch(2, 8), batch(3, 100_000), batch(4, 1), batch(5, 2)];
/** One of each kind: what a prompt filter leaves is numbered anew for all of them alike. */
const afterPrompts = filters.filter(
  (filter, i) => filters.findIndex(({ kind }) => kind === filter.kind) === i && filter.kind !== 'power',
);
const asData = batches.map(({ reward, group, length }) => ({
  reward: [...reward],
  group: [...group],
  length: [...length],
}));
const selectAll =
  'print(json.dumps([[m.select(b["reward"], b["group"], lengths=b["length"]) for b in data] for m in modules]))';

describe('the rows that the page selects', () => {
  it.each([null, ...promptFilters])('with the prompts %j', (prompts) => {
    const tried = prompts === null ? filters : afterPrompts;
    const texts = tried.map((filter) => pythonFilter(named(filter, { prompts })));
    const result = run(texts, asData, selectAll) as number[][][];
    tried.forEach((filter, f) => {
      batches.forEach((one, b) => {
        const rows = selectPipeline({ prompts, filter, sampler: 'keep' }, one, seeds.tie, drawing());
        expect(result[f][b], `${JSON.stringify(filter)}, batch ${b}`).toEqual([...rows]);
      });
    });
  });

  it('rewards are rounded to single precision before they are compared', () => {
    const reward = [0.1, 0.1 + 1e-12, 0.1 - 1e-12, 0];
    const one = { reward: Float32Array.from(reward), group: new Int32Array(4) };
    for (const filter of [rank('best', 1), { kind: 'max-variance', keep: 2 } as const]) {
      const rows = run([pythonFilter(named(filter))], reward, 'print(json.dumps(m0.select(data, [7] * 4)))');
      const pipeline = { prompts: null, filter, sampler: 'keep' as const };
      expect(rows).toEqual([...selectPipeline(pipeline, one, seeds.tie, drawing())]);
    }
  });
});

it('the other samplers draw with the same probabilities', () => {
  const one = {
    reward: Float32Array.of(0.9, 0.1, -0.7, 0.4, 0.2, -0.3),
    group: Int32Array.of(0, 0, 0, 0, 1, 1),
    length: Int32Array.of(3, 1, 4, 1, 5, 9),
  };
  const cases: [Filter, Sampler][] = [
    [rank('best-worst', 2), 'draw'],
    [rank('best-random', 2), 'resample'],
    [{ kind: 'power', exponent: 2 }, 'resample'],
    [{ kind: 'threshold', above: 0.15, below: null, otherwise: 0.25 }, 'draw'],
    [{ kind: 'sign', passAt: 0.15, positives: 1, negatives: 0.25 }, 'resample'],
    [{ kind: 'max-variance', keep: 3 }, 'draw'],
    [{ kind: 'advantage', keep: 2 }, 'resample'],
  ];
  const texts = cases.map(([filter, sampler]) => pythonFilter(named(filter, { sampler })));
  const counts = run(
    texts,
    [...one.reward],
    `from collections import Counter
groups = ["a", "a", "a", "a", "b", "b"]
out = []
for m in modules:
    c = Counter()
    for s in range(2000):
        c.update(m.select(data, groups, seed=s))
    out.append([c[i] / 2000 for i in range(6)])
print(json.dumps(out))`,
  ) as number[][];
  cases.forEach(([filter, sampler], i) => {
    const uses = new Float64Array(6);
    for (let seed = 0; seed < 2000; seed++) {
      for (const row of select(filter, sampler, one, stream(seed))) uses[row] += 1 / 2000;
    }
    for (let row = 0; row < 6; row++) expect(Math.abs(uses[row] - counts[i][row])).toBeLessThan(0.1);
  });
});

it('what cannot be selected from is said, and an empty batch is none', () => {
  const texts = [
    pythonFilter(named(rank('best-worst', 2))),
    pythonFilter(named({ kind: 'power', exponent: 1 })),
    pythonFilter(named({ kind: 'length', by: 'shortest', keep: 1 })),
    pythonFilter(named(rank('best', 1), { prompts: { kind: 'variance-share', share: 0.5 } })),
  ];
  const result = run(
    texts,
    null,
    `def said(work):
    try:
        return work()
    except ValueError as error:
        return str(error)
print(json.dumps([
    said(lambda: m0.select([0.0, float("nan")], [1, 1])),
    said(lambda: m0.select([0.0], [1, 1])),
    said(lambda: m2.select([0.0], [1])),
    [m.select([], []) for m in modules], m1.select([0, 0], [1, 1]), m3.select([1, 1], [1, 1])]))`,
  );
  expect(result).toEqual([
    'The reward of row 1 is nan; it cannot be ranked.',
    'There are 1 rewards for 2 groups.',
    'This filter looks at the length of responses: pass lengths, in tokens.',
    [[], [], [], []],
    [],
    [],
  ]);
});

it('a custom filter is JavaScript and has no Python form', () => {
  expect(() => pythonFilter(named({ kind: 'custom', source: 'x' }))).toThrow(TypeError);
});
