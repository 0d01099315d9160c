/**
 * What every journey starts with: a page whose uncaught errors fail the test, and the few things that journeys do
 * again and again, said in words.
 */
import { test as base, expect, type Locator, type Page } from '@playwright/test';

/** Gathers what goes wrong on a page without anybody catching it. */
function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  return errors;
}

export const test = base.extend({
  page: async ({ page }, use) => {
    const errors = errorsOf(page);
    await use(page);
    expect(errors, 'errors on the page').toEqual([]);
  },
});
export { expect };

/** A page that outlives its tests, and the file whose tests it is for. */
interface Standing {
  file: string;
  page: Page;
  errors: string[];
}

/**
 * The same, with one page for all tests of a file: for tests that need no first visit, because to load the page again
 * costs more than most of them do. Each begins with the page as it opens by itself, all panels closed, but finds what
 * the one before has stored; it opens what it needs with `open`. After a failure the next one has a new page.
 */
export const onePage = base.extend<object, { standing: { now: Standing | null } }>({
  standing: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the wanted fixtures from this pattern.
    async ({}, use) => {
      const standing = { now: null as Standing | null };
      await use(standing);
      await standing.now?.page.context().close();
    },
    { scope: 'worker' },
  ],
  page: async ({ browser, baseURL, standing }, use, { file }) => {
    if (standing.now?.file !== file) {
      await standing.now?.page.context().close();
      const context = await browser.newContext({ baseURL, serviceWorkers: 'block' });
      const page = await context.newPage();
      standing.now = { file, page, errors: errorsOf(page) };
      await page.goto('./#open=');
      await page.evaluate(() => window.filtrate.ready());
    } else await open(standing.now.page, './#open=');
    const { page, errors } = standing.now;
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
    await use(page);
    expect(errors.splice(0), 'errors on the page').toEqual([]);
  },
});

/** Opens a link in a page that is there already, as one who pastes it into the address: nothing is loaded again. */
export async function open(page: Page, link: string): Promise<void> {
  await page.evaluate(
    async (fragment) => {
      const before = document.querySelector('[data-part="arms"] li');
      // The empty parameter makes it another address than the one that is there.
      location.hash = location.hash === `#${fragment}` ? `&${fragment}` : fragment;
      while (before?.isConnected) await new Promise(requestAnimationFrame);
    },
    link.slice(link.indexOf('#') + 1),
  );
}

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
