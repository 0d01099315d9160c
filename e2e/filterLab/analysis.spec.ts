/** What the lab says of a file: filters compared, phantom groups, figures, the same numbers as in the terminal. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stream } from '../../src/core/random.ts';
import { faults } from '../support/access.ts';
import { expect, onePage as test } from '../support/journey.ts';
import { kept, openFile, openLab } from './lab.ts';

/** Three steps, 12 prompts of four: where all fail, the shaping of the reward still tells them apart. */
function shapedFile(): string {
  const rng = stream(2, 'shaped');
  const rows = Array.from({ length: 3 * 12 * 4 }, (_, i) => {
    const prompt = Math.floor(i / 4) % 12;
    const outcome = prompt % 2 === 0 && rng.uniform() < 0.5 ? 1 : 0;
    return {
      step: Math.floor(i / 48),
      prompt_id: `p${prompt}`,
      sample: i % 4,
      prompt: `Prompt ${prompt}`,
      response: `answer ${i}`,
      reward: 0.7 * outcome + 0.3 * rng.uniform(),
      outcome,
      score: outcome,
    };
  });
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

test('phantom groups are warned of, and a prompt filter on the truth drops them before BW; steps and discarded rows are looked at', async ({
  page,
}) => {
  const panel = await openLab(page);
  await panel.getByText('Your own rollouts').click();
  await panel.getByLabel('Choose rollout files').setInputFiles({
    name: 'shaped.jsonl',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(shapedFile()),
  });
  await panel.getByRole('button', { name: 'Read the file' }).click();
  const phantoms = panel.getByRole('region', { name: 'Phantom groups' });
  await expect(phantoms).toContainText('filter on the outcome instead', { timeout: 60_000 });
  await phantoms.getByText('What each prompt filter does with them').click();
  const contrast = phantoms.getByRole('row', { name: /^Contrast/ });
  await expect(contrast).toContainText('36 of 36');
  await panel.getByLabel('Which prompts').selectOption('Contrast');
  await expect.poll(() => kept(page)).toBe(72);
  await panel.getByLabel('Filter on').selectOption('the true score');
  await expect.poll(() => kept(page)).toBeLessThan(40);
  await expect(contrast.getByRole('cell').last()).toContainText(/^0 of /, { timeout: 60_000 });

  const table = panel.getByRole('region', { name: 'Filters compared', exact: true });
  await expect(table.getByRole('row', { name: /^edited: Contrast, BW/ })).toBeVisible({ timeout: 60_000 });
  await expect(table.getByRole('row', { name: /^Negatives only/ })).toBeVisible({ timeout: 60_000 });
  await table.getByRole('button', { name: 'sign agreement', exact: true }).click();
  await expect(table.getByRole('row').nth(1)).toContainText('edited: Contrast, BW');
  await expect(table).toContainText('By sign agreement, edited: Contrast, BW is highest');

  await panel.getByText('Over the steps: does another filter become better?').click();
  await expect(panel.getByRole('figure', { name: 'Do the criteria agree?' })).toBeVisible({
    timeout: 60_000,
  });
  await panel.getByText('What is discarded, and why: Contrast, BW').click();
  const discarded = panel.getByRole('region', { name: /^Discarded responses/ });
  await expect(discarded).toContainText('its prompt has no contrast', { timeout: 60_000 });
  await discarded.focus();
  await page.keyboard.press('ArrowDown');
  await expect(panel.getByText(/^answer \d+$/)).toBeVisible();

  await panel.getByText(/^Take it away/).click();
  await expect(panel.getByText('give the module those numbers in place of the rewards')).toBeVisible();
  await expect(panel.getByRole('region', { name: 'pyproject.toml' })).toContainText('verl.plugins');
});

test('the page and the terminal analyse the same file to the same digits', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-analyze-'));
  try {
    const rng = stream(3, 'analysed');
    const rows = Array.from({ length: 400 }, (_, i) => {
      const score = rng.uniform() < 0.5 ? 1 : 0;
      return { prompt_id: `p${i >> 2}`, sample: i % 4, step: 1, reward: score + rng.normal(), score };
    });
    const file = join(folder, 'rows.jsonl');
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const args = [
      '--import',
      'tsx',
      'scripts/analyze.ts',
      file,
      '--json',
      '--seed',
      '7',
      '--bootstrap',
      '200',
    ];
    const terminal = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    const here = await page.evaluate(
      (rows) => window.filtrate.analyze(rows, { seed: 7, bootstrap: 200 }),
      rows,
    );
    expect(here.filters).toEqual(terminal.filters);
    expect(Object.keys(here.filters).length).toBeGreaterThan(8);
    const refused = page.evaluate(() => window.filtrate.analyze([], { groups: 1 }));
    await expect(refused).rejects.toThrow(/RangeError.*options.groups/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every figure of the lab gives its numbers, an SVG and a PNG, its labels in it', async ({ page }) => {
  const panel = await openFile(page);
  await expect(panel.getByRole('figure', { name: /Ten lines/ })).toBeVisible({ timeout: 30_000 });
  const figures = await panel.getByRole('figure').all();
  expect(figures.length).toBe(6);
  for (const figure of figures) {
    await figure.getByText('Numbers', { exact: false }).first().click();
    for (const kind of ['CSV', 'SVG', 'PNG']) {
      const download = page.waitForEvent('download');
      await figure.getByRole('button', { name: kind, exact: true }).click();
      let bytes = Buffer.alloc(0);
      for await (const chunk of await (await download).createReadStream())
        bytes = Buffer.concat([bytes, chunk]);
      const text = bytes.toString('utf8');
      // A picture within may spell anything.
      if (kind !== 'PNG') expect(text.replace(/data:image[^"]+/g, '')).not.toContain('NaN');
      if (kind === 'CSV') expect(text.split('\r\n').length).toBeGreaterThan(3);
      if (kind === 'PNG') expect(bytes.length).toBeGreaterThan(5000);
      if (kind === 'SVG') {
        const labels = await figure.locator('svg text').allTextContents();
        expect(labels.length).toBeGreaterThan(6);
        for (const label of labels) expect(text).toContain(`>${label}</text>`);
      }
    }
  }
});

test('the lab has nothing to mend for axe and the keyboard', async ({ page }) => {
  const panel = await openFile(page);
  await expect(panel.getByRole('row', { name: /^pow-3 / })).toBeVisible({ timeout: 30_000 });
  await panel.getByText(/^Take it away/).click();
  expect(await faults(page)).toEqual([]);
});
