/** A journey through what the training panel does before the loop: knowledge stores, a student, and noise that pre-heats. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { expect, hero, test } from './support/journey.ts';

const panel = (page: Page): Locator => page.getByRole('tabpanel').filter({ visible: true });
const job = (page: Page): Locator => page.getByRole('region', { name: 'Training in progress' });

async function set(page: Page, name: string, value: number): Promise<void> {
  const field = panel(page).getByRole('textbox', { name: `${name}, as a number`, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

async function choose(page: Page, name: string, option: RegExp): Promise<void> {
  await panel(page).getByRole('combobox', { name, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
}

async function downloaded(page: Page, button: string): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: button }).click();
  return readFile(await (await download).path());
}

const bring = (page: Page, name: string, buffer: Buffer): Promise<void> =>
  panel(page)
    .locator('input[type=file]')
    .last()
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

const notice = (page: Page, text: RegExp): Locator =>
  page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: text }).first();

test('a store and a student travel as files, and what is stopped keeps what was learned', async ({
  page,
}) => {
  await page.goto('./');
  await expect(hero(page)).toBeVisible();
  await page.getByRole('button', { name: 'Train models' }).click();
  await page.getByRole('tab', { name: 'Student' }).click();

  // The recorded store: searched, taken along, and refused when it comes back damaged or foreign.
  await expect(panel(page).getByText('Recorded: this store comes with the page.')).toBeVisible();
  const entries = page.getByRole('region', { name: 'Entries of the knowledge store' });
  await entries.getByRole('searchbox').fill('reverse');
  await expect(entries.getByRole('status')).toContainText(/^\d+ found/);
  await expect(entries.getByRole('listitem').first()).toContainText(/reverse/);
  const store = await downloaded(page, 'Export the store');
  await bring(page, 'torn.jsonl', store.subarray(0, -9));
  await expect(notice(page, /torn\.jsonl is cut off/)).toBeVisible();
  const foreign = store.toString().replace(/"vocabulary":"[0-9a-f]+"/, '"vocabulary":"00000000"');
  await bring(page, 'foreign.jsonl', Buffer.from(foreign));
  await expect(notice(page, /foreign\.jsonl was written with another vocabulary/)).toBeVisible();
  await expect(panel(page).getByText('Recorded: this store comes with the page.')).toBeVisible();
  await bring(page, 'mine.jsonl', store);
  await expect(panel(page).getByText('From your file.')).toBeVisible();

  // A student, stopped while its teacher writes, has a store of what was written by then.
  await choose(page, 'Extraction', /^imitation(?!,)/);
  await set(page, 'Tries per request', 1);
  await panel(page).getByRole('button', { name: 'Extract and train a student' }).click();
  await expect(job(page).getByRole('status')).toContainText(/extraction: \d+ of 1,500/);
  await job(page).getByRole('button', { name: 'Stop and keep what was learned' }).click();
  await expect(job(page).getByText('Pocket student: done')).toBeVisible();
  await expect(panel(page).getByText('Extracted in this tab.')).toBeVisible();
  const student = await downloaded(page, 'Download the student');
  await bring(page, 'student.zip', student);
  await expect(panel(page).getByText('From your file. With a student that learned from it.')).toBeVisible();

  // A policy, stopped while it pre-heats, is kept without its mask, and another can be trained.
  await page.getByRole('tab', { name: 'Starting policy' }).click();
  await choose(page, 'Noise before training', /^learned mask/);
  await set(page, 'Corpus', 500);
  await panel(page).getByRole('button', { name: 'Train a policy' }).click();
  await expect(job(page).getByRole('status')).toContainText(/pre-heating: \d+ of 3,000/);
  await expect(page.getByText('Masks of the token embeddings, now.')).toBeVisible();
  await job(page).getByRole('button', { name: 'Stop and keep what was learned' }).click();
  await expect(job(page).getByText('Policy: done')).toBeVisible();
  await expect(job(page).getByText('Mean of the masks')).toBeVisible();
  await expect(page.getByText('The last masks of pre-heating; they are dropped since.')).toBeVisible();
  await expect(panel(page).getByText('In use: the one trained in this tab.')).toBeVisible();
  await panel(page).getByRole('button', { name: 'Train a policy' }).click();
  await expect(job(page).getByRole('status')).toContainText(/pre-heating: \d+ of 3,000/);
  await job(page).getByRole('button', { name: 'Stop and keep what was learned' }).click();
});
