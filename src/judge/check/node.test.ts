/** A test that Node passes is passed here, and one that it fails is failed, on both engines. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeProblem } from '../packs.ts';
import type { Engine } from '../protocol.ts';
import { suites } from '../testing/nodeSuites.ts';
import { nodePasses } from '../testing/nodeTruth.ts';
import { startRealmJudge } from '../testing/realmJudge.ts';
import type { ThreadJudge } from '../testing/threadJudge.ts';

let judge: ThreadJudge;
beforeAll(async () => {
  judge = await startRealmJudge();
});
afterAll(() => judge.dispose());

const problem = (testCode: string) => ({
  id: testCode,
  title: '',
  prompt: '',
  entry: 'f',
  tests: [],
  testCode,
  stopTokens: [],
  timeoutMs: 10_000,
  source: '',
  licence: '',
});

const engines = ['frozen', 'quickjs'] satisfies Engine[];

test.each(suites)('$name', async ({ tests, programs }) => {
  const truths = Promise.all(programs.map((program) => nodePasses(program, tests)));
  const expected = programs.map((program, i) => ({ program, i }));
  for (const engine of engines) {
    const verdicts = await judgeProblem(judge.client, problem(tests), programs, { engine });
    const told = programs.map((program, i) => ({ program, passes: verdicts[i].score === 1 }));
    const passes = await truths;
    expect(told, `${engine}\n${verdicts.map(({ detail }) => detail).join('\n')}`).toEqual(
      expected.map(({ program, i }) => ({ program, passes: passes[i] })),
    );
  }
});
