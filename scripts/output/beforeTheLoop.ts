/**
 * The part of docs/results.md about what is done to models before any arm starts. Students and preparations are measured
 * by commands of their own, which write docs/students.md and docs/preparations.md: levels and verdicts are taken from
 * there, so that no number stands in two places by two ways.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { withText } from './resultsPage.ts';

export const beforeTheLoopTitle = 'Before the loop';

/** @param pages the text of docs/students.md and of docs/preparations.md */
export function beforeTheLoopSection(pages: { students: string; preparations: string }): string {
  const [students, preparations] = [sectionsOf(pages.students), sectionsOf(pages.preparations)];
  const rewards = preparations('Does a pre-heated reward model have a more reliable middle?');
  const policies = preparations('Starting policies');
  return `## ${beforeTheLoopTitle}

Means over seeds with 95 % intervals of Student's t; differences are paired by seed, and *told apart* means that the interval leaves zero out.

### Pocket students

${commandIn(pages.students)}; how it was done, and every difference with its interval, is in [students.md](students.md).

${tableIn(students('Levels'))}

${listIn(students('Differences'))}

### Noise before training

${commandIn(pages.preparations)}; budget, columns, and every difference with its interval are in [preparations.md](preparations.md).

Reward models:

${tableIn(rewards)}

${listIn(rewards)}

Starting policies:

${tableIn(policies)}

${listIn(policies)}
`;
}

/** The section as the two pages have it now. */
export function readBeforeTheLoop(): string {
  const page = (name: string) => readFileSync(`docs/${name}.md`, 'utf8');
  return beforeTheLoopSection({ students: page('students'), preparations: page('preparations') });
}

/** Puts the section into docs/results.md, after one of the two pages was written. */
export function writeBeforeTheLoop(): void {
  const whole = withText(readFileSync('docs/results.md', 'utf8'), beforeTheLoopTitle, readBeforeTheLoop());
  writeFileSync('docs/results.md', `${whole.trimEnd()}\n`);
}

/** Finds the text below a heading of a page. */
function sectionsOf(page: string): (title: string) => string {
  const sections = page.split(/^(?=## )/m);
  return (title) => {
    const found = sections.find((each) => each.startsWith(`## ${title}\n`));
    if (found === undefined) throw new Error(`A page has no section "${title}" to take results from.`);
    return found;
  };
}

/** The first lines in a row that begin with a mark. */
function linesIn(section: string, mark: string): string {
  const lines = section.split('\n');
  const from = lines.findIndex((line) => line.startsWith(mark));
  const length = lines.slice(from).findIndex((line) => !line.startsWith(mark));
  if (from < 0 || length < 0) throw new Error(`No line begins with "${mark}" in:\n${section}`);
  return lines.slice(from, from + length).join('\n');
}

const tableIn = (section: string) => linesIn(section, '|');
const listIn = (section: string) => linesIn(section, '- ');
const commandIn = (page: string) => /^(`npm run .*`) writes this page/m.exec(page)?.[1] ?? '';
