/** Playing a demo in a test: for our own, and for those of a course (see docs/demos.md). */
import type { Page } from '@playwright/test';
import { expect } from './journey.ts';

/** Plays a demo of the page without pauses; fails with the step that did not hold. */
export async function holds(page: Page, id: string, options: { timeout?: number } = {}): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./?demo=${id}&hurry=1`);
  const player = page.locator(`[data-demo="${id}"]`);
  await expect(player).not.toHaveAttribute('data-demo-state', 'playing', {
    timeout: options.timeout ?? 110_000,
  });
  expect(
    await player.getAttribute('data-demo-state'),
    (await player.getByRole('status').textContent()) ?? '',
  ).toBe('held');
}
