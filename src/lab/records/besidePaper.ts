/**
 * Table 2 of PF-PPO (arXiv 2409.06957) beside our own runs: which methods end where they ended there. The scales have
 * little in common, so what is compared is on which side of PPO-M a method is, and the order of all.
 */
import { fixed } from '../../core/numberText.ts';
import { mean, spearman } from '../../core/statistics/stats.ts';
import { tellingOf } from '../../core/statistics/studentT.ts';
import type { PublishedArm, PublishedResults, Spent } from './publishedResults.ts';

export interface PaperRow {
  method: string;
  /** pass@1 in per cent, greedy, best of five epochs. */
  humanEval: number;
  mbpp: number;
  leetCode: number;
}

const row = (method: string, humanEval: number, mbpp: number, leetCode: number): PaperRow => ({
  method,
  humanEval,
  mbpp,
  leetCode,
});

export const paperTable: readonly PaperRow[] = [
  row('SFT', 74.2, 70.8, 15.2),
  row('RAFT', 76.9, 71.3, 17.8),
  row('BOND', 80.8, 75.2, 30.0),
  row('DPO', 78.4, 73.7, 23.0),
  row('IPO', 78.2, 72.9, 23.2),
  row('KTO', 77.9, 72.5, 22.4),
  row('Iterative-DPO', 78.1, 74.8, 23.8),
  row('PPO-S', 78.1, 73.8, 25.2),
  row('PPO-M', 80.2, 75.0, 29.8),
  row('BoN', 75.8, 71.7, 16.8),
  row('BR', 82.9, 75.9, 33.0),
  row('BW', 82.4, 76.2, 30.4),
];

const meanOf = ({ humanEval, mbpp, leetCode }: PaperRow): number => mean([humanEval, mbpp, leetCode]);

/** An arm of results.json. */
export interface OurRow extends PublishedArm {
  spent: Spent;
}

/** The list of the paper's methods; the second has the control, and trains alike. */
const experiments = ['table-2', 'six-methods'];

/** Our row of each method of the paper's table, in its order, and of the control, of the first experiment that has it. */
export function ourRows(results: PublishedResults): Map<string, OurRow> {
  const rows = new Map<string, OurRow>();
  for (const name of [...paperTable.map(({ method }) => method), 'Rand2']) {
    for (const experiment of experiments) {
      const arm = results[experiment]?.summary.arms.find((each) => each.arm === name);
      if (arm && !rows.has(name)) rows.set(name, { ...arm, spent: results[experiment].spent[name] ?? {} });
    }
  }
  return rows;
}

const join = (list: readonly string[]): string =>
  list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;

/** In points of the mean over the three benchmarks: within one, the paper's methods count as level. */
const level = 1;

/** What agrees with the paper and what does not, in whole sentences computed from both. */
export function besidePaper(results: PublishedResults): string[] {
  const ours = ourRows(results);
  const base = meanOf(paperTable.find(({ method }) => method === 'PPO-M')!);
  const groups = new Map<string, string[]>();
  for (const paper of paperTable) {
    const telling = tellingHere(ours.get(paper.method));
    if (telling === null) continue;
    const there = meanOf(paper) - base;
    const key = `${Math.abs(there) < level ? 'level with' : there > 0 ? 'above' : 'below'}|${telling}`;
    groups.set(key, [...(groups.get(key) ?? []), paper.method]);
  }
  const said = [...groups].map(([key, methods]) => {
    const [there, here] = key.split('|');
    const are = methods.length > 1 ? 'are' : 'is';
    return there === here
      ? `As in the paper, ${join(methods)} ${are} ${here} PPO-M.`
      : `Otherwise than in the paper: ${join(methods)} ${are} ${there} PPO-M there and ${here === 'level with' ? 'not told apart from it' : `${here} it`} here.`;
  });
  const both = paperTable.filter(({ method }) => ours.get(method)?.heldEnd);
  const missing = paperTable.filter(({ method }) => method !== 'SFT' && !ours.has(method));
  return [
    ...said,
    ...(both.length < 3 ? [] : [orderInWords(both, ours)]),
    ...(missing.length > 0
      ? [
          `${join(missing.map(({ method }) => method))} ${missing.length > 1 ? 'are' : 'is'} in the paper’s table and not in these runs: choose ${missing.length > 1 ? 'them' : 'it'} at the station Update.`,
        ]
      : []),
  ];
}

function orderInWords(both: readonly PaperRow[], ours: ReadonlyMap<string, OurRow>): string {
  const order = spearman(
    both.map(meanOf),
    both.map(({ method }) => ours.get(method)!.heldEnd!.mean),
  );
  return `Over the ${both.length} methods that both have, the rank correlation of the pass rates is ${fixed(order, 2)}.`;
}

/** On which side of PPO-M an arm of ours is; null for PPO-M itself and for what nothing can be said of. */
function tellingHere(row: OurRow | undefined): 'above' | 'below' | 'level with' | null {
  if (!row?.difference || row.arm === 'PPO-M') return null;
  const telling = tellingOf(row.difference);
  return telling === 'level' ? 'level with' : telling === 'above' || telling === 'below' ? telling : null;
}
