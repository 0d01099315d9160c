/** Groups of real files and of files like them: what tells groups apart is read, found out, or asked. */
import { describe, expect, it } from 'vitest';
import { type ImportedRollouts, type ImportOptions, importRollouts } from '../importRollouts.ts';
import { inspect, type NamedBlob } from '../inspect.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { caseFile, jsonLines, textFile } from '../testing/files.ts';
import { sizesInWords, sizesOf } from './sizes.ts';

const groupsOf = ({ columns: { group } }: ImportedRollouts) =>
  sizesInWords(sizesOf(group.length, (row) => group[row]));
const promptsOf = ({ columns: { prompt } }: ImportedRollouts) => new Set(prompt).size;
const stepsOf = ({ columns: { step } }: ImportedRollouts) => [...new Set(step)];
const lost = ({ dropped }: ImportedRollouts) => dropped.reduce((sum, { count }) => sum + count, 0);
const named = (file: NamedBlob, name: string): NamedBlob => ({ ...file, name });

/** Rows of some prompts, so many responses to each. */
const rowsOf = (
  prompts: number,
  size: number,
  more: (prompt: number, sample: number) => object = () => ({}),
) =>
  Array.from({ length: prompts * size }, (_, i) => {
    const prompt = Math.floor(i / size);
    return { input: `q${prompt}`, output: `a${i}`, reward: i / 7, ...more(prompt, i % size) };
  });
const withMapping = async (file: NamedBlob, change: Partial<Mapping>): Promise<ImportOptions> => ({
  mappings: [{ ...(await inspect(file)).mapping!, ...change }],
});

describe('files of trainers', () => {
  it('NeMo-RL: rows of one prompt that follow each other, the step in the name of the file', async () => {
    const files = [
      named(await caseFile('lists-of-one.jsonl'), 'train_data_step3.jsonl'),
      named(await caseFile('lists-of-one-step4.jsonl'), 'train_data_step4.jsonl'),
    ];
    const result = await importRollouts(files);
    expect([groupsOf(result), promptsOf(result), stepsOf(result)]).toEqual(['12 groups of 4', 6, [3, 4]]);
    expect([result.questions, lost(result)]).toEqual([[], 0]);
    expect([...new Set(result.columns.reward)]).toEqual([1, 0]);
  });

  it('NeMo-RL: the same prompt twice in a batch is two groups', async () => {
    const row = (prompt: string, reward: number) => ({
      content: [[prompt, `a${reward}`]],
      rewards: [reward],
      idx: [0],
    });
    const rows = ['p', 'q', 'p'].flatMap((prompt) => [0, 1, 2].map((reward) => row(prompt, reward)));
    const result = await importRollouts([jsonLines(rows, 'val_data_step10.jsonl')]);
    expect([groupsOf(result), promptsOf(result), stepsOf(result)]).toEqual(['3 groups of 3', 2, [10]]);
  });

  it('NeMo-RL: training and validation data of one step stay apart', async () => {
    const rows = ['p', 'q'].flatMap((prompt) =>
      [0, 1].map((reward) => ({ content: [[prompt, `a${reward}`]], rewards: [reward], idx: [0] })),
    );
    const result = await importRollouts([
      jsonLines(rows, 'train_data_step3.jsonl'),
      jsonLines(rows, 'val_data_step3.jsonl'),
    ]);
    expect([groupsOf(result), promptsOf(result)]).toEqual(['4 groups of 2', 2]);
  });

  it('verl V1: a session is one response, and the bootstrap resamples prompts', async () => {
    const result = await importRollouts([await caseFile('sessions.jsonl')]);
    expect(result.files[0]).toMatchObject({ format: 'verl-v1', rows: 24 });
    expect([groupsOf(result), promptsOf(result), lost(result)]).toEqual(['6 groups of 4', 6, 0]);
    expect(result.warnings[0]).toContain('18 rows are further outputs of a session, which is one response');
    // The sessions of the first prompt: their rewards, once each.
    expect([...result.columns.reward.slice(0, 4)]).toEqual([1, 0, 0, 1]);
  });

  const session = (uid: string, score: number, more: object = {}) => ({
    input: `question of ${uid.split('_')[0]}`,
    output: uid,
    gts: null,
    score,
    step: 1,
    uid,
    ...more,
  });

  it('verl V1: outputs in any order, the last one counts', async () => {
    const rows = [
      session('a_0_1', 5, { input: 'question of a, and more' }),
      session('a_0_0', 1),
      session('a_1_0', 2),
      session('a_0_2', 7, { input: 'question of a, and still more' }),
      session('b_0_0', 3),
    ];
    const result = await importRollouts([jsonLines(rows)]);
    expect([...result.columns.reward]).toEqual([7, 2, 3]);
    expect([...result.columns.group]).toEqual([0, 0, 1]);
    expect(promptsOf(result)).toBe(2);
    expect(result.warnings[0]).toMatch(/2 rows are further outputs.*In 2 of them the reward is another/);
  });

  it('verl V1: samples with underscores, uids without a session, the same uid twice', async () => {
    const rows = [
      session('gsm_8_k_0_0', 1),
      session('gsm_8_k_1_0', 2),
      session('alone', 3, { input: 'other' }),
      session('gsm_8_k_1_0', 4),
    ];
    const result = await importRollouts([jsonLines(rows)]);
    expect([...result.columns.reward]).toEqual([1, 2, 3]);
    expect([...result.columns.group]).toEqual([0, 0, 1]);
    expect(result.dropped[0]).toMatchObject({
      count: 1,
      reason: expect.stringContaining('as an earlier row'),
    });
  });

  it('verl V1: the rule for uids goes when another group is chosen', async () => {
    const file = jsonLines(
      [0, 1].flatMap((i) => ['a', 'b'].map((uid) => session(`${uid}_${i}_0`, i, { task: 't' }))),
    );
    const byTask = await withMapping(file, { group: { by: 'column', column: 'task' } });
    expect(groupsOf(await importRollouts([file], byTask))).toBe('1 group of 4');
  });

  it('Tinker: the group is the split, the iteration and the place in the batch', async () => {
    const result = await importRollouts([await caseFile('group-idx.jsonl')]);
    expect(result.files[0].mapping).toMatchObject({
      reward: 'total_reward',
      group: { by: 'column', column: 'group_idx' },
      runs: ['split'],
      step: 'iteration',
    });
    // A place in a batch is no prompt that comes back in the next.
    expect([groupsOf(result), promptsOf(result), lost(result)]).toEqual(['12 groups of 4', 12, 0]);
  });

  it('Tinker: splits in one file, and in the same iteration', async () => {
    const rows = ['train', 'test'].flatMap((split) =>
      [0, 1].flatMap((group_idx) =>
        [0, 1, 2].map((traj_idx) => ({ split, iteration: 4, group_idx, traj_idx, total_reward: traj_idx })),
      ),
    );
    const result = await importRollouts([jsonLines(rows)]);
    expect([groupsOf(result), lost(result), result.questions]).toEqual(['4 groups of 3', 0, []]);
  });

  it('verl that carries prompt_id is verl: the truth is acc', async () => {
    const result = await importRollouts([named(await caseFile('verl-with-prompt-id.jsonl'), '10.jsonl')]);
    expect(result.files[0]).toMatchObject({ format: 'verl', mapping: { reward: 'score', score: 'acc' } });
    expect([groupsOf(result), stepsOf(result), lost(result)]).toEqual(['6 groups of 4', [10], 0]);
  });

  it.each([
    ['without a step, which the file name says', { gts: '1', acc: 1, prompt_id: 'x' }, '30.jsonl', [30]],
    ['with a step', { step: 7, acc: 1, prompt_id: 'x' }, '7.jsonl', [7]],
    ['with a reward beside it', { step: 7, reward: 0.5, acc: 0, prompt_id: 'x' }, 'dump.jsonl', [7]],
  ])('verl that carries prompt_id, %s', async (_, more, name, steps) => {
    const rows = rowsOf(3, 2, (_, sample) => ({ score: sample, reward: undefined, ...more }));
    const result = await importRollouts([jsonLines(rows, name)]);
    expect(result.files[0]).toMatchObject({ format: 'verl', mapping: { reward: 'score', score: 'acc' } });
    expect([groupsOf(result), stepsOf(result)]).toEqual(['3 groups of 2', steps]);
  });
});

describe('steps', () => {
  it('stand in the names of files', async () => {
    const files = await Promise.all([1, 2, 3].map((i) => caseFile(`named-steps/iter_${i}.jsonl`)));
    const result = await importRollouts(files);
    expect([groupsOf(result), stepsOf(result), promptsOf(result)]).toEqual(['18 groups of 4', [1, 2, 3], 6]);
    expect(result.questions).toEqual([]);
  });

  it('stand in the names of folders', async () => {
    const file = (step: number): NamedBlob => ({
      ...jsonLines(rowsOf(3, 2), 'all.jsonl'),
      path: `rollouts/step_${step}/train/all.jsonl`,
    });
    const result = await importRollouts([file(9), file(10)]);
    expect([groupsOf(result), stepsOf(result)]).toEqual(['6 groups of 2', [9, 10]]);
  });

  it.each([
    'it',
    'iter',
    'iteration',
    'gen_step',
    'rollout_id',
    'version',
    'global_step',
    'policy_version',
    'epoch',
  ])('are in a column called %s', async (name) => {
    const rows = [0, 1].flatMap((step) => rowsOf(4, 3, () => ({ [name]: step })));
    const result = await importRollouts([jsonLines(rows)]);
    expect(result.files[0].mapping.step).toBe(name);
    expect([groupsOf(result), result.questions]).toEqual(['8 groups of 3', []]);
  });

  it('are no version of the policy that changes within the groups, as in asynchronous training', async () => {
    const rows = rowsOf(8, 6, (prompt, sample) => ({
      version: prompt >> 1,
      policy: sample < 2 ? 'old' : 'new',
    }));
    const { files } = await importRollouts([jsonLines(rows)]);
    expect(files[0].mapping).toMatchObject({ step: 'version', runs: [] });
    const torn = rows.map((row, i) => ({ ...row, version: i % 6 < 3 ? 1 : 2 }));
    const result = await importRollouts([jsonLines(torn)]);
    expect(result.files[0].mapping).toMatchObject({ step: null, runs: [] });
    expect(groupsOf(result)).toBe('8 groups of 6');
  });

  it('are no column with a number of its own in each row', async () => {
    const rows = rowsOf(4, 3).map((row, i) => ({ ...row, rollout_id: i }));
    const result = await importRollouts([jsonLines(rows)]);
    expect([result.files[0].mapping.step, groupsOf(result)]).toEqual([null, '4 groups of 3']);
  });
});

describe('group columns', () => {
  it.each(['_idx', 'example_id', 'qid', 'group_idx', 'group_index', 'problem_id', 'item_idx'])(
    '%s',
    async (name) => {
      const rows = rowsOf(5, 4, (prompt) => ({ [name]: prompt, input: undefined, output: undefined }));
      const result = await importRollouts([jsonLines(rows)]);
      expect(result.files[0].mapping.group).toEqual({ by: 'column', column: name });
      expect([groupsOf(result), promptsOf(result), lost(result)]).toEqual(['5 groups of 4', 5, 0]);
    },
  );

  it('are not taken where each row has a value of its own', async () => {
    const rows = rowsOf(5, 4).map(({ input, output, reward }, i) => ({
      uid: `u${i}`,
      prompt: input,
      completion: output,
      reward,
    }));
    const result = await importRollouts([jsonLines(rows)]);
    expect(result.files[0].mapping.group).toEqual({ by: 'prompt' });
    expect(groupsOf(result)).toBe('5 groups of 4');
  });
});

describe('runs', () => {
  const own = (more: object, prompts = 3, size = 4) =>
    rowsOf(prompts, size, (prompt, sample) => ({
      format: 'pfrollout/1',
      prompt_id: `p${prompt}`,
      sample,
      step: 1,
      ...more,
    }));

  it('of several arms and seeds in one file have groups of their own', async () => {
    const rows = ['BW', 'BoN'].flatMap((arm) => [1, 2].flatMap((seed) => own({ arm, seed })));
    const result = await importRollouts([jsonLines(rows)]);
    expect(result.files[0].mapping.runs).toEqual(['arm', 'seed']);
    expect([groupsOf(result), promptsOf(result), lost(result)]).toEqual(['12 groups of 4', 3, 0]);
  });

  it('are not told by the seeds of a sampler', async () => {
    const rows = own({}).map((row, i) => ({ ...row, seed: 1000 + i }));
    const result = await importRollouts([jsonLines(rows)]);
    expect([result.files[0].mapping.runs, groupsOf(result)]).toEqual([[], '3 groups of 4']);
  });

  it('in files of their own stay apart, and the page asks', async () => {
    const result = await importRollouts([jsonLines(own({}), 'a.jsonl'), jsonLines(own({}), 'b.jsonl')]);
    expect([groupsOf(result), lost(result)]).toEqual(['6 groups of 4', 0]);
    expect(result.questions[0]?.text).toContain('3 groups have rows in more than one file');
  });

  it('that nothing in the mapping tells apart are asked for, with the column that could', async () => {
    const rows = ['x', 'y'].flatMap((flavour) => own({ flavour }));
    const file = jsonLines(rows);
    const result = await importRollouts([file]);
    expect(lost(result)).toBe(12);
    expect(result.questions[0]?.text).toContain('12 rows have the step, the group and the sample number');
    const [answer] = result.questions[0]!.answers;
    expect(answer.change).toEqual({ runs: ['flavour'] });
    const answered = await importRollouts([file], {
      ...(await withMapping(file, answer.change)),
      settled: ['ids', 'files', 'multiples', 'ones'] as const,
    });
    expect([groupsOf(answered), lost(answered), answered.questions]).toEqual(['6 groups of 4', 0, []]);
  });
});

describe('files poured together', () => {
  const parts = (...sizes: number[]) => {
    const rows = rowsOf(6, 4);
    let from = 0;
    return sizes.map((size, i) => {
      const part = rows.slice(from, from + size);
      from += size;
      return jsonLines(part, `part-0000${i}.jsonl`);
    });
  };

  it('without a step are kept apart, and the page asks', async () => {
    const files = ['a', 'b', 'c'].map((name) => jsonLines(rowsOf(6, 4), `${name}.jsonl`));
    const result = await importRollouts(files);
    expect(groupsOf(result)).toBe('18 groups of 4');
    expect(result.questions[0]?.text).toMatch(
      /6 groups have rows in more than one file. Nothing says a step/,
    );
    expect(result.questions[0]?.answers).toEqual([
      { label: 'Each file on its own', outcome: '18 groups of 4', change: { files: 'apart' }, isNow: true },
      { label: 'Parts of one', outcome: '6 groups of 12', change: { files: 'together' }, isNow: false },
    ]);
    const together = await importRollouts(files, {
      files: 'together',
      settled: ['ids', 'files', 'multiples', 'ones'] as const,
    });
    expect([groupsOf(together), together.questions]).toEqual(['6 groups of 12', []]);
  });

  it('are asked about one thing after the other', async () => {
    const twice = ['a', 'b'].map((name) => jsonLines([...rowsOf(6, 4), ...rowsOf(6, 4)], `${name}.jsonl`));
    const kinds = async (options: ImportOptions) =>
      (await importRollouts(twice, options)).questions.map(({ kind }) => kind);
    expect(await kinds({})).toEqual(['files', 'multiples']);
    expect(await kinds({ files: 'apart', settled: ['files'] })).toEqual(['multiples']);
    expect(await kinds({ files: 'apart', settled: ['files', 'multiples'] })).toEqual([]);
    expect(await kinds({ files: 'together', settled: ['files'] })).toEqual([]);
  });

  it('that are shards, cut in the middle of a group, are one', async () => {
    const result = await importRollouts(parts(10, 7, 7));
    expect([groupsOf(result), result.questions]).toEqual(['6 groups of 4', []]);
  });

  it('with one response of each group in each file are one, and the page says so', async () => {
    const files = [0, 1, 2, 3].map((sample) =>
      jsonLines(
        rowsOf(6, 4).filter((_, i) => i % 4 === sample),
        `rank${sample}.jsonl`,
      ),
    );
    const result = await importRollouts(files);
    expect(groupsOf(result)).toBe('6 groups of 4');
    expect(result.questions[0]?.answers.map(({ outcome, isNow }) => [outcome, isNow])).toEqual([
      ['24 groups of 1', false],
      ['6 groups of 4', true],
    ]);
  });

  it('that share no group need no question', async () => {
    const step = (step: number) =>
      jsonLines(
        rowsOf(3, 4, () => ({ step })),
        `${step}.log.jsonl`,
      );
    const result = await importRollouts([step(1), step(2)]);
    expect([groupsOf(result), result.questions]).toEqual(['6 groups of 4', []]);
  });
});

describe('groups that look wrong', () => {
  it('several steps in one file without a step: the rows stand in stretches', async () => {
    const file = jsonLines([1, 2, 3].flatMap(() => rowsOf(6, 4)));
    const result = await importRollouts([file]);
    expect(groupsOf(result)).toBe('6 groups of 12');
    expect(result.questions[0]?.text).toContain(
      '6 of 6 groups have 8 responses or more, while the rows of one prompt stand in stretches of 4',
    );
    const [answer] = result.questions[0]!.answers;
    expect([answer.outcome, answer.isNow]).toEqual(['18 groups of 4', false]);
    const answered = await importRollouts([file], {
      ...(await withMapping(file, answer.change)),
      settled: ['ids', 'files', 'multiples', 'ones'] as const,
    });
    expect([groupsOf(answered), promptsOf(answered)]).toEqual(['18 groups of 4', 6]);
  });

  it('a few groups as large as several of the others', async () => {
    const twice = rowsOf(1, 8, () => ({ input: 'twice' }));
    const result = await importRollouts([jsonLines([...rowsOf(9, 4), ...twice])]);
    expect(result.questions[0]?.text).toContain(
      '1 of 10 groups have 8 responses or more, while most groups have 4',
    );
  });

  it('sizes that vary, and groups that lost responses, are normal', async () => {
    const cut = rowsOf(8, 4).filter((_, i) => i % 5 !== 0);
    expect((await importRollouts([jsonLines(cut)])).questions).toEqual([]);
    const mixed = [2, 3, 5, 4, 3, 2, 6, 3].flatMap((size, i) => rowsOf(1, size, () => ({ input: `q${i}` })));
    expect((await importRollouts([jsonLines(mixed)])).questions).toEqual([]);
  });

  it('rows in any order are no stretches', async () => {
    const rows = rowsOf(6, 4);
    const dealt = [0, 1, 2, 3].flatMap((sample) => rows.filter((_, i) => i % 4 === sample));
    expect((await importRollouts([jsonLines(dealt)])).questions).toEqual([]);
  });

  it('groups of one: the step may be none, prompts may be the group', async () => {
    const stepped = jsonLines(rowsOf(6, 4).map((row, i) => ({ ...row, step: i })));
    const one = await importRollouts([stepped]);
    expect(one.questions[0]?.text).toContain('24 of 24 groups have one response');
    expect(one.questions[0]?.answers[0].outcome).toBe('6 groups of 4');
    const settled = {
      ...(await withMapping(stepped, { step: null })),
      settled: ['ids', 'files', 'multiples', 'ones'] as const,
    };
    expect(groupsOf(await importRollouts([stepped], settled))).toBe('6 groups of 4');

    const rows = rowsOf(6, 4).map((row, i) => ({ ...row, request: `r${i}` }));
    const file = jsonLines(rows);
    const by = await withMapping(file, { group: { by: 'column', column: 'request' } });
    const other = await importRollouts([file], by);
    expect(other.questions[0]?.answers.map(({ outcome }) => outcome)).toContain('6 groups of 4');
  });

  it('nothing is asked of a file that cannot be better, but its groups of one are told', async () => {
    const lone = rowsOf(6, 1);
    const { questions } = await importRollouts([jsonLines(lone)]);
    expect(questions[0].answers.map(({ isNow }) => isNow)).toEqual([true]);
  });
});

describe('groups by the order of rows', () => {
  const count = { group: { by: 'count', rows: 4 } as const, prompt: null, step: null };

  it('so many rows in a row', async () => {
    const rows = rowsOf(6, 4).map(({ output, reward }) => ({ output, reward }));
    const file = jsonLines(rows);
    const mapping = { reward: 'reward', score: null, response: 'output', runs: [], sample: null, ...count };
    const result = await importRollouts([file], { mappings: [mapping] });
    expect([groupsOf(result), promptsOf(result)]).toEqual(['6 groups of 4', 6]);
  });

  it('a bad row keeps its place, a stray message has none', async () => {
    const lines = rowsOf(3, 4).map((row) => JSON.stringify(row));
    lines[2] = '{"input": "q0", "outp';
    lines.splice(6, 0, 'Saved checkpoint');
    const file = textFile(lines.join('\n'));
    const result = await importRollouts([file], await withMapping(file, count));
    expect([...result.columns.group]).toEqual([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('groups that hold several prompts are told', async () => {
    const file = jsonLines(rowsOf(4, 3));
    const { warnings } = await importRollouts(
      [file],
      await withMapping(file, { group: { by: 'count', rows: 4 } }),
    );
    expect(warnings.join(' ')).toContain('3 of 3 groups hold more than one prompt');
    const right = await withMapping(file, { group: { by: 'count', rows: 3 } });
    expect((await importRollouts([file], right)).warnings.join(' ')).not.toContain('more than one prompt');
  });

  it('begins anew in each file', async () => {
    const files = [jsonLines(rowsOf(1, 6)), jsonLines(rowsOf(2, 4))];
    const [mapping] = (await withMapping(files[0], count)).mappings!;
    const result = await importRollouts(files, { mappings: [mapping, mapping] });
    expect([...result.columns.group]).toEqual([0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });
});
