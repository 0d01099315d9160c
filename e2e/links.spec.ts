/** Links: what they open, what a teacher hides and locks in them, and the dialog that puts them together. */
import type { Page } from '@playwright/test';
import { pack } from '../src/lab/links/linkText.ts';
import { faults } from './support/access.ts';
import { expect, hero, iteration, press, quick, reach, test, transport } from './support/journey.ts';

const still = (page: Page) => page.emulateMedia({ reducedMotion: 'reduce' });

test('the program under inspection is in the address, and opens from it', async ({ page }) => {
  await still(page);
  await page.goto('./#at=12');
  await expect(hero(page)).toContainText('Recorded');
  await page.getByRole('button', { name: /^prompt 2, rank 1/ }).click();
  const inspector = page.getByRole('region', { name: 'One program' });
  await expect(inspector).toContainText('iteration 12 · prompt 2');
  await expect(page).toHaveURL(/at=12&program=1,12,\d+/);
  const address = page.url();
  const facts = await inspector.locator('dl').innerText();
  await page.goto('about:blank');
  await page.goto(address);
  await expect(inspector).toContainText('iteration 12 · prompt 2');
  await expect(inspector.locator('dl')).toHaveText(facts, { useInnerText: true });
});

test('what a link hides or locks is out of reach of mouse, keys and commands', async ({ page }) => {
  await still(page);
  await page.goto(
    './#hide=presets,training,lessons,footer&lock=settings,seed,arms,transport,panels&open=settings,filters',
  );
  await expect(hero(page)).toContainText('Recorded');
  await expect(page.getByRole('radiogroup', { name: 'Preset' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Train models' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Lessons' })).toHaveCount(0);
  await expect(page.getByRole('contentinfo')).toHaveCount(0);

  await expect(page.getByText('Locked by this link.').first()).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Seed' })).toBeDisabled();
  await expect(transport(page).getByRole('button', { name: 'Play', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  const settings = page.locator('[data-part="panel-settings"]');
  await expect(settings.getByRole('combobox', { name: 'Sampler', exact: true })).toBeDisabled();
  await expect(settings.getByRole('button', { name: /^Choose/ })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Sample', exact: true }).click();
  await expect(settings.getByRole('textbox', { name: /Responses per prompt/ })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Add an arm' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Close this panel' })).toHaveCount(0);
  const lab = page.getByRole('region', { name: 'Filter lab' });
  await expect(lab.getByRole('radio', { name: 'BW', exact: true })).toBeVisible();
  await expect(lab.getByRole('button', { name: 'Start an arm with this filter' })).toHaveCount(0);

  const before = page.url();
  for (const key of ['Space', 't', 'n', 'd', 'r', 'ArrowRight', 's']) await press(page, key);
  await expect(hero(page)).toContainText('Recorded');
  await expect(page.getByRole('region', { name: /Train/ })).toHaveCount(0);
  await expect(page.getByRole('region', { name: /^Settings of/ })).toBeVisible();
  expect(page.url()).toBe(before);

  await press(page, 'Control+k');
  const commands = page.getByRole('listbox', { name: 'Commands' });
  await expect(commands.getByRole('option', { name: /Jump to where/ })).toHaveCount(1);
  for (const gone of [
    /^Play(?! back)/,
    /^Preset/,
    /^Train/,
    /^Lesson/,
    /^Add BoN/,
    /^Settings/,
    /^Duplicate/,
  ])
    await expect(commands.getByRole('option', { name: gone })).toHaveCount(0);
  expect(await faults(page)).toEqual([]);
});

test('a link starts a run in slow motion', async ({ page }) => {
  await page.goto(`${quick(['bw'])}&play=1&pace=slow`);
  await expect(hero(page)).toContainText('Live', { timeout: 60_000 });
  await expect(page.locator('[aria-current="step"]')).toBeVisible({ timeout: 60_000 });
  await expect(transport(page).getByRole('combobox', { name: 'Speed', exact: true })).toContainText(
    'Slow motion',
  );
});

test('the share dialog puts a link together by keyboard alone', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await still(page);
  await page.goto('./#preset=reward-hacking&at=7');
  await expect(hero(page)).toContainText('Recorded');
  await press(page, 'a');
  const dialog = page.getByRole('dialog', { name: 'Share this page' });
  await expect(dialog).toBeVisible();
  const link = dialog.getByRole('textbox', { name: 'The link' });
  await expect(link).toHaveValue(/#preset=reward-hacking&at=7$/);

  /** Goes with Tab to whatever has this name, and presses Space there. */
  const toggle = async (name: string | RegExp) => {
    const wanted = dialog.getByText(name).first();
    for (let i = 0; i < 60; i++) {
      const there = await wanted.evaluate((element) => {
        const label = element.closest('label, summary, button') ?? element;
        return label.contains(document.activeElement) || label === document.activeElement;
      });
      if (there) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Space');
  };
  await toggle('Running as soon as it opens');
  await expect(link).toHaveValue(/#preset=reward-hacking&play=1$/);
  await toggle('In slow motion, station by station');
  await toggle(/^Embedded:/);
  await toggle('Hide parts of the page');
  await toggle('Stations of the loop');
  await toggle(/^Lock:/);
  await toggle('All settings');
  await expect(link).toHaveValue(
    /#preset=reward-hacking&pace=slow&open=settings&play=1&hide=stations&lock=settings&embed=1$/,
  );
  await expect(dialog).toContainText(`${(await link.inputValue()).length} characters`);
  const html = dialog.getByRole('textbox', { name: 'HTML for the course page' });
  await expect(html).toHaveValue(/^<iframe src="http:.*&amp;embed=1" title="Filtrate: Reward hacking"/);
  expect(await faults(page, { place: '[role="dialog"]' })).toEqual([]);

  await toggle('Copy the link');
  await expect(dialog.getByText('Copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await link.inputValue());
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a filter function in a link runs, and nowhere but in the sandbox', async ({ page }) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const escaping = `function filter(rewards) {
  try { globalThis.escaped = true; } catch {}
  try { top.escaped = true; } catch {}
  try { document.title = 'escaped'; } catch {}
  try { fetch('/escaped'); } catch {}
  try { localStorage.setItem('escaped', '1'); } catch {}
  return rewards.map((r) => (r === Math.max(...rewards) ? 1 : 0));
}`;
  const packed = encodeURIComponent(pack(escaping));
  await page.goto(`${quick(['custom'], { responses: 4 })}&1.keep=1&1.customFilter=${packed}`);
  await expect(hero(page)).toContainText('Ready');
  // Opening runs nothing.
  const escaped = () =>
    page.evaluate(() => ({
      flag: 'escaped' in window,
      title: document.title,
      stored: localStorage.getItem('escaped'),
    }));
  expect(await escaped()).toMatchObject({ flag: false, stored: null });
  await press(page, 'ArrowRight');
  await expect(hero(page)).toContainText(/Paused|Stopped/, { timeout: 60_000 });
  expect(await escaped()).toMatchObject({ flag: false, stored: null });
  expect((await escaped()).title).toContain('Filtrate');
  expect(requests.filter((url) => url.includes('escaped'))).toEqual([]);

  // An honest one does what it says.
  const best = encodeURIComponent(
    pack(
      'function filter(rewards) {\n  // Only the best of each group.\n  return rewards.map((r) => (r === Math.max(...rewards) ? 1 : 0));\n}',
    ),
  );
  await page.goto(
    `${quick(['custom'], { responses: 4, seed: 2 }).replace(/&1\.seed=2/, '')}&1.keep=1&seed=2&1.customFilter=${best}`,
  );
  await expect(hero(page)).toContainText('Ready');
  await press(page, 'ArrowRight');
  await reach(page, 1);
  await expect(page.getByRole('region', { name: 'Rank strips' })).toContainText('iteration 1: 6 of 24 kept');
});

test('a link that asks for too much opens, and says what it changed', async ({ page }) => {
  await still(page);
  await page.goto('./#at=700&hide=roof&embed=maybe&program=9,1,1&play=0');
  await expect(hero(page)).toContainText('Recorded');
  for (const said of [
    /at must be a whole number from 1 to 40, and is "700"\. It is 40 now/,
    /hide may hold .*; "roof" was ignored/,
    /embed must be one of 0, 1, and is "maybe"/,
    /program must be an arm, an iteration and a response/,
  ])
    await expect(page.getByText(said)).toBeVisible();
  expect(await iteration(page)).toBe(40);
});
