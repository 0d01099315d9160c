/**
 * What a page has that some people cannot use: what axe finds, and boxes that may scroll but that no key reaches.
 * Whether such a box scrolls now depends on the fonts of the machine, so every box that may is looked at.
 */
import type { Frame, Page } from '@playwright/test';
import axe from 'axe-core';

export interface Look {
  /** Selector of what is looked at; all that is there when it is left out. */
  place?: string;
}

/**
 * One line per fault, with its place, in both themes; none when all is well. The page is light afterwards. What is in
 * a frame is looked at by naming the frame.
 */
export async function faults(where: Page | Frame, { place = 'body' }: Look = {}): Promise<string[]> {
  const frame = 'mainFrame' in where ? where.mainFrame() : where;
  const page = frame.page();
  // Panels come when they are asked for.
  await frame.locator(place).first().waitFor();
  // Without motion, so that no colour is caught half-way between the themes.
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const light = [...(await violations(frame, place)), ...(await outOfReach(frame, place))];
  // What the themes differ in is their colours.
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violations(frame, place, 'color-contrast');
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((fault) => `dark: ${fault}`)];
}

/** What axe finds, by all its rules or by one. */
async function violations(frame: Frame, place: string, rule?: string): Promise<string[]> {
  // Once for each document, and as text: it is half a megabyte.
  if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(`${axe.source};0`);
  return frame.evaluate(
    async ([place, rule]) => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') };
      const found = await axe.run(place, {
        // Only what is told; whatever passes would be written down for nothing.
        resultTypes: ['violations'],
        iframes: false,
        preload: false,
        ...(rule ? { runOnly: [rule] } : {}),
      });
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 300)).join(', ')}`,
      );
    },
    [place, rule] as const,
  );
}

/** Boxes that may scroll, and that can neither be focused nor hold anything that can. */
const outOfReach = (frame: Frame, place: string): Promise<string[]> =>
  frame.evaluate((selector) => {
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
