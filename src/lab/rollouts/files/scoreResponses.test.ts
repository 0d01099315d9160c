import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { textOf } from '../../../io/values.ts';
import { type ImportedProblem, importPack, judgeProblem } from '../../../judge/packs.ts';
import { startThreadJudge } from '../../../judge/testing/threadJudge.ts';
import { type JudgePrograms, type ScoringProgress, scoreResponses } from './scoreResponses.ts';

const problem = (id: string, check: ImportedProblem['check'], prompt = ''): ImportedProblem => ({
  id,
  title: id,
  prompt,
  entry: 'f',
  tests: [{ args: [1], expected: 2 }],
  stopTokens: [],
  timeoutMs: 100,
  source: '',
  licence: '',
  check,
  assertions: 1,
  assertionTexts: [],
});

/** Stands for the judge: a program that says `good` passes. */
function recording() {
  const asked: string[] = [];
  const judge: JudgePrograms = async ({ id }, programs) =>
    programs.map((source) => {
      asked.push(`${id}: ${source}`);
      return { status: 'ok', passed: 0, total: 1, score: source.includes('good') ? 1 : 0 };
    });
  return { asked, judge };
}

describe('scoring responses', () => {
  it('scores rows with a usable problem and leaves the others unknown', async () => {
    const { asked, judge } = recording();
    const problems = [
      problem('a', 'checked'),
      problem('b', 'quarantined'),
      problem('c', 'unchecked', 'function f(x) {'),
    ];
    const texts = ['good', 'good', 'good', 'bad', 'function f(x) { bad }', ' good }'];
    const scored = await scoreResponses(judge, problems, Int32Array.of(0, 1, -1, 0, 2, 2), async (from, to) =>
      texts.slice(from, to),
    );
    expect([...scored!.score]).toEqual([1, Number.NaN, Number.NaN, 0, 0, 1]);
    expect(asked).toEqual(['a: good', 'a: bad', 'c: function f(x) { bad }', 'c:  good }']);
  });

  it('reads a bounded part at a time, tells how far it is, and can be ended', async () => {
    const { judge } = recording();
    const reads: number[] = [];
    const seen: ScoringProgress[] = [];
    const stop = new AbortController();
    let clock = 0;
    const scored = await scoreResponses(
      judge,
      [problem('a', 'checked')],
      new Int32Array(1000),
      async (from, to) => {
        reads.push(to - from);
        clock += 1000;
        return new Array(to - from).fill('good');
      },
      {
        signal: stop.signal,
        now: () => clock,
        onProgress: (progress) => {
          seen.push(progress);
          if (seen.length === 2) stop.abort();
        },
      },
    );
    expect(scored).toBeNull();
    expect(reads).toEqual([64, 64, 64]);
    expect(seen[0]).toMatchObject({ done: 64, total: 1000 });
    expect(seen[0].secondsLeft).toBeCloseTo((1000 - 64) / 64, 6);
  });
});

describe('responses as chat models write them', () => {
  const judge = startThreadJudge();
  afterAll(() => judge.dispose());
  const read = (name: string) =>
    readFileSync(new URL(`../../../judge/testing/responses/${name}`, import.meta.url), 'utf8');

  it('each right one scores 1, and it is said which rules found the programs', async () => {
    const { problems } = await importPack(judge.client, read('pack.json'), 'pack.json');
    const rows: { response: unknown; note: string }[] = read('rows.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const scored = await scoreResponses(
      (problem, programs) => judgeProblem(judge.client, problem, programs),
      problems,
      new Int32Array(rows.length),
      async (from, to) => rows.slice(from, to).map(({ response }) => textOf(response)),
    );
    expect(rows.filter((_, i) => scored?.score[i] !== 1).map(({ note }) => note)).toEqual([]);
    expect(scored?.uses.map(({ rule, responses }) => [rule, responses])).toEqual([
      ['messages', 1],
      ['tokens', 1],
      ['thoughts', 1],
      ['whole', 2],
      ['fenced', 9],
      ['last', 1],
      ['joined', 1],
      ['unclosed', 1],
    ]);
    expect(scored?.uses[0].example.program).toBe('function double(x) { return x + x; }\n');
  });
});
