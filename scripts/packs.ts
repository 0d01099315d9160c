/**
 * `npm run packs -- FILE …`: imports problem packs into the built page, as dropping them on it does, and prints which
 * problems hold, which do not, and why. docs/judge.md names the packs that are understood.
 *
 *   npm run packs -- humaneval_js.jsonl [--engine frozen|quickjs] [--json]
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { ImportedProblem } from '../src/judge/packs.ts';
import type { Engine } from '../src/judge/protocol.ts';
import { openPage } from './headless/page.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { engine: { type: 'string' }, json: { type: 'boolean', default: false } },
});
if (positionals.length === 0) {
  console.error('npm run packs -- FILE … [--engine frozen|quickjs] [--json]');
  process.exit(2);
}
if (values.engine && !['frozen', 'quickjs'].includes(values.engine))
  throw new RangeError(`--engine must be frozen or quickjs, not ${values.engine}`);

const { page, close } = await openPage();
try {
  for (const path of positionals) {
    const problems = await page.evaluate(
      ([text, name, engine]) => window.filtrate.importPack(text, name, engine ? { engine } : {}),
      [readFileSync(path, 'utf8'), basename(path), values.engine as Engine | undefined] as const,
    );
    if (values.json) console.log(JSON.stringify(problems));
    else report(path, problems);
  }
} finally {
  await close();
}

function report(path: string, problems: readonly ImportedProblem[]): void {
  const count = (check: ImportedProblem['check']): number =>
    problems.filter((problem) => problem.check === check).length;
  console.log(
    `${path}: ${problems.length} problems, ${count('checked')} checked, ${count('unchecked')} unchecked, ${count('quarantined')} set aside`,
  );
  for (const { id, check, reason } of problems)
    if (check === 'quarantined') console.log(`  ${id}  ${reason?.replace(/\s+/g, ' ')}`);
  for (const { id, warning } of problems) if (warning) console.log(`  ${id}  ${warning}`);
}
