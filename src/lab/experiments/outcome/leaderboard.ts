/**
 * What the runs of an experiment came to, in the shape of Table 2 of the paper: a row per arm, an interval for every
 * number, and in words which arms the runs tell apart.
 */
import { grouped, plusMinus } from '../../../core/numberText.ts';
import { halfWidth95, hasSpread, tellingOf, toldApart } from '../../../core/statistics/studentT.ts';
import {
  type ArmSummary,
  type SeedEstimate,
  type Summary,
  type SummaryRun,
  summarise,
} from '../../records/summary.ts';
import { seedsInWords, summaryInWords } from '../../records/summaryInWords.ts';

export interface Leaderboard {
  /** The arm that differences are taken from. */
  reference: string | null;
  /** The highest held-out pass rate at the end first; arms without one last. */
  rows: ArmSummary[];
  /** Whole sentences: what the runs allow to be said. */
  sentences: string[];
}

type EstimateKey = {
  [Key in keyof ArmSummary]: ArmSummary[Key] extends SeedEstimate | null ? Key : never;
}[keyof ArmSummary];

interface Column {
  key: EstimateKey;
  label: string;
  /** One line: what it is. */
  what: string;
  digits: number;
  /** It is a count: shown in thousands where it is a large one. Files have plain ones. */
  counts?: true;
}

export const columns: readonly Column[] = [
  { key: 'heldStart', label: 'held start', what: 'Held-out pass rate of the starting policy.', digits: 3 },
  {
    key: 'heldEnd',
    label: 'held end',
    what: 'Held-out pass rate at the end: mean of the last two looks.',
    digits: 3,
  },
  {
    key: 'difference',
    label: 'difference',
    what: 'Held end minus the baseline’s, paired by seed.',
    digits: 3,
  },
  { key: 'greedyEnd', label: 'greedy end', what: 'Held-out greedy pass rate at the end.', digits: 3 },
  { key: 'reward', label: 'reward', what: 'Reward on π, mean of the last five iterations.', digits: 3 },
  { key: 'kl', label: 'KL', what: 'KL to the start, mean of the last five iterations, in nats.', digits: 2 },
  {
    key: 'r2',
    label: 'R² kept',
    what: 'R² over the kept samples, mean of the last five iterations.',
    digits: 3,
  },
  {
    key: 'updateTokens',
    label: 'update tokens',
    what: 'Tokens that went through policy and critic updates.',
    digits: 1,
    counts: true,
  },
  {
    key: 'samples',
    label: 'samples',
    what: 'Programs sampled for training.',
    digits: 1,
    counts: true,
  },
];

/** @param baseline the arm to subtract; by default PPO-M when it ran, otherwise the first */
export function leaderboard(runs: readonly SummaryRun[], baseline?: string): Leaderboard {
  const summary = summarise(runs, baseline);
  const end = (row: ArmSummary) => row.heldEnd?.mean ?? Number.NEGATIVE_INFINITY;
  return {
    reference: summary.reference,
    rows: [...summary.arms].sort((a, b) => end(b) - end(a)),
    sentences: sentencesOf(summary),
  };
}

function sentencesOf(summary: Summary): string[] {
  return summary.arms.some((arm) => arm.difference !== null) ? summaryInWords(summary) : [];
}

/** "not told apart from PPO-M", which is above, or why the seeds cannot say; empty for the reference itself. */
export function verdictOf({ difference }: ArmSummary, reference: string | null): string {
  if (!difference) return '';
  const telling = tellingOf(difference);
  switch (telling) {
    case 'above':
    case 'below':
      return `${telling} ${reference}`;
    case 'level':
      return `not told apart from ${reference}`;
    case 'no spread':
      return `the same over ${seedsInWords([difference.count])}: not told apart from ${reference}`;
    case 'few':
      return `${seedsInWords([difference.count])} cannot tell`;
    default:
      telling satisfies never;
      return '';
  }
}

const signed = (text: string, mean: number, key: EstimateKey) =>
  key === 'difference' && mean > 0 ? `+${text}` : text;

/** Half the 95 % interval, where there is one: differences that are all the same have none, see `tellingOf`. */
const halfOf = (key: EstimateKey, value: SeedEstimate): number | null =>
  key === 'difference' && value.mean !== 0 && !hasSpread(value)
    ? null
    : halfWidth95(value.standardError, value.count);

/** "0.621 ± 0.043", where ± is half the 95 % interval; a single seed has none, and what was not measured is a dash. */
export function cellText(column: Column, value: SeedEstimate | null): string {
  if (value === null) return '–';
  const half = halfOf(column.key, value);
  const text = column.counts
    ? countText(value.mean, half, column.digits)
    : plusMinus(value.mean, half, column.digits);
  return signed(text, value.mean, column.key);
}

/** From here on the last digits of a count are in nobody's way. */
const large = 10_000;

/** "480 ± 12", "76.8 ± 0.4 k". */
function countText(mean: number, half: number | null, digits: number): string {
  if (mean >= large) return `${plusMinus(mean / 1000, half === null ? null : half / 1000, digits)} k`;
  return half === null ? grouped(mean) : `${grouped(mean)} ± ${grouped(half)}`;
}

export const winsText = ({ difference }: ArmSummary): string =>
  difference ? `${difference.wins} of ${difference.count}` : '–';

/** The table with numbers as people read them, for Markdown. */
export function readableTable(board: Leaderboard): { head: string[]; rows: string[][] } {
  const head = [
    'method',
    'seeds',
    ...columns.map(({ key, label }) => headOf(board, key, label)),
    'wins',
    'verdict',
  ];
  return {
    head,
    rows: board.rows.map((row) => [
      row.arm,
      String(row.seeds.length),
      ...columns.map((column) => cellText(column, row[column.key])),
      winsText(row),
      row.arm === board.reference ? 'baseline' : verdictOf(row, board.reference),
    ]),
  };
}

/** "minus PPO-M" in place of "difference". */
export const headOf = ({ reference }: Leaderboard, key: EstimateKey, label: string): string =>
  key === 'difference' && reference !== null ? `minus ${reference}` : label;

/** The table as numbers: for CSV. Means in plain units, ends of the 95 % intervals, and how many runs. */
export function numberTable(board: Leaderboard): { head: string[]; rows: (string | number | null)[][] } {
  return {
    head: [
      'method',
      'seeds',
      'iterations',
      ...columns.flatMap(({ key }) => [key, `${key} low`, `${key} high`, `${key} n`]),
      'wins',
      'baseline',
      'told apart',
    ],
    rows: board.rows.map((row) => [
      row.arm,
      row.seeds.length,
      row.iterations,
      ...columns.flatMap(({ key }) => {
        const value = row[key];
        if (value === null) return [null, null, null, 0];
        const half = halfOf(key, value);
        return half === null
          ? [value.mean, null, null, value.count]
          : [value.mean, value.mean - half, value.mean + half, value.count];
      }),
      row.difference?.wins ?? null,
      board.reference,
      row.difference ? (toldApart(row.difference) ? 'yes' : 'no') : null,
    ]),
  };
}

/** A Markdown table with the sentences above it. */
export function markdown(title: string, board: Leaderboard): string {
  const { head, rows } = readableTable(board);
  const cells = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    ...board.sentences.map((line) => `- ${line}`),
    ...(board.sentences.length > 0 ? [''] : []),
    cells(head),
    cells(head.map(() => '---')),
    ...rows.map(cells),
    '',
    '± is half the 95 % interval of the mean over seeds (Student’s t); differences are paired by seed.',
    '',
  ].join('\n');
}
