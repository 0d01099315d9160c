/** What moves on the page, and when: nothing at full speed, few things while a person follows, nothing for ever. */
import type { Page } from '@playwright/test';
import { expect, hero, press, quick, reach, test } from './support/journey.ts';

/** Most animations at once over so many frames, and what moved. */
const watch = (page: Page, frames: number) =>
  page.evaluate(async (frames) => {
    const names = new Set<string>();
    let most = 0;
    let endless = 0;
    for (let i = 0; i < frames; i++) {
      await new Promise(requestAnimationFrame);
      const running = document.getAnimations();
      most = Math.max(most, running.length);
      for (const { effect } of running) {
        if (effect?.getTiming().iterations === Number.POSITIVE_INFINITY) endless++;
        const target = (effect as KeyframeEffect | null)?.target;
        const part = target?.closest<HTMLElement>('[data-part]')?.dataset.part;
        if (part) names.add(part.replace(/^station-.*/, 'station'));
      }
    }
    return { most, endless, names: [...names].sort() };
  }, frames);

const arms = (pace: string) => `${quick(['ppo-m', 'bw'], { iterations: 1000 })}&pace=${pace}`;

test('at full speed nothing animates', async ({ page }) => {
  await page.goto(arms('full'));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await reach(page, 2);
  // The button that was pressed may still answer; what an iteration moved, the next 90 frames would show, too.
  await expect.poll(() => watch(page, 90), { timeout: 30_000 }).toEqual({ most: 0, endless: 0, names: [] });
  // The figures go on all the same.
  await reach(page, 4);
  await expect(page.getByRole('region', { name: 'Rank strips' })).toContainText(
    /iteration \d+: \d+ of 24 kept/,
  );
});

test('slowed down, dots and strips come in, few at a time and none for ever', async ({ page }) => {
  await page.goto(arms('calm'));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await reach(page, 2);
  const seen: Awaited<ReturnType<typeof watch>>[] = [];
  // For as long as an iteration takes here.
  await expect
    .poll(
      async () => {
        seen.push(await watch(page, 60));
        return [...new Set(seen.flatMap(({ names }) => names))].sort();
      },
      { timeout: 90_000 },
    )
    .toEqual(['station', 'strips']);
  expect(seen.filter(({ endless }) => endless > 0)).toEqual([]);
  // Two dots that arrive, a station lit and one left, the strips as one.
  expect(Math.max(...seen.map(({ most }) => most))).toBeLessThanOrEqual(8);
});

test('who asked for less motion sees none, at any pace', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(arms('calm'));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await reach(page, 2);
  expect((await watch(page, 120)).most).toBe(0);
});

test('a loop that is paused at full speed comes to rest', async ({ page }) => {
  await page.goto(arms('full'));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await reach(page, 2);
  await press(page, 'Space');
  await expect(hero(page)).toContainText('Paused');
  // A button or a card may still answer; then all is at rest.
  await expect.poll(async () => (await watch(page, 30)).most, { timeout: 20_000 }).toBe(0);
});

test('no style repeats an animation for ever', async ({ page }) => {
  await page.goto('./');
  const styles = await page.evaluate(() =>
    [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\n'),
  );
  expect(styles.length).toBeGreaterThan(10_000);
  expect(styles).not.toMatch(/animation[^;]*infinite/);
});
