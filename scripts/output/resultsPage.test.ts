import { expect, it } from 'vitest';
import { type Reported, withSection } from './resultsPage.ts';

const reported = (title: string, question: string) =>
  ({
    title,
    question,
    command: 'npm',
    spec: {},
    summary: { reference: null, arms: [] },
    runs: [],
  }) as unknown as Reported;

it('writes the section of one experiment anew, or adds it, and leaves the rest of the page', () => {
  const page = '# Results\n\n## One\n\nold\n\n## Two\n\nkept\n\n## Beside the paper\n\nend\n';
  const added = withSection(page, reported('Three', 'third?'));
  expect(added).toMatch(/kept\n\n## Three\n\nthird\?[\s\S]*\n\n## Beside the paper\n\nend\n$/);
  const changed = withSection(added, reported('One', 'first?'));
  expect(changed).toMatch(/^# Results\n\n## One\n\nfirst\?[\s\S]*\n## Two\n\nkept\n\n## Three/);
  expect(changed).not.toContain('old');
  expect(withSection(changed, reported('One', 'first?'))).toBe(changed);
});
