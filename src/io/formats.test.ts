/** Files as trainers write them, one of each kind: what is read in them, and that it comes back from an export. */
import { describe, expect, it } from 'vitest';
import { lookAt } from './files/lookAt.ts';
import { type ImportedRollouts, importRollouts } from './importRollouts.ts';
import { exportKept } from './kept/exportKept.ts';
import { readRow } from './rows/readRows.ts';
import { formatFiles, textFile } from './testing/files.ts';
import { trained } from './trained.ts';

interface Expected {
  format: string;
  rows: number;
  groups: number;
  reward: string;
  score: string | null;
  /** Prompt and response of a row. */
  row: [number, string, string];
  /** What is said of the rows. */
  warning?: string;
}

const formats: Record<string, Expected> = {
  'ms-swift-megatron.jsonl': {
    ...{ format: 'ms-swift', rows: 32, groups: 8, reward: 'RewardModel', score: null },
    row: [16, 'What is 3 plus 4?', 'The sum is'],
  },
  'ms-swift-ray.jsonl': {
    ...{ format: 'ms-swift', rows: 32, groups: 8, reward: 'reward', score: null },
    row: [31, 'What is 2 plus 2?', 'The sum is'],
  },
  'train_data_step7.jsonl': {
    // The rewards of the batch before dynamic sampling stand in other rows.
    ...{ format: 'nemo-rl', rows: 16, groups: 4, reward: 'filtered_rewards', score: null },
    row: [4, 'What is 5 plus 8?', 'The sum is'],
    warning: 'The trainer itself left out 2 of 16 responses.',
  },
  'gsm8k.jsonl': {
    ...{ format: 'skyrl', rows: 16, groups: 4, reward: 'sum(score)', score: 'env_extras.acc' },
    row: [8, 'What is 9 plus 1?', 'The sum is'],
  },
  'results.jsonl': {
    ...{ format: 'verifiers-results', rows: 16, groups: 4, reward: 'reward', score: 'metrics.correct' },
    row: [8, 'What is 9 plus 1?', 'The sum is'],
  },
  'areal/': {
    ...{ format: 'areal', rows: 12, groups: 3, reward: 'reward', score: null },
    row: [8, '<|user|>What is 9 plus 1?<|assistant|>', 'The sum is'],
  },
  'rollout_dump_data.step_3.jsonl': {
    ...{ format: 'roll', rows: 16, groups: 4, reward: 'scores', score: null },
    row: [8, 'What is 9 plus 1?', 'The sum is'],
  },
  'rllm/': {
    ...{ format: 'rllm', rows: 12, groups: 4, reward: 'reward', score: 'is_correct' },
    row: [6, 'What is 9 plus 1?', 'The sum is'],
  },
  'inspect-log.json': {
    ...{ format: 'inspect', rows: 15, groups: 4, reward: 'scores.match', score: null },
    row: [14, 'What is 2 plus 2?', 'The sum is'],
  },
  'unipo.json': {
    ...{ format: 'unipo', rows: 32, groups: 8, reward: 'reward', score: null },
    row: [31, 'What is 2 plus 2?', 'The sum is'],
  },
  'generated_samples.table.json': {
    ...{ format: 'openrlhf-table', rows: 8, groups: 8, reward: 'reward', score: null },
    row: [0, 'What is 3 plus 4?', 'The sum is'],
    warning: '8 of 8 groups hold one response',
  },
  'completions.table.json': {
    ...{ format: 'trl', rows: 16, groups: 4, reward: 'reward_model', score: 'unit_tests' },
    row: [8, 'What is 9 plus 1?', 'The sum is'],
  },
  'rlhf-book.jsonl': {
    ...{ format: 'other', rows: 12, groups: 4, reward: 'rewards', score: null },
    row: [3, 'What is 5 plus 8?', '13'],
  },
  'slime.jsonl': {
    ...{ format: 'slime', rows: 16, groups: 4, reward: 'reward', score: null },
    row: [8, 'What is 9 plus 1?', 'The sum is'],
    warning: 'The trainer itself left out 2 of 16 responses.',
  },
};

describe.each(Object.entries(formats))('%s', (name, expected) => {
  it('is read, row by row', async () => {
    const files = await formatFiles(name);
    const result = await importRollouts(files);
    const { format, rows, groups, reward, score, row, warning } = expected;
    expect(result.files[0]).toMatchObject({ format, mapping: { reward, score } });
    expect([result.columns.reward.length, new Set(result.columns.group).size]).toEqual([rows, groups]);
    const read = await readRow(files, result, row[0]);
    expect(read?.prompt).toContain(row[1]);
    expect(read?.response).toContain(row[2]);
    if (warning) expect(result.warnings.join(' ')).toContain(warning);
  });

  it('comes back from an export', async () => {
    const files = await formatFiles(name);
    const result = await importRollouts(files);
    const all = Int32Array.from(result.columns.reward.keys());
    const blob = await exportKept(files, result, all, { format: 'jsonl', tieSeed: 1 });
    const again = await importRollouts([{ name: 'kept.jsonl', blob }]);
    expect([...again.columns.reward]).toEqual([...result.columns.reward]);
    expect(new Set(again.columns.group).size).toBe(new Set(result.columns.group).size);
  });
});

describe('prime-rl: the batch that trains beside all episodes', () => {
  const import_ = async (pick: (path: string) => boolean, reverse = false) => {
    const files = (await formatFiles('prime-rl/')).filter(({ path }) => pick(path!));
    return importRollouts(reverse ? files.reverse() : files);
  };
  const states = ({ columns }: ImportedRollouts, step: number) =>
    [...columns.trained!].filter((_, row) => columns.step[row] === step);

  it.each([false, true])('an episode of both is one row, whichever is read first (%s)', async (reverse) => {
    const result = await import_(() => true, reverse);
    expect(result.columns.reward.length).toBe(32);
    expect(new Set(result.columns.group).size).toBe(8);
    const left = states(result, 4).filter((state) => state === trained.no).length;
    // One group whole, and the last response of each other.
    expect(left).toBe(7);
    // A step without its batch says nothing of what was left out.
    expect(new Set(states(result, 5))).toEqual(new Set([trained.unknown]));
    expect(result.warnings.join(' ')).toContain(
      'The trainer itself left out 7 of 32 responses, 1 of 4 groups whole.',
    );
  });

  it('either alone says nothing of what was left out', async () => {
    const all = await import_((path) => path.includes('/all/'));
    expect([all.columns.reward.length, all.columns.trained]).toEqual([32, null]);
    const batch = await import_((path) => path.includes('/effective/'));
    expect(batch.columns.reward.length).toBe(9);
    expect(new Set(batch.columns.trained)).toEqual(new Set([trained.yes]));
  });

  it('a batch from which nothing was left out is no copy of the episodes', async () => {
    const [all] = await formatFiles('prime-rl/');
    const batch = { ...all, path: all.path!.replace('/all/', '/effective/') };
    expect((await lookAt([all, batch])).failures).toEqual([]);
    const { columns } = await importRollouts([all, batch]);
    expect(new Set(columns.trained)).toEqual(new Set([trained.yes]));
  });
});

it('what was kept in a run of ours is known when it comes back', async () => {
  const row = (sample: number, kept: unknown) => ({
    ...{ format: 'pfrollout/1', step: 1, prompt_id: 'a', sample, reward: sample, kept },
  });
  const rows = [true, false, null, 'false'].map((kept, i) => JSON.stringify(row(i, kept)));
  const { columns } = await importRollouts([textFile(rows.join('\n'))]);
  const { yes, no, unknown } = trained;
  expect([...columns.trained!]).toEqual([yes, no, unknown, no]);
});

it('SkyRL writes its means beside the responses: that file is named and left out', async () => {
  const files = [...(await formatFiles('gsm8k.jsonl')), ...(await formatFiles('aggregated_results.jsonl'))];
  const { forms } = await lookAt(files);
  expect(forms.map(({ inspection, strange }) => [inspection.name, strange !== null])).toEqual([
    ['gsm8k.jsonl', false],
    ['aggregated_results.jsonl', true],
  ]);
});
