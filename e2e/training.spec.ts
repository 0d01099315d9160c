/** Journeys through the training panel: models trained in the tab, stopped early, and brought as files. */
import type { Page } from '@playwright/test';
import { expect, hero, test } from './support/journey.ts';

async function openTraining(page: Page): Promise<void> {
  await page.goto('./');
  await expect(hero(page)).toBeVisible();
  await page.getByRole('button', { name: 'Train models' }).click();
}

const knob = (page: Page, name: string) =>
  page
    .getByRole('tabpanel')
    .filter({ visible: true })
    .getByRole('textbox', { name: `${name}, as a number`, exact: true });

async function set(page: Page, name: string, value: number): Promise<void> {
  await knob(page, name).fill(String(value));
  await knob(page, name).press('Enter');
}

test('a policy is trained in the page, stopped early, and what it learned is kept', async ({ page }) => {
  await openTraining(page);
  await page.getByRole('button', { name: 'a larger model (0.8 M)' }).click();
  await expect(knob(page, 'Layers')).toHaveValue('4');
  await page.getByRole('button', { name: 'the shipped recipe (0.12 M parameters)' }).click();
  await expect(knob(page, 'Layers')).toHaveValue('2');
  await page.getByRole('button', { name: 'Train a policy' }).click();
  const job = page.getByRole('region', { name: 'Training in progress' });
  await expect(job.getByRole('status')).toContainText(/fine-tuning: \d+ of 3,000, .* left/, {
    timeout: 60_000,
  });
  await expect(job.getByText('Loss')).toBeVisible();
  await job.getByRole('button', { name: 'Stop and keep what was learned' }).click();
  await expect(job.getByText('Policy: done')).toBeVisible({ timeout: 60_000 });
  await expect(job.getByText('Held-out pass rate')).toBeVisible();
  await expect(
    page.getByText('In use: the one trained in this tab.').filter({ visible: true }),
  ).toBeVisible();
});

test('a reward model is trained in the page from pairs that execution has told apart', async ({ page }) => {
  await openTraining(page);
  await page.getByRole('tab', { name: 'Reward model' }).click();
  await set(page, 'Prompts', 20);
  await page.getByRole('button', { name: 'Train a reward model' }).click();
  const job = page.getByRole('region', { name: 'Training in progress' });
  await expect(job.getByText(/reward model: done/)).toBeVisible({ timeout: 90_000 });
  await expect(job.getByText('Held-out pairs told apart')).toBeVisible();
});

test('a damaged model file is refused by name, and the model in use stays', async ({ page }) => {
  await openTraining(page);
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.locator('input[type=file]').setInputFiles([
    { name: 'model.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.from([1, 2, 3]) },
    { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from('{"model_type": "gpt2"}') },
  ]);
  await expect(
    page
      .getByRole('alert')
      .or(page.getByRole('status'))
      .filter({ hasText: /config\.json|model\.safetensors/ })
      .first(),
  ).toBeVisible();
  await expect(
    page.getByText('In use: the one that came with the page.').filter({ visible: true }),
  ).toBeVisible();
});
