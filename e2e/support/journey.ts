/**
 * What every journey starts with: a page whose uncaught errors fail the test, and the few things that journeys do
 * again and again, said in words.
 */
import { test as base, expect, type Locator, type Page } from '@playwright/test';

export const test = base.extend({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
    });
    await use(page);
    expect(errors, 'errors on the page').toEqual([]);
  },
});
export { expect };

/** Settings that make an iteration take a fraction of a second, as a link writes them, for so many arms. */
export function quick(arms: readonly string[], settings: Record<string, number | string> = {}): string {
  const all = {
    prompts: 6,
    responses: 4,
    iterations: 8,
    minibatches: 2,
    pool: 20,
    evaluateEvery: 1000,
    evaluationSamples: 1,
    ...settings,
  };
  const own = arms.flatMap((_, index) =>
    Object.entries(all).map(([name, value]) => `${index + 1}.${name}=${value}`),
  );
  return `./#${[`arms=${arms.join(',')}`, ...own].join('&')}`;
}

/** The sentence under the header that says what is seen now; its badge is the first word. */
export const hero = (page: Page): Locator =>
  page.getByRole('status').filter({ hasText: /^(Recorded|Ready|Starting|Live|Paused|Finished|Stopped)/ });

export const transport = (page: Page): Locator => page.getByRole('toolbar', { name: 'Run' });

/** Iteration that the panels show. */
export async function iteration(page: Page): Promise<number> {
  const text = await transport(page)
    .getByText(/iteration \d+ of \d+/)
    .innerText();
  return Number(/iteration (\d+)/.exec(text)![1]);
}

/** Waits until the panels show at least this iteration. */
export async function reach(page: Page, least: number): Promise<void> {
  await expect.poll(() => iteration(page), { timeout: 90_000 }).toBeGreaterThanOrEqual(least);
}

/** Presses a key with nothing focused, as the page's own keys want it. */
export async function press(page: Page, key: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press(key);
}
