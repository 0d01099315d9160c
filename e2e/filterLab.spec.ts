/** The filter lab on a trainer's own file, and from there to a new arm. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { stream } from '../src/core/random.ts';
import { expect, hero, quick, test } from './support/journey.ts';

/** A rollout dump of verl: 60 prompts, five responses each, a reward that knows something, and two bad lines. */
function verlFile(): string {
  const rng = stream(1, 'verl file');
  const lines: string[] = [];
  for (let prompt = 0; prompt < 60; prompt++) {
    for (let sample = 0; sample < 5; sample++) {
      const acc = rng.uniform() < 0.45 ? 1 : 0;
      const score = Math.tanh((acc ? 0.4 : -0.3) + 0.5 * rng.normal());
      lines.push(
        JSON.stringify({
          input: `Prompt ${prompt}`,
          output: `return ${rng.int(10)}`,
          gts: '',
          score,
          acc,
          step: 10,
        }),
      );
    }
  }
  return [
    ...lines,
    '{"input": "cut o',
    JSON.stringify({ input: 'x', output: 'y', score: null, step: 10 }),
    '',
  ].join('\n');
}

const lab = (page: Page): Locator => page.getByRole('region', { name: 'Filter lab' });
/** Rows that the edited filter keeps. */
const kept = async (page: Page) => Number.parseInt(await lab(page).getByTestId('kept').innerText(), 10);

async function openFile(page: Page): Promise<Locator> {
  await page.goto(`${quick(['bw'])}&open=filters`);
  await expect(hero(page)).toContainText('Ready');
  const panel = lab(page);
  await panel.getByText('Your own rollouts').click();
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: '10.jsonl',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(verlFile()),
  });
  await expect(panel.getByText('verl rollout dump (legacy trainer)')).toBeVisible();
  await panel.getByRole('button', { name: 'Read the file' }).click();
  await expect(panel.getByText('300 rows', { exact: true })).toBeVisible();
  return panel;
}

test('a dropped verl file is mapped, read, compared, and leaves as a verl configuration', async ({
  page,
}) => {
  const panel = await openFile(page);
  await expect(panel).toContainText('2 rows dropped');
  await panel.getByText('Dropped rows and why').click();
  await expect(panel.getByText(/line 301/)).toBeVisible();

  await panel.getByRole('radio', { name: 'BW', exact: true }).check();
  expect(await kept(page)).toBe(120);
  const row = panel.getByRole('row', { name: /^BW / });
  await expect(row).toContainText(/0\.\d{3}.*0\.\d\d … 0\.\d\d/, { timeout: 30_000 });
  await expect(row).toContainText('40 %');
  await expect(panel.getByText(/has the highest R² per response/)).toBeVisible({ timeout: 30_000 });

  await panel.getByText(/^Take it away/).click();
  const config = panel.getByRole('region', { name: /\.yaml$/ });
  await expect(config).toContainText('algorithm:');
  await expect(config).toContainText('use_pf_ppo');
  await expect(panel.getByRole('region', { name: /\.py$/ })).toContainText('def ');
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Kept rows as JSONL' }).click();
  const stream = await (await download).createReadStream();
  let text = '';
  for await (const chunk of stream) text += chunk;
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(120);
  expect(new Set(rows.map((each) => each.rank))).toEqual(new Set([1, 5]));
});

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
  await write('function filter(rewards) { for (;;) {} }');
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  await expect(editor.getByRole('status')).toContainText(/refused.*loop/i, { timeout: 30_000 });

  await editor.getByRole('button', { name: 'best and worst' }).click();
  await editor.getByRole('button', { name: 'Run in the sandbox' }).click();
  await expect(editor.getByRole('status')).toContainText('It ran', { timeout: 30_000 });
  expect(await kept(page)).toBe(120);
  await expect(panel.getByRole('row', { name: /edited: custom/ })).toContainText('40 %', { timeout: 30_000 });
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

for (const theme of ['light', 'dark'] as const) {
  test(`the lab passes axe in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const panel = await openFile(page);
    await expect(panel.getByRole('row', { name: /^pow-3 / })).toBeVisible({ timeout: 30_000 });
    await panel.getByText(/^Take it away/).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
}
