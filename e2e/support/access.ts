/**
 * What a page has that some people cannot use: what axe finds, and boxes that may scroll but that no key reaches.
 * Whether such a box scrolls now depends on the fonts of the machine, so every box that may is looked at.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export interface Look {
  /** Selector of what is looked at; the whole page, frames included, when it is left out. */
  place?: string;
}

/** One line per fault, with its place, in both themes; none when all is well. The page is light afterwards. */
export async function faults(page: Page, { place }: Look = {}): Promise<string[]> {
  const look = async (only?: string) => {
    const axe = new AxeBuilder({ page });
    // Without frames to gather from, axe needs no page of its own for every report.
    if (place) axe.include(place).setLegacyMode();
    if (only) axe.withRules([only]);
    const { violations } = await axe.analyze();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 300)).join(', ')}`,
    );
  };
  // Without motion, so that no colour is caught half-way between the themes.
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const light = [...(await look()), ...(await outOfReach(page, place ?? 'body'))];
  // What the themes differ in is their colours.
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await look('color-contrast');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

/** Boxes that may scroll, and that can neither be focused nor hold anything that can. */
const outOfReach = (page: Page, place: string): Promise<string[]> =>
  page.evaluate((selector) => {
    const focusable = 'a[href], button, input, select, textarea, summary, iframe, [tabindex]';
    // A list under a text field is walked through with the arrow keys of the field.
    const walked = new Set(
      [...document.querySelectorAll('[role="combobox"]')].map((field) => field.getAttribute('aria-controls')),
    );
    return [...document.querySelectorAll(selector)]
      .flatMap((root) => [root, ...root.querySelectorAll('*')])
      .filter((box) => {
        const { overflowX, overflowY } = getComputedStyle(box);
        if (!/auto|scroll/.test(overflowX + overflowY) || !box.checkVisibility() || walked.has(box.id))
          return false;
        return ![box, ...box.querySelectorAll(focusable)].some(
          (each) => (each as HTMLElement).tabIndex >= 0 && each.checkVisibility(),
        );
      })
      .map((box) => `no key reaches what may scroll: ${(box.cloneNode() as Element).outerHTML}`);
  }, place);

/** Waits until the page has not changed for a moment: what a panel loads when it opens has come. */
export const atRest = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const end = () => {
          observer.disconnect();
          resolve();
        };
        let timer = setTimeout(end, 150);
        const observer = new MutationObserver(() => {
          clearTimeout(timer);
          timer = setTimeout(end, 150);
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
  );
