/** Stock Firefox, driven by puppeteer over WebDriver BiDi, as a fixture: `firefox` is an empty tab. */
import { test as base, expect } from '@playwright/test';
import puppeteer, { type Page } from 'puppeteer-core';
import { findFirefox } from '../../scripts/headless/browsers.ts';

export const test = base.extend<{ firefox: Page }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the wanted fixtures from this pattern.
  firefox: async ({}, use) => {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: findFirefox(),
      headless: true,
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await use(page);
    await browser.close();
    expect(errors, 'errors on the page').toEqual([]);
  },
});
export { expect };
