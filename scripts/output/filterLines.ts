/** What `npm run analyze` prints below its table: criteria, phantom groups, steps and discarded rows. */
import type { Comparison } from '../../src/core/analysis/toldApart.ts';
import { fixed, percent } from '../../src/core/numberText.ts';
import type { Analysis, Estimate } from '../../src/lab/rollouts/analysis/analyze.ts';
import { comparisonText } from '../../src/lab/rollouts/words/criteriaFindings.ts';
import { reasonText } from '../../src/lab/rollouts/words/discardText.ts';
import { table } from './table.ts';

type Filters = Analysis['filters'];

const interval = ({ value, low, high }: Estimate, digits = 3): string => {
  if (value === null) return '–';
  return low === null || high === null
    ? fixed(value, digits)
    : `${fixed(value, digits)} [${fixed(low, digits)}, ${fixed(high, digits)}]`;
};

/** The criteria beside R², and which filters each of them does not tell apart. */
export function criteriaLines({ filters, toldApart }: Omit<Analysis, 'dropped'>): string[] {
  const entries = Object.entries(filters);
  if (entries.length === 0) return [];
  const known = entries.some(
    ([, { criteria }]) => criteria.phantom.value !== null || criteria.sign.value !== null,
  );
  const names = known ? (['variance', 'signal', 'phantom', 'sign'] as const) : (['variance'] as const);
  const rows = entries.map(([id, { criteria }]) => [id, ...names.map((name) => interval(criteria[name]))]);
  const sentences = Object.entries(toldApart).flatMap(([by, { best, notToldApart }]) => {
    if (entries.length < 2) return [];
    const rest =
      notToldApart.length === 0 ? 'every other is told apart' : `not told apart: ${notToldApart.join(', ')}`;
    return [`${comparisonText[by as Comparison].label}: ${best}; ${rest}`];
  });
  return ['', table(['filter', ...names.map((name) => comparisonText[name].label)], rows), '', ...sentences];
}

/** What each prompt filter does with the phantom groups. */
export function phantomLines(phantom: Analysis['phantom']): string[] {
  if (phantom === null || phantom.phantom === 0) return [];
  const rows = Object.entries(phantom.byPromptFilter).map(([id, { groups, phantom: kept }]) => [
    id,
    `${groups} of ${phantom.groups}`,
    `${kept} of ${phantom.phantom}`,
  ]);
  return ['', table(['prompt filter', 'groups kept', 'phantom groups kept'], rows)];
}

/** Each filter's R² by step, how the criteria agree with R², and when another filter should take over. */
export function stepLines(steps: Analysis['steps'], filters: Filters): string[] {
  if (!steps) return ['All rows are of one step: there is nothing to follow.'];
  const ids = Object.keys(filters);
  const when = ({ from, to }: { from: number; to: number }) => (from === to ? `${from}` : `${from}–${to}`);
  const r2 = steps.windows.map((window) => [
    when(window),
    window.rows,
    ...ids.map((id) => interval(window.filters[id].r2, 2)),
  ]);
  const agreement = steps.windows.map((window) => [
    when(window),
    ...Object.values(window.agreement).map((value) => (value === null ? '–' : fixed(value, 2))),
  ]);
  const names = Object.keys(steps.windows[0].agreement) as Comparison[];
  const schedule = Object.entries(steps.schedule).flatMap(([by, { start, changes }]) => {
    if (start === null) return [];
    const turns = changes.map(({ step, to }) => `from step ${step} ${to}`);
    return [`${comparisonText[by as Comparison].label}: ${[start, ...turns].join(', ')}`];
  });
  const reliability = steps.windows.flatMap((window) => {
    const { reliability: bins } = window;
    return bins && bins.length > 0
      ? [
          [
            when(window),
            ...[bins[0], bins[bins.length >> 1], bins[bins.length - 1]].map(
              ({ reward, score }) => `${fixed(reward, 2)} → ${fixed(score, 2)}`,
            ),
          ],
        ]
      : [];
  });
  return [
    `R² per response over ${steps.steps} steps`,
    table(['steps', 'rows', ...ids], r2),
    '',
    'Do the criteria prefer the filters that R² prefers? Rank correlation over the filters',
    table(['steps', ...names.map((name) => comparisonText[name].label)], agreement),
    ...(reliability.length > 0
      ? [
          '',
          'Mean reward → mean score, at low, middle and high rewards',
          table(['steps', 'low', 'middle', 'high'], reliability),
        ]
      : []),
    '',
    'Which filter, by each criterion; a change is told apart, and stays better in what follows',
    ...schedule,
  ];
}

const shownRows = 10;

/** How many rows for which reason, and the first of them. */
export function discardedLines({ filter, counts, rows }: NonNullable<Analysis['discarded']>): string[] {
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  const reasons = Object.entries(counts).filter(([reason]) => reason !== 'kept');
  return [
    `Discarded by ${filter}: ${rows.length} of ${total} responses (${percent(rows.length / Math.max(1, total))})`,
    ...reasons.map(([reason, count]) => `${count}: ${reasonText(reason)}`),
    ...(rows.length === 0
      ? []
      : [
          '',
          table(
            ['row', 'reason', 'rank', 'reward', 'filter on', 'score', 'advantage before', 'after'],
            rows
              .slice(0, shownRows)
              .map((row) => [
                row.row,
                row.reason,
                `${row.rank} of ${row.of}`,
                row.reward,
                row.filterOn,
                row.score ?? '–',
                row.before,
                row.after,
              ]),
          ),
          ...(rows.length > shownRows ? [`… and ${rows.length - shownRows} more; --json lists all`] : []),
        ]),
  ];
}
