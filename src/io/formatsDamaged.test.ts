/** Damaged files of every kind: a bad row costs itself, and a file in which nothing can be read says why. */
import { expect, it } from 'vitest';
import { ImportError } from './importError.ts';
import { importRollouts } from './importRollouts.ts';
import { formatText as text, textFile } from './testing/files.ts';

/** What was dropped, or the sentence that refuses the file. */
async function outcome(content: string, name: string): Promise<string[]> {
  try {
    const { columns, dropped } = await importRollouts([textFile(content, name)]);
    return [`${columns.reward.length} rows`, ...dropped.map(({ reason, count }) => `${count} ${reason}`)];
  } catch (cause) {
    if (!(cause instanceof ImportError)) throw cause;
    return [cause.message];
  }
}

/** A file in which the first record, or the whole document, was changed. */
function damaged(name: string, change: (record: never) => unknown): string {
  const content = text(name);
  const [first, ...others] = name.endsWith('.json') ? [content] : content.trimEnd().split('\n');
  // Python writes NaN, which JSON does not know.
  const record = JSON.parse(first.replaceAll('NaN', 'null')) as never;
  return [JSON.stringify(change(record)), ...others].join('\n');
}

type Row = Record<string, unknown>;
type Lists = Record<string, unknown[]>;
type Log = { samples: Row[] };
type Run = { entries: { prompts: { responses: Row[] }[] }[] };
const without = (row: Row, name: string) =>
  Object.fromEntries(Object.entries(row).filter(([key]) => key !== name));
const cases: [string, string, string, string][] = [
  [
    'ms-swift, Megatron',
    'ms-swift-megatron.jsonl',
    damaged('ms-swift-megatron.jsonl', (t: Lists) => ({ ...t, RewardModel: t.RewardModel.slice(1) })),
    '16 rows · 1 a table with columns of unequal length (completion 16, RewardModel 15)',
  ],
  [
    'ms-swift, Megatron',
    'ms-swift-megatron.jsonl',
    damaged('ms-swift-megatron.jsonl', (t: Lists) => ({
      ...t,
      RewardModel: t.RewardModel.map((_, i) => (i === 0 ? null : 0.5)),
    })),
    '31 rows · 1 left out by its trainer: every reward is null',
  ],
  [
    'ms-swift, Megatron',
    'ms-swift-megatron.jsonl',
    `${text('ms-swift-megatron.jsonl')}{"gen_step": [2, 2`,
    '32 rows · 1 a JSON object without its end (the file ends here: it may be cut off)',
  ],
  [
    'ms-swift, Ray',
    'ms-swift-ray.jsonl',
    damaged('ms-swift-ray.jsonl', (row: Row) => ({ ...row, reward: 'high' })),
    '31 rows · 1 the reward (reward) is not a number',
  ],
  [
    'ms-swift, Ray',
    'ms-swift-ray.jsonl',
    damaged('ms-swift-ray.jsonl', (row: Row) => without(row, 'prompt')),
    '31 rows · 1 the group (prompt) is missing',
  ],
  [
    'ms-swift, Ray',
    'ms-swift-ray.jsonl',
    damaged('ms-swift-ray.jsonl', (row: Row) => ({ ...row, gen_step: null })),
    '31 rows · 1 the step (gen_step) is not a number',
  ],
  [
    'NeMo-RL',
    'train_data_step7.jsonl',
    damaged('train_data_step7.jsonl', (row: Row) => ({ ...row, filtered_rewards: [0.5, 0.25] })),
    '15 rows · 1 filtered_rewards holds 2 values where a list of one is expected',
  ],
  [
    'NeMo-RL',
    'train_data_step7.jsonl',
    damaged('train_data_step7.jsonl', (row: Row) => ({ ...row, content: 'What is 3 plus 4?' })),
    '15 rows · 1 content is not one list of texts',
  ],
  [
    'NeMo-RL',
    'train_data_step7.jsonl',
    damaged('train_data_step7.jsonl', (row: Row) => ({ ...row, filtered_rewards: [null] })),
    '15 rows · 1 the reward (filtered_rewards) is missing',
  ],
  [
    'SkyRL',
    'gsm8k.jsonl',
    damaged('gsm8k.jsonl', (row: Row) => ({ ...row, score: [0.1, 'x'] })),
    '15 rows · 1 the reward (score) is not a number',
  ],
  [
    'SkyRL',
    'gsm8k.jsonl',
    damaged('gsm8k.jsonl', (row: Row) => ({ ...row, score: [] })),
    '15 rows · 1 the reward (sum(score)) is missing',
  ],
  [
    'SkyRL',
    'gsm8k.jsonl',
    damaged('gsm8k.jsonl', (row: Row) => without(row, 'input_prompt')),
    '15 rows · 1 the group (input_prompt) is missing',
  ],
  [
    'verifiers, results',
    'results.jsonl',
    damaged('results.jsonl', (row: Row) => ({ ...row, error: { error: 'TimeoutError' } })),
    '15 rows · 1 a rollout that failed (it has an error)',
  ],
  [
    'verifiers, results',
    'results.jsonl',
    damaged('results.jsonl', (row: Row) => ({ ...row, reward: null })),
    '15 rows · 1 the reward (reward) is missing',
  ],
  [
    'verifiers, results',
    'results.jsonl',
    damaged('results.jsonl', (row: Row) => without(row, 'example_id')),
    '15 rows · 1 the group (example_id) is missing',
  ],
  [
    'AReaL',
    '40.jsonl',
    damaged('areal/6/40.jsonl', (row: Row) => ({ ...row, reward: {} })),
    '3 rows · 1 the reward (reward) is not a number',
  ],
  [
    'AReaL',
    '40.jsonl',
    damaged('areal/6/40.jsonl', (row: Row) => without(row, 'task_id')),
    '3 rows · 1 the group (task_id) is missing',
  ],
  [
    'AReaL',
    '40.jsonl',
    text('areal/6/40.jsonl').slice(0, -30),
    '3 rows · 1 a JSON object without its end (the file ends here: it may be cut off)',
  ],
  [
    'ROLL',
    'x.jsonl',
    damaged('rollout_dump_data.step_3.jsonl', (t: Lists) => ({ ...t, scores: t.scores.slice(2) })),
    'x.jsonl holds no row that can be read: expected one JSON object per line, CSV with a header line, or parquet. Line 1: a table with columns of unequal length (responses 16, scores 14).',
  ],
  [
    'ROLL',
    'x.jsonl',
    damaged('rollout_dump_data.step_3.jsonl', (t: Lists) => ({
      ...t,
      scores: t.scores.map((score, i) => (i === 3 ? null : score)),
    })),
    '15 rows · 1 the reward (scores) is missing',
  ],
  [
    'ROLL',
    'x.jsonl',
    damaged('rollout_dump_data.step_3.jsonl', (t: Lists) => ({
      ...t,
      id: t.id.map((id, i) => (i === 0 ? '' : id)),
    })),
    '15 rows · 1 the group (id) is missing',
  ],
  [
    'rLLM',
    'x.json',
    damaged(
      'rllm/train_step_2_epoch_0/episode_hash00000000_idtask0_0.json',
      (e: { trajectories: Row[] }) => ({
        ...e,
        trajectories: [...e.trajectories, { ...e.trajectories[0], reward: null }],
      }),
    ),
    '1 rows · 1 a trajectory without its reward',
  ],
  [
    'rLLM',
    'x.json',
    damaged(
      'rllm/train_step_2_epoch_0/episode_hash00000000_idtask0_0.json',
      (e: { trajectories: Row[] }) => ({ ...e, trajectories: [{ ...e.trajectories[0], steps: [] }] }),
    ),
    'x.json holds no row that can be read: expected one JSON object per line, CSV with a header line, or parquet. Line 1: a trajectory without steps.',
  ],
  [
    'rLLM',
    'x.json',
    text('rllm/train_step_2_epoch_0/episode_hash00000000_idtask0_0.json').slice(0, -40),
    'x.json holds no row that can be read: it is one JSON object over several lines. If it is a row, write it on one (jq -c . x.json).',
  ],
  [
    'Inspect',
    'x.json',
    damaged('inspect-log.json', (log: Log) => ({
      ...log,
      samples: log.samples.map((one, i) => (i === 0 ? { ...one, scores: null } : one)),
    })),
    '14 rows · 1 a sample without scores · 1 a sample that failed (it has an error)',
  ],
  [
    'Inspect',
    'x.json',
    damaged('inspect-log.json', (log: Log) => ({ ...log, samples: [...log.samples, 'x', log.samples[0]] })),
    '15 rows · 1 a sample that failed (it has an error) · 1 a sample that is no object · 1 the same step, group and sample as an earlier row',
  ],
  [
    'Inspect',
    'x.json',
    damaged('inspect-log.json', (log: Log) => ({ ...log, samples: [] })),
    'x.json holds no row that can be read: expected one JSON object per line, CSV with a header line, or parquet. Line 1: a log without samples.',
  ],
  [
    'UNIPO',
    'x.json',
    damaged('unipo.json', (run: Run) => ({ ...run, entries: ['x', ...run.entries] })),
    '32 rows · 1 an entry that is no object',
  ],
  [
    'UNIPO',
    'x.json',
    damaged('unipo.json', (run: Run) => ({
      ...run,
      entries: [{ step: 1, prompts: [{ prompt: 'p' }] }, ...run.entries],
    })),
    '32 rows · 1 a prompt without its responses',
  ],
  [
    'UNIPO',
    'x.json',
    damaged('unipo.json', (run: Run) => ({
      ...run,
      entries: run.entries.map((entry, i) => (i === 0 ? { prompts: entry.prompts } : entry)),
    })),
    '16 rows · 16 the step (step) is not a number',
  ],
  [
    'a W&B table',
    'x.table.json',
    '{"columns": ["global_step", "text", "reward"], "data": [[1, "a", 0.5], [2, "b"], 3, [3, "c", "x"]]}',
    '1 rows · 1 2 values where the table has 3 columns · 1 not a list of values · 1 the reward (reward) is not a number',
  ],
  [
    'a cache of responses',
    'rlhf-book.jsonl',
    damaged('rlhf-book.jsonl', (t: Lists) => ({ ...t, rewards: [0.5] })),
    '9 rows · 1 a table with columns of unequal length (completions 3, rewards 1)',
  ],
  [
    'a cache of responses',
    'rlhf-book.jsonl',
    damaged('rlhf-book.jsonl', (t: Lists) => ({ ...t, completions: 'one text' })),
    '9 rows · 1 no table of columns, as the other lines are',
  ],
  [
    'a cache of responses',
    'rlhf-book.jsonl',
    damaged('rlhf-book.jsonl', (t: Lists) => ({ ...t, question: null })),
    '9 rows · 3 the group (question) is missing',
  ],
  [
    'prime-rl',
    'traces.jsonl',
    damaged('prime-rl/step_5/train/all/traces.jsonl', (e: Row) => ({ ...e, traces: [] })),
    '15 rows · 1 an episode without a trace of a trainable agent',
  ],
  [
    'prime-rl',
    'traces.jsonl',
    damaged('prime-rl/step_5/train/all/traces.jsonl', (e: { traces: Row[] }) => ({
      ...e,
      traces: [{ ...e.traces[0], ok: false }],
    })),
    '15 rows · 1 a trace that failed (ok is false)',
  ],
  [
    'prime-rl',
    'traces.jsonl',
    damaged('prime-rl/step_5/train/all/traces.jsonl', (e: { traces: Row[] }) => ({
      ...e,
      traces: [{ ...e.traces[0], rewards: { rm: { score: 'high' } } }],
    })),
    '15 rows · 1 a trace whose reward rm has no score or weight',
  ],
  [
    'slime',
    'slime.jsonl',
    damaged('slime.jsonl', (row: Row) => ({ ...row, reward: { a: 1 } })),
    '15 rows · 1 the reward (reward) is not a number',
  ],
  [
    'slime',
    'slime.jsonl',
    damaged('slime.jsonl', (row: Row) => without(row, 'group_index')),
    '15 rows · 1 the group (group_index) is missing',
  ],
  ['slime', 'slime.jsonl', `${text('slime.jsonl')}tensor([1, 2])\n`, '16 rows · 1 not a JSON object'],
];
it.each(cases)('%s: %s', async (_, name, content, said) => {
  expect((await outcome(content, name)).join(' · ')).toBe(said);
});
