/** The filter under edit: thresholds, weights, functions, and from there to a new arm. */
import { stream } from '../../src/core/random.ts';
import { expect, onePage as test } from '../support/journey.ts';
import { kept, openFile, openLab } from './lab.ts';

test('a threshold follows the mouse and the arrow keys, and can be taken back', async ({ page }) => {
  const panel = await openFile(page);
  await panel.getByRole('radio', { name: 'top-bott' }).check();
  const handle = panel.getByRole('slider', { name: 'Upper threshold' });
  const fit = panel.getByText(/^R² of all/);
  const [keptBefore, fitBefore] = [await kept(page), await fit.innerText()];

  await handle.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
  expect(await kept(page)).toBeGreaterThan(keptBefore);
  await expect(fit).not.toHaveText(fitBefore);

  const afterKeys = await kept(page);
  const box = (await handle.boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  await page.mouse.move(middle.x + 40, middle.y, { steps: 8 });
  await page.mouse.up();
  expect(await kept(page)).toBeLessThan(afterKeys);

  await panel.getByRole('button', { name: 'Undo' }).click();
  expect(await kept(page)).toBe(afterKeys);
  await panel.getByRole('button', { name: 'Redo' }).click();
  expect(await kept(page)).toBeLessThan(afterKeys);
});

test('a filter function that loops is refused, one that works is compared', async ({ page }) => {
  const panel = await openFile(page);
  await panel.getByRole('radio', { name: 'custom' }).check();
  const editor = panel.getByRole('region', { name: 'Filter function' });
  await expect(editor.locator('.monaco-editor')).toBeVisible();
  const write = async (source: string) => {
    await editor.locator('.monaco-editor').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(source);
  };
  await write('function filter(rewards) { return rewards.map((r) => r; }');
  await expect(editor.getByRole('status')).toContainText('Line 1: Unexpected token', { timeout: 30_000 });
  await expect(editor.locator('.squiggly-error')).toBeVisible();

  await write('function filter(rewards) { return rewards.');
  await page.keyboard.type('l');
  const offered = page.locator('.suggest-widget');
  await expect(offered).toBeVisible();
  await expect(offered).toContainText('length');
  await page.keyboard.press('Enter');
  await expect(editor.locator('.view-lines')).toContainText('return rewards.length');
  await editor
    .locator('.view-lines span', { hasText: /^rewards$/ })
    .first()
    .hover();
  await expect(page.locator('.monaco-hover:visible').first()).toContainText('rewards: number[]');
  // Tab leaves the editor.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor.getByRole('button', { name: 'Run in the sandbox' })).toBeFocused();

  await write('function filter(rewards) { for (;;) {} }');
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  await expect(editor.getByRole('status')).toContainText(/refused.*loop/i, { timeout: 30_000 });
  await expect(editor.locator('.squiggly-error')).toBeVisible();
  // It outlives the check of the syntax, which comes a moment after the typing.
  await page.waitForTimeout(1000);
  await expect(editor.locator('.squiggly-error')).toBeVisible();

  await editor.getByRole('button', { name: 'best and worst' }).click();
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  await expect(editor.getByRole('status')).toContainText('It ran', { timeout: 30_000 });
  expect(await kept(page)).toBe(120);
  await expect(panel.getByRole('row', { name: /edited: custom/ })).toContainText('40 %', { timeout: 30_000 });
});

test('a filter function on very many responses runs on a sample, and the page says so beside what it shows', async ({
  page,
}) => {
  const rng = stream(4, 'many');
  const total = 100_000;
  const rows = Array.from({ length: total }, (_, i) => {
    const score = rng.uniform() < 0.5 ? 1 : 0;
    return `p${i >> 2},${(score + rng.normal()).toFixed(3)},${score}`;
  });
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: 'many.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['prompt,reward,score', ...rows].join('\r\n')),
  });
  await panel.getByRole('button', { name: 'Read the file' }).click();
  await expect(panel.getByText(/^many\.csv: 100,000 responses\. What follows a drag/)).toBeVisible({
    timeout: 60_000,
  });
  await expect(panel.getByTestId('kept')).toContainText('in the sample');

  await panel.getByRole('radio', { name: 'custom' }).check();
  const write = panel.getByRole('button', { name: 'Write a function instead' });
  if (await write.isVisible()) await write.click();
  const editor = panel.getByRole('region', { name: 'Filter function' });
  await editor.getByRole('button', { name: 'best and worst' }).click();
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  const status = editor.getByRole('status');
  await expect(status).toContainText(/^It ran on a sample: [\d,]+ of 100,000 responses/, { timeout: 60_000 });
  await expect(panel.getByText(/^A filter function is tried on the sample alone/)).toBeVisible();
  const sample = Number(/sample: ([\d,]+)/.exec(await status.innerText())![1].replaceAll(',', ''));
  expect(sample).toBeGreaterThan(50_000);
  expect(sample).toBeLessThan(70_000);
  // Two of four responses to every prompt of the sample.
  await expect(panel.getByTestId('kept')).toHaveText(
    `${(sample / 2).toLocaleString('en-GB')} of ${sample.toLocaleString('en-GB')} in the sample`,
  );
  await expect(panel.getByRole('row', { name: /^BW / })).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByRole('row', { name: /edited: custom/ })).toHaveCount(0);
  await panel.getByText(/^Take it away/).click();
  await expect(panel.getByRole('button', { name: 'Kept rows as JSONL' })).toBeDisabled();
});

test('an arm starts from the edited filter and remembers it', async ({ page }) => {
  const panel = await openFile(page);
  const bar = panel.getByRole('slider', { name: 'Weight of rank 2', exact: true });
  await bar.focus();
  await page.keyboard.press('PageUp');
  await expect(bar).toHaveAttribute('aria-valuenow', '0.2');
  await panel.getByRole('button', { name: 'Start an arm with this filter' }).click();
  await expect(page.getByRole('region', { name: 'Arms' }).getByRole('listitem')).toHaveCount(2);
  await expect(page).toHaveURL(/arms=bw,custom/);
  await expect(page).toHaveURL(/2\.rankWeights=0\.5,0\.2,0,0,0\.5/);
});

test('a file’s reward is tried in the lab, as a simulation that says so', async ({ page }) => {
  const panel = await openFile(page);
  const part = panel.getByRole('region', { name: 'Try it in the lab' });
  await expect(part).toContainText('A simulation');
  await part.getByRole('button', { name: 'Open PPO-M, this filter and Rand2' }).click();
  const arms = page.getByRole('region', { name: 'Arms' });
  await expect(arms.getByRole('listitem')).toHaveText([
    /PPO-M, simulated/,
    /BW, simulated/,
    /Rand2, simulated/,
  ]);
  await expect(page).toHaveURL(/1\.reward=synthetic&1\.syntheticNoise=/);
});
