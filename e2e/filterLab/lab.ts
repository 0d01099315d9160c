/** The filter lab as its journeys meet it: open, and with a rollout file of a trainer read. */
import type { Locator, Page } from '@playwright/test';
import { stream } from '../../src/core/random.ts';
import { expect, hero, open, quick } from '../support/journey.ts';

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

export const lab = (page: Page): Locator => page.getByRole('region', { name: 'Filter lab' });

/** Rows that the edited filter keeps. */
export const kept = async (page: Page) =>
  Number.parseInt(await lab(page).getByTestId('kept').innerText(), 10);

export async function openLab(page: Page): Promise<Locator> {
  await open(page, `${quick(['bw'])}&open=filters`);
  await expect(hero(page)).toContainText('Ready');
  return lab(page);
}

export async function openFile(page: Page): Promise<Locator> {
  const panel = await openLab(page);
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
