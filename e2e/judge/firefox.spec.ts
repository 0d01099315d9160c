/** At least a third of the attacks, from every category, on both engines in stock Firefox. */
import { expect, test } from '../support/firefox.ts';
import { type AskJudge, type Assault, assault } from './assault.ts';
import { attacks } from './attacks/all.ts';
import { listen } from './listeners.ts';

// Firefox ends a hung or hoarding worker differently from Chromium; the loop guards, the regular expressions and the
// memory of QuickJS are what is tried here.
const chosen = attacks.filter(({ id }, i) => i % 2 === 0 && !/^(F38|F47|F49|G09b?)$/.test(id));

test('no attack breaks the judge in Firefox', async ({ firefox: page, baseURL }) => {
  test.setTimeout(300_000);
  expect(chosen.length).toBeGreaterThanOrEqual(attacks.length / 3);
  const ears = await listen();
  await page.goto(baseURL!);
  await page.evaluate(() => window.filtrate.ready());
  const judge: AskJudge = (...request) =>
    page.evaluate(
      (request) => {
        const [task, programs, options] = JSON.parse(request, (_, value) =>
          value === 'NaN' ? Number.NaN : value,
        );
        return window.filtrate.judge(task, programs, options);
      },
      JSON.stringify(request, (_, value) => (Number.isNaN(value) ? 'NaN' : value)),
    );
  for (const engine of ['frozen', 'quickjs'] as const) {
    const assaults: Assault[] = [];
    for (const attack of chosen)
      assaults.push(await assault(judge, attack, { engine }, `firefox ${engine} ${attack.id}`, ears.aim));
    expect(assaults.flatMap(({ broken }) => broken)).toEqual([]);
  }
  expect(ears.heard).toEqual([]);
  expect(ears.connections).toBe(0);
  ears.close();
});
