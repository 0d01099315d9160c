/** The rollouts of runs, as the experiment, `exportRun()` and the kept rows write them, come back with their groups. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random.ts';
import { sizesInWords, sizesOf } from '../../../io/grouping/sizes.ts';
import { importRollouts } from '../../../io/importRollouts.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { encodeProgram } from '../../../tasks/tokenizer.ts';
import type { IterationRecord } from '../../records/record.ts';
import { type RolloutRow, rolloutRows } from '../../records/runLines.ts';
import { analyze } from '../analysis/analyze.ts';
import { keptRows } from './keptRows.ts';

const size = 5;
const program = encodeProgram('return xs');
const problems = ['a', 'b', 'c'].map(
  (id): Problem => ({
    id,
    prompt: `do ${id}`,
    entry: 'f',
    parameters: ['xs'],
    tests: [],
    reference: '',
    tier: 1,
  }),
);

/** An iteration over the given problems, a group each; a problem may come twice. */
function iteration(number: number, chosen: readonly number[], seed: number): IterationRecord {
  const rows = chosen.length * size;
  const rng = stream(seed, 'round trip', number);
  const each = <T>(of: (row: number) => T) => Array.from({ length: rows }, (_, row) => of(row));
  return {
    iteration: number,
    metrics: {},
    samples: {
      problem: Int32Array.from(each((row) => chosen[Math.floor(row / size)])),
      group: Int32Array.from(each((row) => Math.floor(row / size))),
      starts: Int32Array.from({ length: rows + 1 }, (_, row) => row * program.length),
      tokens: Uint16Array.from(each(() => [...program]).flat()),
      logProb: new Float32Array(rows * program.length),
      refLogProb: new Float32Array(rows * program.length),
      reward: Float32Array.from(each(() => rng.normal())),
      score: Float32Array.from(each((row) => (row % 3) / 2)),
      status: new Uint8Array(rows),
      uses: Uint16Array.from(each((row) => row % 2)),
    },
  };
}

const iterations = (seed: number) => [iteration(1, [0, 1, 0], seed), iteration(2, [2, 2, 1], seed)];
const runs = ['BW', 'BoN'].flatMap((arm) => [1, 2].map((seed) => ({ arm, seed })));
const written = (options: { tokens: boolean }): RolloutRow[] =>
  runs.flatMap((run) =>
    iterations(run.seed).flatMap((record) => rolloutRows(run, record, problems, options)),
  );

async function read(text: string, name: string) {
  const { columns, dropped, questions } = await importRollouts([{ name, blob: new Blob([text]) }]);
  const { group, prompt, reward } = columns;
  const groups = sizesInWords(sizesOf(group.length, (row) => group[row]));
  return { groups, prompts: new Set(prompt).size, reward: [...reward], dropped, questions };
}

describe('rollouts of several arms and seeds', () => {
  const expected = { groups: `24 groups of ${size}`, prompts: 3, dropped: [], questions: [] };

  it.each([true, false])('come back from their lines, tokens %s', async (tokens) => {
    const rows = written({ tokens });
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const back = await read(text, 'rollouts.jsonl');
    expect(back).toMatchObject(expected);
    expect(back.reward).toEqual(rows.map((row) => Math.fround(row.reward!)));
  });

  it('are analysed in the same groups from a script', () => {
    const rows = written({ tokens: false }).map((row) => ({ ...row, reward: row.reward! }));
    expect(analyze(rows, { filters: ['none'], bootstrap: 0 })).toMatchObject({
      rows: 120,
      groups: 24,
      prompts: 3,
    });
    // The seed of a sampler, another in each row, tells no run.
    const sampled = rows
      .filter(({ arm, seed }) => arm === 'BW' && seed === 1)
      .map((row, i) => ({ ...row, seed: i }));
    expect(analyze(sampled, { filters: ['none'], bootstrap: 0 })).toMatchObject({ rows: 30, groups: 6 });
  });

  it.each(['jsonl', 'csv'] as const)('come back from the kept rows of a run as %s', async (format) => {
    const all = Int32Array.from({ length: 6 * size }, (_, row) => row);
    const text = keptRows(runs[0], iterations(1), problems, all, format);
    expect(await read(text, `kept.${format}`)).toMatchObject({ ...expected, groups: `6 groups of ${size}` });
    const two = all.filter((row) => row % size < 2);
    const best = keptRows(runs[0], iterations(1), problems, two, format);
    expect(await read(best, `kept.${format}`)).toMatchObject({ ...expected, groups: '6 groups of 2' });
  });
});
