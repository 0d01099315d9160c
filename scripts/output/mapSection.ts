/** The part of docs/results.md that the study of the map fills. Numbers in, sentences out. */
import { type Budget, budgetText } from '../../src/lab/studies/gains.ts';
import type { Study } from '../../src/lab/studies/study.ts';
import { mapTable, studyInWords } from '../../src/lab/studies/studyInWords.ts';

export const mapTitle = 'When does filtering pay?';

export function mapSection(study: Study): string {
  return `## ${mapTitle}

Filters under many rewards: cells × filters × seeds, from the spec \`studies/map.json\`, computed as a study ([automation.md](automation.md)) and merged into \`public/map.json\`, which the page shows. ${howMuch(study)} (${study.engines.join(', ')}; code ${study.code}):

\`npm run experiment -- studies/map.json --out study\`, \`npm run experiment -- --merge study${study.runs.length < study.planned ? ' --partial' : ''}\` and \`cp study/study.json public/map.json\`

±, in this section, is half the 95 % interval over seeds. ▲ and ▼ mark what is told apart; a single seed has no interval, and two never tell apart.

${(['iterations', 'updateTokens'] as const).map((budget) => tableAt(study, budget)).join('\n')}
${studyInWords(study)
  .map((line) => `- ${line}`)
  .join('\n')}
`;
}

function howMuch({ runs, planned, cells }: Study): string {
  return runs.length === planned
    ? `${planned} runs in ${cells.length} cells, all of the list`
    : `${runs.length} of the ${planned} runs of the list are computed so far; the same command goes on with the rest`;
}

function tableAt(study: Study, budget: Budget): string {
  const { head, rows } = mapTable(study, budget);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `At ${budgetText[budget]}:\n\n${[head, head.map(() => '---'), ...rows].map(line).join('\n')}\n`;
}
