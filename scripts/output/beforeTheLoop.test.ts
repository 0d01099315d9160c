import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beforeTheLoopSection } from './beforeTheLoop.ts';

const page = (name: string) => readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
const pages = { students: page('students'), preparations: page('preparations') };

describe('the results before the loop', () => {
  it('stand in docs/results.md as the pages of their commands have them', () => {
    expect(page('results')).toContain(beforeTheLoopSection(pages));
  });

  it('have the levels of all students and preparations, and say what is told apart', () => {
    const section = beforeTheLoopSection(pages);
    for (const row of ['student alone', 'store after PPO, mixed in', 'learned mask', 'dropout'])
      expect(section).toContain(`| ${row} |`);
    expect(section).toMatch(/^- Known problems: .*told apart/m);
    expect(section).toMatch(/^- Order in the middle: .*told apart/m);
    expect(section).toContain('`npm run students -- --seeds');
  });

  it('cannot be taken from a page that says something else', () => {
    expect(() => beforeTheLoopSection({ ...pages, students: '# Students\n' })).toThrow(/no section "Levels"/);
  });
});
