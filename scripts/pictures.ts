/**
 * `npm run pictures`: takes the pictures of the README and the docs from the real page, in real states.
 *
 *   npm run pictures -- [NAME …]
 */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright';
import { openPage, type PageOptions } from './headless/page.ts';

interface Picture extends PageOptions {
  /** Brings the page into the state to be shown. */
  prepare(page: Page): Promise<void>;
}

const pause = (page: Page, seconds: number) => page.waitForTimeout(seconds * 1000);

const pictures: Record<string, Picture> = {
  /** The recorded run, as the page opens. */
  page: { viewport: { width: 1440, height: 1480 }, prepare: (page) => pause(page, 8) },
  dark: { colorScheme: 'dark', viewport: { width: 1440, height: 1480 }, prepare: (page) => pause(page, 8) },
  narrow: { viewport: { width: 390, height: 1200 }, prepare: (page) => pause(page, 8) },
};

const chosen = process.argv.slice(2);
const folder = 'docs/images';
mkdirSync(folder, { recursive: true });
for (const [name, picture] of Object.entries(pictures)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const { page, close } = await openPage(picture);
  await picture.prepare(page);
  await page.screenshot({ path: `${folder}/${name}.png` });
  await close();
  console.log(`${folder}/${name}.png`);
}
