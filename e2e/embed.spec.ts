/** The page in a frame of a course page: another origin, with and without storage, on its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frameHtml } from '../src/lab/links/shareLink.ts';
import { faults } from './support/access.ts';
import { expect, quick, test } from './support/journey.ts';

let course: Server;
let body = '';
test.beforeAll(async () => {
  course = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><title>Course</title><main><h1>Week 4</h1><p>Press play.</p>${body}</main></html>`,
    );
  });
  await new Promise<void>((resolve) => course.listen(0, '127.0.0.1', resolve));
});
test.afterAll(() => course.close());
/** Another site than the page's own, which is at localhost. */
const coursePage = () => `http://127.0.0.1:${(course.address() as AddressInfo).port}/`;

const status = /^(Recorded|Ready|Starting|Live|Paused|Finished|Stopped)/;

test('a figure on a course page plays, is clean for axe, and leads to the whole page', async ({
  page,
  baseURL,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const link = `${quick(['bw']).slice(2)}&seed=5&hide=strips,figures&lock=arms&embed=1`;
  body = frameHtml(`${baseURL}${link}`, 'Filtrate: best and worst', 640);
  await page.goto(coursePage());
  const frame = page.frameLocator('iframe');
  const hero = frame.getByRole('status').filter({ hasText: status });
  await expect(hero).toContainText('Ready');
  await expect(frame.getByRole('radiogroup', { name: 'Preset' })).toHaveCount(0);
  await expect(frame.getByRole('contentinfo')).toHaveCount(0);
  await expect(frame.getByRole('navigation', { name: 'Panels' })).toHaveCount(0);
  await frame.getByRole('button', { name: 'Step one iteration' }).click();
  await expect(hero).toContainText('Paused', { timeout: 60_000 });
  await expect(frame.getByRole('toolbar', { name: 'Run' })).toContainText(/iteration\s*1\s*of\s*8/);
  const inside = page.frames().find((each) => each !== page.mainFrame() && each.url().includes('embed=1'))!;
  expect([...(await faults(page)), ...(await faults(inside))]).toEqual([]);
  expect(await inside.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  const popup = page.waitForEvent('popup');
  await frame.getByRole('link', { name: /Open in Filtrate/ }).click();
  const whole = await popup;
  await expect(whole.getByRole('heading', { name: 'Filtrate', level: 1 })).toBeVisible();
  await expect(whole.getByRole('textbox', { name: 'Seed' })).toHaveValue('5');
  expect(whole.url()).not.toContain('embed=1');
  expect(whole.url()).toContain('hide=strips,figures');
});

test('an embedded page keeps no runs in the browser; a whole one does', async ({ page }) => {
  const stored = () => page.evaluate(async () => (await indexedDB.databases()).length);
  for (const [embed, databases] of [
    ['&embed=1', 0],
    ['', 1],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(`${quick(['bw'])}${embed}`);
    await expect(page.getByRole('status').filter({ hasText: status })).toContainText('Ready');
    await page.getByRole('button', { name: 'Step one iteration' }).click();
    await expect(page.getByRole('status').filter({ hasText: status })).toContainText('Paused', {
      timeout: 60_000,
    });
    await expect.poll(stored).toBe(databases);
  }
});

for (const embed of [true, false]) {
  test(`without storage a page in a frame still works${embed ? '' : ', whole as well'}`, async ({
    page,
    baseURL,
  }) => {
    // What a browser does that keeps third parties from storing anything.
    await page.addInitScript(() => {
      if (window === window.top) return;
      const denied = () => {
        throw new DOMException('Access is denied.', 'SecurityError');
      };
      for (const name of ['localStorage', 'sessionStorage', 'caches'])
        Object.defineProperty(window, name, { get: denied });
      IDBFactory.prototype.open = denied;
      LockManager.prototype.request = () =>
        Promise.reject(new DOMException('Access is denied.', 'SecurityError'));
      for (const name of ['estimate', 'persist', 'persisted', 'getDirectory'])
        Object.defineProperty(StorageManager.prototype, name, {
          value: () => Promise.reject(new TypeError('Access is denied.')),
        });
    });
    body = frameHtml(`${baseURL}${quick(['bw']).slice(2)}${embed ? '&embed=1' : ''}`, 'Filtrate', 700);
    await page.goto(coursePage());
    const frame = page.frameLocator('iframe');
    const hero = frame.getByRole('status').filter({ hasText: status });
    await expect(hero).toContainText('Ready');
    await frame.getByRole('button', { name: 'Step one iteration' }).click();
    await expect(hero).toContainText('Paused', { timeout: 60_000 });
    await expect(frame.getByRole('toolbar', { name: 'Run' })).toContainText(/iteration\s*1\s*of\s*8/);
    await expect(frame.getByRole('alert')).toHaveCount(0);
  });
}
