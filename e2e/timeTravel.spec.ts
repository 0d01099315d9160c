/** One scrubber through the iterations: by hand, by itself, and to where it gets interesting. */
import type { Locator, Page } from '@playwright/test';
import { expect, hero, iteration, open, press, onePage as test, transport } from './support/journey.ts';

const scrubber = (page: Page): Locator =>
  page.getByRole('slider', { name: 'Iteration that all panels show' });
const playBack = (page: Page): Locator => transport(page).getByRole('button', { name: 'Play back' });

test('moves curves, rank strips, inspector and filter lab together', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, './#preset=reward-hacking&program=1,40,3&open=filters');
  await expect(hero(page)).toContainText('Recorded');
  const strips = page.getByRole('region', { name: 'Rank strips' });
  const inspector = page.getByRole('region', { name: 'One program' });
  const lab = page.getByRole('region', { name: 'Filter lab' });
  const curve = page.getByRole('figure', { name: 'Reward on π' });
  const r2 = lab.getByRole('row', { name: /^BW / });
  const reliability = lab.getByRole('figure', { name: /reliab|ten lines|score by reward/i }).first();

  await expect(strips).toContainText('iteration 40:');
  await expect(inspector).toContainText('iteration 40');
  await expect(lab).toContainText('iterations 31 to 40');
  await expect(r2).toContainText(/0\.\d{3}/, { timeout: 30_000 });
  const [rewardLast, r2Last] = [await curve.innerText(), await r2.innerText()];

  await scrubber(page).focus();
  await page.keyboard.press('Home');
  await expect.poll(() => iteration(page)).toBe(1);
  await expect(strips).toContainText('iteration 1:');
  await expect(inspector).toContainText('beta 0.02 · iteration 1 ·');
  await expect(lab).toContainText('beta 0.02, iteration 1:');
  await expect(curve).not.toHaveText(rewardLast);
  await expect.poll(() => r2.innerText(), { timeout: 30_000 }).not.toBe(r2Last);
  await expect(reliability).toBeVisible();
  await expect(page).toHaveURL(/at=1&program=1,1,\d+/);

  await page.keyboard.press('ArrowRight');
  await expect(inspector).toContainText('iteration 2');
  await page.keyboard.press('End');
  await expect(strips).toContainText('iteration 40:');
  await expect(transport(page).getByRole('button', { name: 'Follow the newest iteration' })).toBeHidden();
});

test('plays back at the chosen speed and stops at the newest', async ({ page }) => {
  await open(page, './#open=');
  await expect.poll(() => iteration(page)).toBe(40);
  await transport(page).getByRole('combobox', { name: 'Speed of playing back' }).click();
  await page.getByRole('option', { name: '20/s' }).click();
  await playBack(page).click();
  await expect.poll(() => iteration(page), { intervals: [40] }).toBeLessThan(20);
  await expect.poll(() => iteration(page), { intervals: [40] }).toBeGreaterThan(25);
  await expect(playBack(page)).toBeVisible();
  expect(await iteration(page)).toBe(40);

  await press(page, 'k');
  await expect(transport(page).getByRole('button', { name: 'Stop playing back' })).toBeVisible();
  await press(page, 'Shift+ArrowLeft');
  await expect(playBack(page)).toBeVisible();
  const there = await iteration(page);
  await page.waitForTimeout(500);
  expect(await iteration(page)).toBe(there);
});

test('jumps to where reward and truth part, and says so when they do not', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, './#preset=reward-hacking&active=2');
  await expect(hero(page)).toContainText('Recorded');
  await transport(page).getByRole('button', { name: 'Jump to where reward and truth part' }).click();
  await expect(
    page.getByText(
      /beta 0\.02: from iteration \d+ on the reward rises .* while the held-out pass rate falls/,
    ),
  ).toBeVisible();
  expect(await iteration(page)).toBeGreaterThanOrEqual(5);
  expect(await iteration(page)).toBeLessThanOrEqual(15);
  await expect(page.getByRole('button', { name: /^beta 0\.02:/ })).toHaveAttribute('aria-pressed', 'true');

  await open(page, './#preset=healthy');
  await expect(hero(page)).toContainText('PPO-M');
  await press(page, 'j');
  await expect(page.getByText('PPO-M: reward and truth do not part.')).toBeVisible();
  expect(await iteration(page)).toBe(40);
});

test('with reduced motion nothing walks by itself: each press goes one iteration on', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, './#open=');
  await expect.poll(() => iteration(page)).toBe(40);
  for (const expected of [1, 2, 3]) {
    await playBack(page).click();
    await page.waitForTimeout(300);
    expect(await iteration(page)).toBe(expected);
  }
  const moving = await page.evaluate(
    () =>
      document.getAnimations().filter((animation) => Number(animation.effect?.getTiming().duration) > 0)
        .length,
  );
  expect(moving).toBe(0);
});
