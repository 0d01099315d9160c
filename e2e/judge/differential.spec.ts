/**
 * Three judges, one answer: both engines of the built page against Node's own execution in another process, over the
 * idioms of the built-in world, random sequences of its words, and random characters.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import fc from 'fast-check';
import { parameterOf, startKind, writeProgram } from '../../src/tasks/chain.ts';
import { buildCorpus } from '../../src/tasks/corpus.ts';
import { ops } from '../../src/tasks/ops/ops.ts';
import type { Problem } from '../../src/tasks/problem.ts';
import { toSource } from '../../src/tasks/program.ts';
import { endToken, vocabulary } from '../../src/tasks/tokenizer.ts';
import { buildWorld, makeProblem } from '../../src/tasks/world.ts';
import type { Question } from './truth.ts';

const world = buildWorld(1);
const problems = [...world.train.slice(0, 400), ...world.held];

let page: Page;
test.beforeAll(async ({ browser, baseURL }) => {
  page = await browser.newPage({ baseURL });
  await page.goto('./');
  await page.evaluate(() => window.filtrate.ready());
});
test.afterAll(() => page.close());

function truth(programs: Question[]): (number | null)[] {
  const script = fileURLToPath(new URL('./truth.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', script], {
    input: JSON.stringify({ programs }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Tests passed by each program, by each engine; in one request, so that programs of many tasks share batches. */
function judged(programs: Question[], engine: 'frozen' | 'quickjs'): Promise<(number | null)[]> {
  return page.evaluate(
    async ([programs, engine]) => {
      const asked = (JSON.parse(programs) as Question[]).map(({ source, entry, tests }) =>
        window.filtrate.judge({ entry, tests }, [source], { engine }),
      );
      return (await Promise.all(asked)).map(([{ status, passed }]) =>
        status === 'ok' ? passed : status === 'timeout' ? 0 : null,
      );
    },
    [JSON.stringify(programs), engine] as const,
  );
}

async function expectAgreement(programs: Question[]): Promise<void> {
  const told = truth(programs);
  for (const engine of ['frozen', 'quickjs'] as const) {
    const verdicts = await judged(programs, engine);
    const disputed = programs
      .map(({ source }, i) => ({ source, engine, node: told[i], judge: verdicts[i] }))
      .filter(({ node, judge }) => node !== judge);
    expect(disputed).toEqual([]);
  }
}

const question = (problem: Problem, source: string): Question => ({
  source,
  entry: problem.entry,
  tests: problem.tests,
});

/** Each way to write each operation with each of its constants, where the operation stands alone. */
function everyTemplate(): (Question & { right: boolean })[] {
  return ops.flatMap((op) =>
    (op.constants ?? [null]).flatMap((constant) => {
      const link = { op: op.name, constant };
      const chain = op.from === 'words' ? [{ op: 'words', constant: null }, link] : [link];
      // A draw can be degenerate by the luck of its inputs.
      const problem = Array.from({ length: 10 }, (_, draw) => makeProblem(100 * draw, chain)).find(Boolean);
      if (!problem) throw new Error(`${op.name} ${constant} has no problem`);
      return [...op.right, ...op.wrong].map((template) => ({
        ...question(
          problem,
          toSource(
            writeProgram(chain, (each) => (each === op ? template : each.right[0])),
            { entry: 'f', parameters: [parameterOf[startKind(chain)]] },
          ),
        ),
        entry: 'f',
        right: op.right.includes(template),
      }));
    }),
  );
}

test('every idiom and every bug of every operation', async () => {
  const programs = everyTemplate();
  expect(programs).toHaveLength(774);
  const told = truth(programs);
  expect(told.map((passed, i) => passed === programs[i].tests.length)).toEqual(
    programs.map(({ right }) => right),
  );
  await expectAgreement(programs);
});

test('chains of idioms of the built-in world, right and wrong', async () => {
  const corpus = buildCorpus(problems, { seed: 11, size: 1200, bugRate: 0.5 });
  const programs = corpus.map(({ problem, program }) =>
    question(problems[problem], toSource(program, problems[problem])),
  );
  const told = truth(programs);
  expect(told.filter((passed, i) => passed === programs[i].tests.length).length).toBeGreaterThan(300);
  expect(told.filter((passed, i) => passed !== programs[i].tests.length).length).toBeGreaterThan(300);
  await expectAgreement(programs);
});

test('programs of the world with some words changed, added and taken away', async () => {
  const corpus = buildCorpus(problems, { seed: 12, size: 500, bugRate: 0.3 });
  const edit = fc.record({
    at: fc.nat(60),
    kind: fc.constantFrom('replace', 'insert', 'delete', 'swap'),
    word: fc.nat(vocabulary.length - 3).map((word) => word + 2),
  });
  const program = fc.record({
    base: fc.nat(corpus.length - 1),
    edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
  });
  const drawn = fc.sample(program, { numRuns: 600, seed: 20 });
  await expectAgreement(
    drawn.map(({ base, edits }) => {
      const { problem, program } = corpus[base];
      const tokens = [...program].filter((token) => token !== endToken);
      for (const { at, kind, word } of edits) {
        const i = at % tokens.length;
        if (kind === 'replace') tokens[i] = word;
        else if (kind === 'insert') tokens.splice(i, 0, word);
        else if (kind === 'delete' && tokens.length > 1) tokens.splice(i, 1);
        else tokens.push(...tokens.splice(i, 1));
      }
      return question(problems[problem], toSource(tokens, problems[problem]));
    }),
  );
});

test('random sequences of the words of the world', async () => {
  const words = fc.array(
    fc.nat(vocabulary.length - 3).map((word) => word + 2),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(words, { minLength: 60, maxLength: 120 }), async (batch) => {
      await expectAgreement(batch.map((tokens, i) => question(problems[i], toSource(tokens, problems[i]))));
    }),
    { numRuns: 3, seed: 21 },
  );
});

test('random characters, in and around a program', async () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'(){}[];,.=>+-*/`"\'\\!?:x01 \n$_<&|'), maxLength: 20 }),
  );
  const program = fc.oneof(
    noise,
    fc.tuple(noise, noise).map(([before, after]) => `${before}\nfunction f(xs){return xs.length}\n${after}`),
    noise.map((inside) => `function f(xs){${inside}\nreturn xs.length}`),
  );
  const tests = [
    { args: [[1, 2]], expected: 2 },
    { args: [[]], expected: 0 },
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(program, { minLength: 120, maxLength: 120 }), async (sources) => {
      await expectAgreement(sources.map((source) => ({ source, entry: 'f', tests })));
    }),
    { numRuns: 3, seed: 22 },
  );
});

test('no verdict is lost or given to another program, whatever stands beside it', async () => {
  const noise = [
    'for(;;);',
    'function f(){for(;;);}',
    'fetch(',
    'function f(){return f()}',
    'x'.repeat(40_000),
  ];
  const programs = Array.from({ length: 600 }, (_, i) =>
    i % 7 === 3 ? `${noise[i % noise.length]}/*${i}*/` : `function f(x){return x*${i}}`,
  );
  const scores = await page.evaluate(async (programs) => {
    const verdicts = await Promise.all(
      programs.map((source, i) =>
        window.filtrate.judge({ entry: 'f', tests: [{ args: [3], expected: 3 * i }] }, [source]),
      ),
    );
    return verdicts.map(([{ score }]) => score);
  }, programs);
  expect(scores).toEqual(programs.map((_, i) => (i % 7 === 3 ? 0 : 1)));
});
