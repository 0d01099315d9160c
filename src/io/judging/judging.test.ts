/** Which column is taken for the reward and for the true score, and when a person is asked. */
import { describe, expect, it } from 'vitest';
import { importRollouts } from '../importRollouts.ts';
import { inspect, type NamedBlob } from '../inspect.ts';
import { caseFile, jsonLines } from '../testing/files.ts';
import { writeParquet } from '../testing/parquetWriter.ts';
import { inTerminal } from './columnQuestion.ts';
import { classOf, wordsOf } from './names.ts';

/** 6 prompts with 4 responses each; `more` sees the number of the row and of its prompt. */
const rows = (more: (i: number, prompt: number) => object, base = true) =>
  Array.from({ length: 24 }, (_, i) => {
    const prompt = Math.floor(i / 4);
    return { ...(base ? { prompt: `p${prompt}`, response: `r${i}` } : {}), ...more(i, prompt) };
  });
/** Numbers in [0, 1) that look like nothing. */
const noise = (i: number, seed = 1) => ((i * 37 + seed * 101) % 89) / 89;

async function judged(file: NamedBlob) {
  const { mapping, questions } = await inspect(file);
  return {
    reward: mapping?.reward ?? null,
    score: mapping?.score ?? null,
    asked: questions.map(({ role, candidates }) => [role, ...candidates]),
  };
}
const of = (more: (i: number, prompt: number) => object) => judged(jsonLines(rows(more)));
const verl = (more: (i: number, prompt: number) => object) =>
  judged(
    jsonLines(
      rows(
        (i, prompt) => ({
          input: `p${prompt}`,
          output: `r${i}`,
          step: 1,
          score: noise(i),
          ...more(i, prompt),
        }),
        false,
      ),
    ),
  );
const trl = async (columns: Record<string, (i: number, prompt: number) => string | number | boolean>) => {
  const table = rows((i, prompt) =>
    Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value(i, prompt)])),
  ) as Record<string, string | number | boolean>[];
  const names = ['prompt', 'completion', ...Object.keys(columns), 'advantage'];
  const value = (row: (typeof table)[number], name: string, i: number) =>
    name === 'completion' ? row.response : name === 'advantage' ? noise(i, 9) - 0.5 : row[name];
  const blob = writeParquet(
    names.map((name) => ({ name, values: table.map((row, i) => value(row, name, i)) })),
  );
  return judged({ name: 'completions_00001.parquet', blob });
};

describe('an answer, a count, a percentage and a constant are no true score', () => {
  it('of the kept cases', async () => {
    expect(await judged(await caseFile('tests-counts.jsonl'))).toEqual({
      ...{ reward: 'reward', score: 'pass_rate', asked: [] },
    });
    expect(await judged(await caseFile('verl-ground-truth.jsonl'))).toEqual({
      ...{ reward: 'score', score: null, asked: [] },
    });
  });

  it('of a verl dump with extras of all kinds', async () => {
    const extras = (i: number, prompt: number) => ({
      gts: String(prompt),
      answer: prompt % 2,
      pred: i % 2,
      num_correct: 1 + (i % 3),
      response_length: i,
      percent: 100 * noise(i, 2),
      entropy: noise(i, 3),
      epoch: 0.5,
      difficulty: prompt / 8,
    });
    expect(await verl(extras)).toEqual({ reward: 'score', score: null, asked: [] });
    expect(await verl((i, prompt) => ({ ...extras(i, prompt), acc: i % 3 === 0 }))).toMatchObject({
      ...{ score: 'acc', asked: [] },
    });
  });

  it('of token ids and lists', async () => {
    const file = jsonLines(
      rows((i, prompt) => ({
        ...{ step: 1, sample_idx: i % 4, prompt_idx: prompt, prompt_tokens: [1, prompt] },
        ...{ response_tokens: [i % 2], reward: 10 * (i % 2), ground_truth: [1], finished: i % 3 === 0 },
      })),
    );
    expect(await judged(file)).toEqual({ reward: 'reward', score: null, asked: [] });
  });

  it('and what is left out is said: a count by the name of a truth, and nothing at all', async () => {
    const counts = jsonLines(rows((i) => ({ reward: noise(i), step: 1, tests_passed: i % 11 })));
    const { warnings } = await importRollouts([counts]);
    expect(warnings).toContain('tests_passed lies outside [0, 1] and is not taken for the true score.');
    expect(warnings.join(' ')).toContain('There is no true score');
    const percent = jsonLines(rows((i) => ({ reward: noise(i), accuracy: 100 * noise(i, 2) })));
    expect((await importRollouts([percent])).columns.score).toBeNull();
  });
});

describe('the true score lies in [0, 1] and differs within groups', () => {
  it('by a name that says so, however written', async () => {
    for (const name of ['is_correct', 'MathAccuracy', 'extra.acc', 'unit-tests', 'exactMatch', 'solved'])
      expect(await of((i) => ({ reward: noise(i), [name]: i % 3 === 0 })), name).toEqual({
        ...{ reward: 'reward', score: name, asked: [] },
      });
  });

  it('and by what it holds, if a person agrees', async () => {
    expect(await of((i) => ({ reward: noise(i), outcome: i % 3 === 0 }))).toEqual({
      ...{ reward: 'reward', score: null, asked: [['score', 'outcome']] },
    });
    expect(await of((i) => ({ reward: noise(i), bleu: noise(i, 2), rouge: noise(i, 3) }))).toEqual({
      ...{ reward: 'reward', score: null, asked: [['score', 'bleu', 'rouge']] },
    });
    // The same for all responses to a prompt, a copy of the reward, how a response looks.
    expect(
      await of((i, prompt) => ({
        ...{ reward: noise(i), raw: noise(i), share: prompt / 8, is_truncated: i % 2 === 0 },
        ...{ format_reward: i % 2, flag: true },
      })),
    ).toEqual({ reward: 'reward', score: null, asked: [] });
  });

  it('of two that are as likely one is chosen by a person, of two that agree the first', async () => {
    const two = (i: number) => ({ reward: noise(i), pass_rate: noise(i, 2), is_correct: i % 2 === 0 });
    expect((await of(two)).asked).toEqual([['score', 'pass_rate', 'is_correct']]);
    expect(await of((i) => ({ reward: noise(i), acc: i % 2, correct: i % 2 === 1 }))).toMatchObject({
      ...{ score: 'acc', asked: [] },
    });
    await expect(importRollouts([jsonLines(rows(two), 'x.jsonl')])).rejects.toThrow(
      'x.jsonl: pass_rate and is_correct lie in [0, 1] and differ between the responses to a prompt. Which of them is the true score, if any? Give --score pass_rate, --score is_correct or --score none.',
    );
  });
});

describe('the reward', () => {
  it('of TRL is the one function that there is, whatever else was logged', async () => {
    expect(await judged(await caseFile('answers-logged.parquet'))).toEqual({
      ...{ reward: 'accuracy_reward', score: null, asked: [] },
    });
    expect(await judged(await caseFile('dotted-column.parquet'))).toEqual({
      ...{ reward: 'tiny-judge-v2.1-0.6B', score: null, asked: [] },
    });
    const logged = { solution: (_: number, prompt: number) => prompt, num_tokens: (i: number) => 100 + i };
    expect(await trl({ len_reward: noise, ...logged })).toMatchObject({ reward: 'len_reward', asked: [] });
    expect(await trl({ solution: logged.solution, rm: noise, always: () => 1 })).toEqual({
      ...{ reward: 'rm', score: null, asked: [] },
    });
    expect(await trl({ answer: (i) => i % 4, exact_match: (i) => i % 2 })).toMatchObject({
      ...{ reward: 'exact_match', score: null, asked: [] },
    });
  });

  it('of TRL is a sum by weights that are asked for; a learned reward beside tests is no sum', async () => {
    const sum = 'math_reward + code_reward + length_penalty';
    expect(await judged(await caseFile('several-rewards.parquet'))).toEqual({
      ...{ reward: sum, score: null },
      asked: [['reward', sum, 'math_reward', 'code_reward', 'length_penalty']],
    });
    expect(await trl({ 'my-reward-model': noise, unit_tests: (i) => i % 2 })).toEqual({
      ...{ reward: 'my-reward-model', score: 'unit_tests', asked: [] },
    });
    expect(await trl({ accuracy_reward: (i) => i % 2, format_reward: (i) => +(i % 3 > 0) })).toMatchObject({
      ...{ reward: 'accuracy_reward + format_reward', score: 'accuracy_reward' },
      asked: [['reward', 'accuracy_reward + format_reward', 'accuracy_reward', 'format_reward']],
    });
  });

  it('of TRL is not a number that was logged beside it, if a person agrees', async () => {
    expect(await trl({ accuracy_reward: (i) => i % 2, boxed: (i) => 7 + (i % 4) })).toMatchObject({
      asked: [['reward', 'accuracy_reward', 'accuracy_reward + boxed', 'boxed']],
    });
    const table = {
      columns: ['step', 'prompt', 'completion', 'rm', 'advantage'],
      data: Array.from({ length: 24 }, (_, i) => [1, `p${i >> 2}`, `r${i}`, i < 4 ? 'NaN' : noise(i), i]),
    };
    const file = jsonLines([table], 'completions.table.json');
    expect(await judged(file)).toEqual({ reward: 'rm', score: null, asked: [] });
    expect((await importRollouts([file])).dropped).toMatchObject([
      { reason: 'left out by its trainer: every reward is null', count: 4 },
    ]);
  });

  it('that ranks nothing, and a true score that is the reward, are said', async () => {
    const warned = async (more: (i: number, prompt: number) => object) =>
      (await importRollouts([jsonLines(rows((i, p) => ({ step: 1, ...more(i, p) })))])).warnings.join(' ');
    expect(await warned(() => ({ reward: 1 }))).toContain('The reward is the same in all rows');
    expect(await warned((_, p) => ({ reward: p }))).toContain('the same for all responses to a prompt');
    expect(await warned((i) => ({ reward: i % 2, acc: i % 2 === 1 }))).toContain(
      'The true score is the reward itself',
    );
    expect(await warned((i) => ({ reward: noise(i), acc: i % 2 }))).toBe('');
  });

  it('of unknown files is the column that says so best; equals are asked for', async () => {
    expect(await of((i) => ({ rm_score: noise(i), reward: noise(i, 2), answer: i }))).toMatchObject({
      ...{ reward: 'reward', asked: [] },
    });
    expect(await of((i) => ({ rm_a: noise(i), rm_b: noise(i, 2) }))).toMatchObject({
      asked: [['reward', 'rm_a', 'rm_b', 'rm_a + rm_b']],
    });
    expect(await of((i) => ({ rm: 0.5, score: noise(i), num_reward_tokens: i }))).toMatchObject({
      ...{ reward: 'score', asked: [] },
    });
    expect(await of((i) => ({ reward: { score: noise(i), acc: i % 2 } }))).toEqual({
      ...{ reward: 'reward.score', score: 'reward.acc', asked: [] },
    });
    expect(await of((i) => ({ meta: { reward: noise(i), 'rewards/acc': i % 2 } }))).toEqual({
      ...{ reward: 'meta.reward', score: 'meta.rewards/acc', asked: [] },
    });
    expect(await of((i) => ({ utility: noise(i), label_id: i }))).toEqual({
      ...{ reward: null, score: null },
      asked: [
        ['reward', 'utility'],
        ['score', 'utility'],
      ],
    });
  });

  it('of unknown files may be one of several that are called rewards: that is asked', async () => {
    const several = await of((i) => ({
      'rewards/correctness_reward': noise(i),
      'rewards/format_reward': noise(i, 2),
      'rewards/length_reward': noise(i, 3),
    }));
    expect(several.asked).toContainEqual([
      'reward',
      'rewards/correctness_reward',
      'rewards/format_reward',
      'rewards/length_reward',
      'rewards/correctness_reward + rewards/format_reward + rewards/length_reward',
    ]);
    // The whole is the whole, whatever parts of it stand beside it.
    expect(await of((i) => ({ reward: noise(i), format_reward: noise(i, 2) }))).toMatchObject({
      reward: 'reward',
      asked: [],
    });
  });

  it('that never changes is doubted where another column may be it', async () => {
    const constant = (more: object) => (i: number) => ({ step: 1, reward: 0, ...more, rm_score: noise(i) });
    expect((await of(constant({}))).asked).toEqual([['reward', 'rm_score', 'reward']]);
    expect(await of(() => ({ step: 1, reward: 0 }))).toMatchObject({ reward: 'reward', asked: [] });
    expect(await of((i) => ({ reward: 0.5, score: i % 2 }))).toEqual({
      ...{ reward: 'reward', score: 'score', asked: [['reward', 'score', 'reward']] },
    });
    expect(await of((i) => ({ reward: 0.5, acc: i % 2 }))).toEqual({
      ...{ reward: 'reward', score: 'acc', asked: [] },
    });
  });

  it('and a score that never changes is not the true one; that is said', async () => {
    const file = jsonLines(rows((i) => ({ step: 1, reward: noise(i), score: 1 })));
    expect((await importRollouts([file])).warnings).toContain(
      'score is 1 wherever it was looked at, and is not taken for the true score.',
    );
  });

  it('is looked for at the end of a file as well: a function may abstain for long', async () => {
    const table = (step: number, n: number, more: object) => ({
      step: Array(n).fill(String(step)),
      prompt: Array.from({ length: n }, (_, i) => `a long prompt of many words ${i >> 2}`),
      completion: Array.from({ length: n }, (_, i) => `r${i}`.repeat(40)),
      Rm: Array.from({ length: n }, (_, i) => noise(i)),
      ...more,
    });
    const late = Array.from({ length: 24 }, (_, i) => noise(i, 4));
    const file = jsonLines([
      ...Array.from({ length: 6 }, (_, step) => table(step, 400, { Code: Array(400).fill(null) })),
      table(7, 24, { Code: late }),
    ]);
    expect((await judged(file)).asked).toEqual([['reward', 'Rm', 'Rm + Code', 'Code']]);
  });

  it('of SkyRL is the sum over tokens; a list elsewhere is one as well', async () => {
    const file = await caseFile('score-lists.jsonl');
    expect(await judged(file)).toMatchObject({ reward: 'sum(score)', score: null, asked: [] });
    const { columns, dropped } = await importRollouts([file]);
    expect([...columns.reward.slice(0, 4)]).toEqual([1, 1, 0, 1]);
    expect(dropped).toEqual([]);
    const skyrl = (score: (i: number) => unknown) =>
      jsonLines(
        rows((i, p) => ({ input_prompt: `p${p}`, output_response: `r${i}`, score: score(i) }), false),
      );
    expect(await judged(skyrl(noise))).toMatchObject({ reward: 'score', asked: [] });
    const mixed = await importRollouts([
      skyrl((i) => [[0.5, 0.25], 1, [0.125], [], [1, 'x'], [1, null], [0.25, Number.NaN]][i] ?? [0, i]),
    ]);
    expect([...mixed.columns.reward.slice(0, 4)]).toEqual([0.75, 1, 0.125, 7]);
    expect(
      mixed.dropped.map(({ reason, examples }) => [reason, ...examples.map(({ line }) => line)]),
    ).toEqual([
      ['the reward (score) is not a number', 5, 6, 7],
      ['the reward (sum(score)) is missing', 4],
    ]);
    expect(await of((i) => ({ token_rewards: [noise(i), 0, 1], step: 1 }))).toMatchObject({
      reward: 'sum(token_rewards)',
    });
  });
});

describe('names and questions', () => {
  it('are read word by word', () => {
    expect(wordsOf('extra.MathAccuracy@1')).toEqual(['extra', 'math', 'accuracy', '1']);
    for (const name of ['ground_truth', 'gold_answer', 'parsed', 'solution'])
      expect(classOf(name), name).toBe('answer');
    for (const name of ['num_tests', 'test_time_ms', 'response_length', 'sample_idx', 'reward_tokens'])
      expect(classOf(name), name).toBe('count');
    for (const name of [
      'is_answer_correct',
      'length_penalty',
      'len_reward_v2',
      'answer_reward',
      'true_score',
      'gold_score',
      'reward_value',
    ])
      expect(classOf(name), name).toBe('judgement');
    for (const name of ['advantage', 'kl', 'logprobs', 'ref_reward'])
      expect(classOf(name), name).toBe('trainer');
  });

  it('fit on one line of a terminal', () => {
    const text = 'Which is it?';
    expect(inTerminal('a.jsonl', { role: 'reward', text, candidates: ['a + b', 'a'] })).toBe(
      "a.jsonl: Which is it? Give --reward 'a + b' or --reward a.",
    );
    expect(inTerminal('a.jsonl', { role: 'score', text, candidates: ['a'] })).toBe(
      'a.jsonl: Which is it? Give --score a or --score none.',
    );
  });
});
