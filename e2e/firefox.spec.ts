/** A smoke journey in stock Firefox, which has no WebGPU on Linux: load, train two iterations, judge. */
import { expect, test } from './support/firefox.ts';
import { quick } from './support/journey.ts';

test('Firefox loads the page, trains two iterations and judges', async ({ firefox: page, baseURL }) => {
  await page.goto(new URL(quick(['bw'], { iterations: 2 }), baseURL).href);
  await page.waitForSelector('::-p-text(ready to start)');
  await (await page.waitForSelector('::-p-aria([name="Play"][role="button"])'))!.click();
  await page.waitForSelector('::-p-text(Finished)', { timeout: 100_000 });
  const verdicts = await page.evaluate(() =>
    window.filtrate.judge({ entry: 'f', tests: [{ args: [2], expected: 4 }] }, [
      'function f(x) { return x * 2; }',
      'function f(x) { return x; }',
      'function f(x) { while (true) {} }',
    ]),
  );
  expect(verdicts.map(({ score }) => score)).toEqual([1, 0, 0]);
});
