/** What is exported comes back as it was: the same rows, rewards, scores, prompts and groups, from files of every kind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImportedRollouts, importRollouts } from './importRollouts.ts';
import type { NamedBlob } from './inspect.ts';
import { exportKept } from './kept/exportKept.ts';
import { caseFile, jsonLines, textFile } from './testing/files.ts';
import { writeParquet } from './testing/parquetWriter.ts';

const named = (file: NamedBlob, name: string): NamedBlob => ({ ...file, name });
const product = <T>(
  steps: number,
  prompts: number,
  size: number,
  row: (at: { step: number; prompt: number; sample: number; reward: number }) => T,
) =>
  Array.from({ length: steps * prompts * size }, (_, i) =>
    row({
      step: Math.floor(i / (prompts * size)),
      prompt: Math.floor(i / size) % prompts,
      sample: i % size,
      reward: ((i * 37) % 101) / 8,
    }),
  );

/** Every format that is recognised, and mappings that are guessed. */
const sources: Record<string, () => Promise<NamedBlob[]> | NamedBlob[]> = {
  'verl, legacy': () => [
    jsonLines(
      product(3, 4, 4, ({ step, prompt, sample, reward }) => ({
        input: `q${prompt}`,
        output: `a, "${sample}"\n`,
        score: reward,
        step,
        acc: sample % 2,
        data_source: 'x',
      })),
    ),
  ],
  'verl, a file for each step': () =>
    [10, 20].map((step) =>
      jsonLines(
        product(1, 4, 4, ({ prompt, reward }) => ({
          input: `q${prompt}`,
          output: '=1+1',
          score: reward,
          gts: null,
        })),
        `${step}.jsonl`,
      ),
    ),
  'verl V1': async () => [named(await caseFile('sessions.jsonl'), '20.jsonl')],
  'verl with prompt_id': async () => [await caseFile('verl-with-prompt-id.jsonl')],
  TRL: () => [
    {
      name: 'completions_00005.parquet',
      blob: writeParquet([
        { name: 'step', values: Array(8).fill(5) },
        { name: 'prompt', values: product(1, 2, 4, ({ prompt }) => `q${prompt}`) },
        { name: 'completion', values: product(1, 2, 4, ({ sample }) => `a${sample}`) },
        { name: 'rm', values: product(1, 2, 4, ({ reward }) => reward) },
        { name: 'unit_tests', values: product(1, 2, 4, ({ sample }) => sample % 2) },
        { name: 'advantage', values: product(1, 2, 4, ({ reward }) => reward - 1) },
      ]),
    },
  ],
  'RL Logging Board': () => [
    jsonLines(
      product(2, 3, 4, ({ step, prompt, reward }) => ({
        prompt: `q${prompt}`,
        response: 'a',
        reward,
        step,
        logprobs: [-1, -2],
      })),
    ),
  ],
  'open-instruct': async () => [await caseFile('stranger/run7_rollouts_000000.jsonl')],
  'OpenRLHF, steps in the names of files': () =>
    Promise.all([1, 2, 3].map((i) => caseFile(`named-steps/iter_${i}.jsonl`))),
  'files without a step, apart': () =>
    ['a', 'b'].map((name) =>
      jsonLines(
        product(1, 3, 4, ({ prompt, reward }) => ({ input: `q${prompt}`, output: 'a', reward })),
        `${name}.jsonl`,
      ),
    ),
  'NeMo-RL': async () => [named(await caseFile('lists-of-one.jsonl'), 'train_data_step3.jsonl')],
  'ms-swift': async () => [await caseFile('column-tables.jsonl')],
  Tinker: async () => [await caseFile('group-idx.jsonl')],
  verifiers: async () => [await caseFile('traces.jsonl')],
  'our own, arms and seeds': () => [
    jsonLines(
      ['BW', 'BoN'].flatMap((arm) =>
        [1, 2].flatMap((seed) =>
          product(2, 3, 4, ({ step, prompt, sample, reward }) => ({
            format: 'pfrollout/1',
            arm,
            seed,
            step,
            prompt_id: `p${prompt}`,
            sample,
            prompt: `do ${prompt}`,
            response: 'r',
            reward,
            score: sample / 4,
            uses: 1,
            rank: 1,
          })),
        ),
      ),
    ),
  ],
  'CSV by columns': () => [
    textFile(
      `qid;iteration;rm;passed;completion\n${product(2, 3, 4, ({ step, prompt, sample, reward }) => `${prompt};${step};${reward};${sample % 2};"x;\n${sample}"`).join('\n')}`,
      'eval.csv',
    ),
  ],
};

/** Which rows are together, whatever the numbers; each set by its first row. */
const together = (names: ArrayLike<number>) => {
  const first = new Map<number, number>();
  return Array.from(names, (name, row) => {
    if (!first.has(name)) first.set(name, row);
    return first.get(name);
  });
};
const meaning = ({ columns: { reward, score, group, prompt, step } }: ImportedRollouts) => ({
  reward: [...reward],
  score: score && [...score],
  groups: together(group),
  prompts: together(prompt),
  step: [...step],
});

async function back(
  files: NamedBlob[],
  imported: ImportedRollouts,
  format: 'jsonl' | 'csv',
  kept: Int32Array,
) {
  const blob = await exportKept(files, imported, kept, { format, tieSeed: 1 });
  return importRollouts([{ name: `kept.${format}`, blob }]);
}

describe.each(Object.entries(sources))('%s', (_, open) => {
  it.each(['jsonl', 'csv'] as const)('comes back from %s', async (format) => {
    const files = await open();
    const imported = await importRollouts(files);
    expect(imported.columns.reward.length).toBeGreaterThan(7);
    const again = await back(files, imported, format, Int32Array.from(imported.columns.reward.keys()));
    expect(again.dropped).toEqual([]);
    expect(again.files[0].format).toBe('pfrollout/1');
    expect(meaning(again)).toEqual(meaning(imported));
  });
});

it('any kept rows come back, in the groups that they had', async () => {
  const files = await sources['our own, arms and seeds']();
  const imported = await importRollouts(files);
  const rows = imported.columns.reward.length;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: rows - 1 }), { minLength: 3, maxLength: rows }),
      fc.constantFrom('jsonl', 'csv'),
      async (chosen, format) => {
        const kept = Int32Array.from(chosen).sort();
        const again = await back(files, imported, format, kept);
        const whole = meaning(imported);
        expect(again.dropped).toEqual([]);
        expect([...again.columns.reward]).toEqual(Array.from(kept, (row) => whole.reward[row]));
        expect(together(again.columns.group)).toEqual(
          together(Array.from(kept, (row) => imported.columns.group[row])),
        );
      },
    ),
    { numRuns: 60 },
  );
});
