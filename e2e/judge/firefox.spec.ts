/** The attacks in stock Firefox, on both engines. */
import { expect, test } from '@playwright/test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findFirefox } from '../../scripts/headless/browsers.ts';
import { type AskJudge, type Assault, assault } from './assault.ts';
import { attacks } from './attacks/all.ts';
import { type Listeners, listen } from './listeners.ts';

let browser: Browser;
let ears: Listeners;
test.beforeAll(async () => {
  // Not the fixture of the other journeys: here, programs reject promises, and Firefox reports each as a page error.
  browser = await puppeteer.launch({ browser: 'firefox', executablePath: findFirefox(), headless: true });
  ears = await listen();
});
test.afterAll(async () => {
  ears.close();
  await browser.close();
});

test('no attack breaks the judge in Firefox', async ({ baseURL }) => {
  test.setTimeout(300_000);
  const page = await browser.newPage();
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
    for (const attack of attacks)
      assaults.push(await assault(judge, attack, { engine }, `firefox ${engine} ${attack.id}`, ears.aim));
    expect(assaults.flatMap(({ broken }) => broken)).toEqual([]);
  }
  expect(ears.heard).toEqual([]);
  expect(ears.connections).toBe(0);
});
