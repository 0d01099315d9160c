import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { methodsPage, metricsPage, settingsPage } from './docs.ts';

const page = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

it('keeps the reference pages true (run "npm run docs" after changing a table)', () => {
  expect(page('metrics.md')).toBe(metricsPage());
  expect(page('settings.md')).toBe(settingsPage());
  expect(page('methods.md')).toBe(methodsPage());
});
