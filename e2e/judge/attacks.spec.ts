/**
 * Every attack on both engines of the built page, with listeners that must stay silent. Each batch holds the attack,
 * an honest and a wrong program; since one judge serves them all, whatever an attack leaves behind would show in the
 * batches after it.
 */
import { expect, type Page, test } from '@playwright/test';
import { judgeOf } from './ask.ts';
import { type AskJudge, type Assault, assault } from './assault.ts';
import { attacks } from './attacks/all.ts';
import { sum } from './attacks/attack.ts';
import { type Listeners, listen } from './listeners.ts';

let page: Page;
let judge: AskJudge;
let ears: Listeners;

test.beforeAll(async ({ browser, baseURL }) => {
  page = await browser.newPage({ baseURL });
  judge = judgeOf(page);
  ears = await listen();
  await page.goto('./');
  await page.evaluate(() => window.filtrate.ready());
});
test.afterEach(() => {
  expect(ears.heard).toEqual([]);
  // A connection that says nothing is a leak too: its address may be the message.
  expect(ears.connections).toBe(0);
});
test.afterAll(async () => {
  ears.close();
  await page.close();
});

for (const engine of ['frozen', 'quickjs'] as const) {
  test(`no attack breaks the ${engine} engine`, async () => {
    const assaults: Assault[] = [];
    for (const attack of attacks)
      assaults.push(await assault(judge, attack, { engine }, `${engine} ${attack.id}`, ears.aim));
    expect(assaults.flatMap(({ broken }) => broken)).toEqual([]);
    expect(assaults.length).toBeGreaterThanOrEqual(46 + 60);
  });
}

test('a score depends on neither engine nor company nor order', async () => {
  // All attacks at once, forwards and backwards. The comment makes each program new to the judge.
  const programs = attacks
    .filter(({ task }) => !task)
    .flatMap((attack) => attack.programs.map((source) => `${ears.aim(source)}\n/* again */`));
  const forwards = await judge(sum, programs, { engine: 'frozen' });
  const other = await judge(sum, programs, { engine: 'quickjs' });
  const backwards = await judge(sum, programs.map((source) => `${source}/* backwards */`).reverse(), {
    engine: 'frozen',
  });
  const scores = forwards.map(({ score }) => score);
  expect(other.map(({ score }) => score)).toEqual(scores);
  expect(backwards.map(({ score }) => score).reverse()).toEqual(scores);
});

test('the naive judge falls for what careless graders fall for', async () => {
  const fooled: string[] = [];
  for (const attack of attacks.filter(({ id }) => /^[A-D]/.test(id))) {
    const { verdicts } = await assault(judge, attack, { judge: 'naive' }, `naive ${attack.id}`, ears.aim);
    if (verdicts[0].score > (attack.most ?? 0) + 1e-9) fooled.push(attack.id);
  }
  // Overwritten comparison, an emptied loop, forged JSON, an object equal to all, an error that is skipped, forged messages, answers in order.
  for (const id of ['A01', 'A05', 'A31', 'B01', 'B05', 'C01', 'D44']) expect(fooled).toContain(id);
});
