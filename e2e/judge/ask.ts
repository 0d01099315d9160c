/** The judge of a page that Playwright drives. */
import type { Page } from '@playwright/test';
import type { AskJudge } from './assault.ts';

export function judgeOf(page: Page): AskJudge {
  // As text, because Playwright's types do not end on recursive data.
  return (...request) =>
    page.evaluate((request) => {
      const [task, programs, options] = JSON.parse(request, (_, value) =>
        value === 'NaN' ? Number.NaN : value,
      );
      return window.filtrate.judge(task, programs, options);
    }, asText(request));
}

function asText(request: unknown): string {
  return JSON.stringify(request, (_, value) => (Number.isNaN(value) ? 'NaN' : value));
}
