/** Fingers on a tablet, paper, less motion, and axe over every panel and every step of every lesson. */
import type { Locator, Page } from '@playwright/test';
import { panelIds } from '../src/lab/state/pageParts.ts';
import { lessonIds, syllabus } from '../src/lab/state/syllabus.ts';
import { atRest, faults } from './support/access.ts';
import { expect, hero, iteration, press, quick, reach, test, transport } from './support/journey.ts';

/** A finger put on something, moved, and lifted. */
async function drag(page: Page, target: Locator, by: { x: number; y: number }): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!;
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: at.x + share * by.x, y: at.y + share * by.y }],
    });
  await touch('touchStart', 0);
  for (let step = 1; step <= 8; step++) await touch('touchMove', step / 8);
  await touch('touchEnd', 1);
  await session.detach();
}

/** A finger's tap, a moment after the page has come to rest: what touches a page that scrolls only stops it. */
async function tap(page: Page, target: Locator): Promise<void> {
  await target.scrollIntoViewIfNeeded();
  await page.waitForTimeout(150);
  await target.tap();
}

test.describe('on a tablet', () => {
  test.use({ viewport: { width: 820, height: 1180 }, hasTouch: true });

  test('fingers drag the scrubber and the rank bars, and tap open a program', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('./#open=filters');
    await expect.poll(() => iteration(page)).toBe(40);
    const thumb = page.getByRole('slider', { name: 'Iteration that all panels show' });
    await drag(page, thumb.locator('..'), { x: -120, y: 0 });
    const there = await iteration(page);
    expect(there).toBeLessThan(38);
    expect(there).toBeGreaterThan(0);

    await expect(page.getByRole('region', { name: 'Rank strips' })).toContainText(`iteration ${there}:`);
    await tap(page, page.getByRole('button', { name: /^prompt 1, rank 2/ }));
    const inspector = page.getByRole('region', { name: 'One program' });
    await expect(inspector).toContainText(`iteration ${there}`);
    await expect(inspector).toContainText('rank 2 of');
    await tap(page, inspector.getByRole('button', { name: 'Higher reward in this group' }));
    await expect(inspector).toContainText('rank 1 of');

    const lab = page.getByRole('region', { name: 'Filter lab' });
    await lab.getByRole('radio', { name: 'custom' }).check();
    const bar = lab.getByRole('slider', { name: 'Weight of rank 2', exact: true });
    await expect(bar).toHaveAttribute('aria-valuenow', '0');
    await drag(page, bar, { x: 0, y: -30 });
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0.05);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(820);
  });
});

test('paper shows curves, settings and numbers in light colours, and no controls', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await page.goto('./#preset=reward-hacking&at=12');
  await expect(hero(page)).toContainText('Recorded');
  const sheet = page.getByRole('region', { name: 'Settings and numbers' });
  await expect(sheet).toHaveCount(0);

  await page.emulateMedia({ media: 'print' });
  await expect(sheet.getByRole('row', { name: /beta 0\.02 .* 40 of 40, recorded/ })).toBeVisible();
  await expect(sheet).toContainText('at iteration 12');
  await expect(sheet).toContainText('#preset=reward-hacking&at=12');
  const figure = page.getByRole('figure', { name: 'Held-out pass rate' });
  await expect(figure.locator('svg text').filter({ hasText: 'Iteration' })).toBeVisible();
  await expect(page.locator('canvas:visible')).toHaveCount(0);
  await expect(page.locator('button:not([data-printed]):visible, input:visible, select:visible')).toHaveCount(
    0,
  );
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  expect(await page.evaluate(() => getComputedStyle(document.querySelector('h1')!).color)).toBe(
    'rgb(28, 31, 38)',
  );
  const pages =
    (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(pages).toBeGreaterThanOrEqual(1);
  expect(pages).toBeLessThanOrEqual(5);

  await page.emulateMedia({ media: 'screen' });
  await expect(sheet).toHaveCount(0);
  await expect(page.locator('canvas').first()).toBeVisible();
});

test('a whole run with less motion: live, stepped through, and taught', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(quick(['ppo-m', 'bw'], { iterations: 3 }));
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'Space');
  await reach(page, 3);
  await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
  await press(page, 'Shift+ArrowLeft');
  expect(await iteration(page)).toBe(2);
  await press(page, 'k');
  await expect.poll(() => iteration(page)).toBe(3);
  await press(page, 'n');
  await expect(page.getByRole('complementary', { name: 'Lessons and glossary' })).toBeFocused();
  // Everything that would move takes no time.
  const slow = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [transitionDuration, animationDuration].some((text) =>
          text.split(',').some((each) => Number.parseFloat(each) > 0),
        );
      }).length,
  );
  expect(slow).toBe(0);
  await expect(transport(page)).toBeVisible();
});

test('no panel has anything to mend for axe and the keyboard', async ({ page }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./#open=');
  await expect(hero(page)).toContainText('Recorded');
  const found: string[] = [];
  for (const panel of panelIds) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `program=2,20,3&token=4&at=20&open=${panel}`);
    const place = panel === 'help' || panel === 'share' ? '[role="dialog"]' : `[data-part="panel-${panel}"]`;
    await expect(page.locator(place)).toBeVisible();
    await atRest(page);
    await page.locator(`${place} details`).evaluateAll((all) => {
      for (const details of all) (details as HTMLDetailsElement).open = true;
    });
    await atRest(page);
    found.push(...(await faults(page, { place })).map((fault) => `${panel}: ${fault}`));
  }
  expect(found).toEqual([]);
});

/** What the guide can show: its contents, its glossary, and every step of every lesson. */
const guidePlaces = [
  { hash: 'guide=contents', selector: 'button[aria-current="page"]:has-text("Lessons")' },
  { hash: 'guide=glossary', selector: 'button[aria-current="page"]:has-text("Glossary")' },
  ...lessonIds.flatMap((id) =>
    Array.from({ length: syllabus[id].steps }, (_, step) => ({
      hash: `lesson=${id}&step=${step + 1}`,
      selector: `[data-lesson-step="${id}:${step}"]`,
    })),
  ),
];

/** What a formula needs that the page does not bring along, and whether it is wider than its box. */
async function formulaFaults(page: Page): Promise<string[]> {
  const formula = page.getByRole('region', { name: 'Formula' });
  if ((await formula.count()) === 0) return [];
  await page.evaluate(() => document.fonts.ready);
  const wide = await formula.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  const { nodeIds } = await session.send('DOM.querySelectorAll', {
    nodeId: root.nodeId,
    selector: '[aria-label="Formula"] .katex-html *',
  });
  const used = await Promise.all(
    nodeIds.map((nodeId) => session.send('CSS.getPlatformFontsForNode', { nodeId })),
  );
  await session.detach();
  const names = used.flatMap(({ fonts }) => fonts);
  const foreign = new Set(names.filter((font) => !font.isCustomFont).map(({ familyName }) => familyName));
  return [
    ...(names.length === 0 ? ['a formula without a font'] : []),
    ...(wide > 0 ? [`a formula ${wide} px wider than its box`] : []),
    ...[...foreign].map((font) => `a formula drawn with ${font} of this machine`),
  ];
}

test('no step of any lesson, its question answered, has anything to mend for axe and the keyboard', async ({
  page,
}) => {
  test.slow();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  // Something besides the lesson: then no step arranges or runs the page. Of the page itself, which has tests of its
  // own, only what lessons cannot do without: axe reads all that is there before it looks at the guide.
  const bare = 'open=&at=20&hide=header,presets,transport,stations,arms,curves,strips,openers,footer';
  await page.goto(`./#${bare}`);
  await expect(hero(page)).toContainText('Recorded');
  const guide = page.getByRole('complementary', { name: 'Lessons and glossary' });
  const found: string[] = [];
  for (const { hash, selector } of guidePlaces) {
    await page.evaluate((text) => {
      location.hash = text;
    }, `${bare}&${hash}`);
    await expect(guide.locator(selector).first()).toBeVisible();
    const answers = guide.getByRole('group', { name: 'Predict before you look' }).getByRole('radio');
    if ((await answers.count()) > 0) await answers.first().check();
    const here = await faults(page, { place: 'aside[aria-label="Lessons and glossary"]' });
    found.push(...[...here, ...(await formulaFaults(page))].map((fault) => `${hash}: ${fault}`));
  }
  expect(found).toEqual([]);
});
