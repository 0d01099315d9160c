/**
 * A true score for rollouts in a terminal: their responses are run against a problem pack in the sandbox of the built
 * page, as the filter lab does, and it is said how the programs were found in them.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { grouped } from '../../src/core/numberText.ts';
import { type ImportedRollouts, withScore } from '../../src/io/importRollouts.ts';
import type { NamedBlob } from '../../src/io/inspect.ts';
import { type ProblemMatch, ProblemMatcher } from '../../src/io/judging/matchProblems.ts';
import { readRows, readTexts } from '../../src/io/rows/readRows.ts';
import type { RuleUse } from '../../src/judge/response/report.ts';
import { ruleTexts } from '../../src/judge/response/rules.ts';
import { scorable, scoreResponses } from '../../src/lab/rollouts/files/scoreResponses.ts';
import { UsageError } from './analyzeFiles.ts';

export interface TruthFromPack {
  imported: ImportedRollouts;
  /** Name of the pack. */
  pack: string;
  /** Rows that answer a problem of the pack, and rows whose problem holds. */
  matched: number;
  scored: number;
  unmatched: ProblemMatch['unmatched'];
  rules: RuleUse[];
}

export async function truthFromPack(
  files: readonly NamedBlob[],
  imported: ImportedRollouts,
  path: string,
): Promise<TruthFromPack> {
  const name = basename(path);
  const text = textAt(path);
  if (imported.files.every(({ mapping }) => mapping.response === null))
    throw new UsageError('--pack: the files have no column of responses that could be run.');
  // Only here is a browser needed.
  const { openPage } = await import('../headless/page.ts');
  const { page, close } = await openPage();
  try {
    const problems = await page
      .evaluate(([text, name]) => window.filtrate.importPack(text, name), [text, name] as const)
      .catch((cause: Error) => {
        const said = /PackError: (.*)/.exec(cause.message)?.[1];
        throw said === undefined ? cause : new UsageError(`--pack: ${said}`);
      });
    const rows = imported.columns.reward.length;
    const matcher = new ProblemMatcher(problems, rows);
    await readRows(files, imported, [0, rows], (row, { fields, mapping }) =>
      matcher.add(row, fields, mapping),
    );
    const { problem, matched, unmatched } = matcher.result();
    const result = await scoreResponses(
      ({ id }, programs) =>
        page.evaluate(([id, programs]) => window.filtrate.judgeProblem(id, programs), [
          id,
          programs,
        ] as const),
      problems,
      problem,
      async (from, to) => (await readTexts(files, imported, from, to)).map(({ response }) => response),
    );
    if (result === null) throw new Error('The scoring was ended.');
    return {
      imported: withScore(imported, result.score),
      pack: name,
      matched,
      scored: scorable(problem, problems),
      unmatched,
      rules: result.uses,
    };
  } finally {
    await close();
  }
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`--pack: ${path} cannot be opened.`);
  }
}

/** Lines of an example that are shown. */
const exampleLines = 12;

export function truthInWords({ imported, pack, matched, scored, unmatched, rules }: TruthFromPack): string[] {
  const rows = imported.columns.reward.length;
  const lines = [
    `true score: ${grouped(matched)} of ${grouped(rows)} rows answer a problem of ${pack}, ${grouped(scored)} were run`,
  ];
  if (unmatched.length > 0)
    lines.push(`prompts without a problem: ${unmatched.map(({ name }) => name || 'no name').join(', ')}`);
  lines.push('How the programs were found in the responses, with one of each:');
  for (const { rule, responses, example } of rules) {
    lines.push(`  ${grouped(responses)} × ${ruleTexts[rule]}`);
    const shown = example.response.trimEnd().split('\n');
    lines.push(...shown.slice(0, exampleLines).map((line) => `      | ${line}`));
    if (shown.length > exampleLines) lines.push('      | …');
  }
  return lines;
}
