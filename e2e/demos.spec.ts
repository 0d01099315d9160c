/** Every demo, of presets and of lessons, from the file that the page plays it from; and the lessons as a reader has them. */
import type { Page } from '@playwright/test';
import { demos } from '../src/demos/index.ts';
import { syllabus } from '../src/lab/state/syllabus.ts';
import { holds } from './support/demos.ts';
import { expect, hero, press, quick, test } from './support/journey.ts';

for (const { id, title } of demos) {
  test(`the demo ${id} holds: ${title}`, async ({ page }) => {
    await holds(page, id);
  });
}

test('a demo that does not exist says which there are', async ({ page }) => {
  await page.goto('./?demo=nothing&hurry=1');
  await expect(page.locator('[data-demo-state="broken"]')).toContainText('there are healthy');
});

const step = (page: Page) => page.locator('[data-lesson-step]');
const guide = (page: Page) => page.getByRole('complementary', { name: 'Lessons and glossary' });

test('lesson 4 by keyboard alone, and the page as it was afterwards', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${quick(['wr'])}&seed=7&x=samples`);
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'n');
  await expect(guide(page)).toBeFocused();
  // Two views, the button that closes, then the lessons in their order.
  for (let i = 0; i < 3 + 4; i++) await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: /^Policy filtration/ })).toBeFocused();
  await page.keyboard.press('Enter');
  const { steps } = syllabus.filtration;
  for (let i = 0; i < steps; i++) {
    await expect(step(page)).toHaveAttribute('data-lesson-step', `filtration:${i}`);
    await expect(step(page)).toHaveAttribute('data-entered', 'true', { timeout: 90_000 });
    if (i === 1) await expect(page.getByRole('button', { name: /^BoN:/ })).toBeVisible();
    await press(page, i < steps - 1 ? 'Space' : 'Backspace');
  }
  await expect(step(page)).toHaveAttribute('data-lesson-step', `filtration:${steps - 2}`);
  await press(page, 'n');
  await expect(guide(page)).toBeHidden();
  await expect(page.getByRole('button', { name: /^WR:/ })).toBeVisible();
  await expect.poll(() => new URL(page.url()).hash).toContain('seed=7');
  expect(new URL(page.url()).hash).toContain('x=samples');
});

test('a question is answered honestly, and a part of the page lights up when pointed at', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./#lesson=best-of-n&step=2');
  await page.getByRole('radio', { name: 'Nothing: errors are as often up as down' }).check();
  await expect(guide(page)).toContainText('Rather: It is probably upwards.');
  await page.goto('./#lesson=loop&step=1');
  await guide(page).getByRole('button', { name: 'Sample', exact: true }).hover();
  await expect(page.locator('[data-part="station-sample"]')).toHaveCSS('outline-style', 'solid');
});

test('the naive judge of lesson 7 is fooled, the true one is not', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./#lesson=graders&step=3');
  await page.getByRole('button', { name: 'Judge them' }).click();
  const bench = page.getByRole('region', { name: 'Two judges' });
  await expect(bench.locator('[data-judge="naive"]')).toHaveText([
    '5 of 5 tests',
    '5 of 5 tests',
    '5 of 5 tests',
    '5 of 5 tests',
  ]);
  await expect(bench.locator('[data-judge="true"]')).toHaveText([
    '0 of 5 tests',
    '0 of 5 tests',
    '0 of 5 tests',
    '0 of 5 tests',
  ]);
});

test('on a narrow screen a lesson is a sheet below the page, without scrolling sideways', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto('./#lesson=hacking&step=1');
  await expect(step(page)).toBeVisible();
  const box = (await guide(page).boundingBox())!;
  expect(box.y).toBeGreaterThan(300);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
