/** The columns of the table that decides: what each says, how it is written, its number for the CSV. */
import type { Interval } from '../../../../core/analysis/bootstrap.ts';
import type { FilterReport, TruthReport } from '../../../../core/analysis/compareFilters.ts';
import { type CriterionName, criterionNames } from '../../../../core/analysis/criteria.ts';
import type { Comparison } from '../../../../core/analysis/toldApart.ts';
import { fixed, percent } from '../../../../core/numberText.ts';
import { csv } from '../../../../io/csv/csvFile.ts';
import { comparisonText } from '../../../../lab/rollouts/words/criteriaFindings.ts';
import { paperTable1, paperTable3 } from './paper.ts';
import styles from './table.module.css';

export interface Column {
  head: string;
  /** By which filters are told apart; absent: the column has no replicates. */
  by?: Comparison;
  what: string;
  cell: (report: FilterReport) => React.ReactNode;
  value: (report: FilterReport) => number | null;
}

const truth = (report: FilterReport, read: (truth: TruthReport) => number): number | null => {
  const value = report.truth ? read(report.truth) : Number.NaN;
  return Number.isFinite(value) ? value : null;
};
const number = (value: number | null, digits = 3) => fixed(value, digits);

/** Where an estimate lies in its little drawing: shares from 0 to 1, the others to what is common. */
const criterionDomain: Readonly<Record<CriterionName, readonly [number, number]>> = {
  variance: [0, 1],
  signal: [0, 8],
  phantom: [0, 1],
  sign: [0, 1],
};

export const columns: readonly Column[] = [
  {
    head: 'share kept',
    what: 'Rows of the training set as a share of all responses, repeats counted: what remains of the update budget.',
    value: (report) => report.share,
    cell: (report) => percent(report.share),
  },
  {
    head: 'pass rate',
    by: 'passRate',
    what: 'Share of the kept responses that pass every test, with its 95 % interval over prompts.',
    value: (report) => truth(report, (t) => t.passRate.value),
    cell: (report) => <Estimate interval={report.truth?.passRate} domain={[0, 1]} />,
  },
  {
    head: 'score',
    what: 'Mean true score of the kept responses.',
    value: (report) => truth(report, (t) => t.meanScore.value),
    cell: (report) => number(truth(report, (t) => t.meanScore.value)),
  },
  {
    head: 'R² per response',
    by: 'r2',
    what: 'R² of the straight line from reward to true score over the kept responses, one by one.',
    value: (report) => truth(report, (t) => t.r2.perResponse.value),
    cell: (report) => <Estimate interval={report.truth?.r2.perResponse} domain={[0, 1]} />,
  },
  {
    head: 'gain',
    what: 'R² per response minus that of all responses, on the same resampled prompts. An interval that holds 0 does not tell the filter from none.',
    value: (report) => truth(report, (t) => t.gain.value),
    cell: (report) => <Estimate interval={report.truth?.gain} domain={[-0.5, 0.5]} signed />,
  },
  {
    head: 'by range alone',
    what: 'R² per response that this filter would have if the reward were equally noisy everywhere: same rewards, simulated truth. What exceeds it is not merely a wider range of rewards.',
    value: (report) => truth(report, (t) => t.control.perResponse),
    cell: (report) => number(truth(report, (t) => t.control.perResponse)),
  },
  {
    head: 'R² grouped',
    by: 'grouped',
    what: 'The paper’s criterion: R² of a line through the means of groups of similar reward. Turns on how the groups are cut: see the settings above the table.',
    value: (report) => truth(report, (t) => t.r2.grouped.value),
    cell: (report) => <Estimate interval={report.truth?.r2.grouped} domain={[0, 1]} />,
  },
  ...criterionNames.map(
    (by): Column => ({
      head: comparisonText[by].label,
      by,
      what: comparisonText[by].what,
      value: (report) => (Number.isFinite(report.criteria[by].value) ? report.criteria[by].value : null),
      cell: (report) => <Estimate interval={report.criteria[by]} domain={criterionDomain[by]} />,
    }),
  ),
  {
    head: 'Spearman',
    what: 'Rank correlation of reward and true score over the kept responses.',
    value: (report) => truth(report, (t) => t.spearman),
    cell: (report) =>
      number(
        truth(report, (t) => t.spearman),
        2,
      ),
  },
  {
    head: 'Kendall',
    what: 'Kendall’s tau-b of reward and true score over the kept responses.',
    value: (report) => truth(report, (t) => t.kendall),
    cell: (report) =>
      number(
        truth(report, (t) => t.kendall),
        2,
      ),
  },
  {
    head: 'unique',
    what: 'Different programs among the kept ones of a group, as a share of them.',
    value: (report) => report.diversity?.uniqueShare ?? null,
    cell: (report) => percent(report.diversity?.uniqueShare),
  },
  {
    head: 'edit distance',
    what: 'Edit distance between two kept programs of a group, divided by the longer one’s length; mean over pairs.',
    value: (report) => report.diversity?.editDistance ?? null,
    cell: (report) => number(report.diversity?.editDistance ?? null, 2),
  },
  {
    head: 'paper',
    what: 'R² that the paper printed for this filter on samples of its SFT policy (Table 1, else Table 3), grouped in a way it does not state, for another model and task.',
    value: (report) => printed(report.id),
    cell: (report) => number(printed(report.id)),
  },
];

const printed = (id: string): number | null => paperTable1[id]?.[0] ?? paperTable3[id] ?? null;

/**
 * A value with its interval, drawn and written: no more digits than are known, however small the value is, because the
 * interval says what it may be.
 */
function Estimate(props: {
  interval: Interval | undefined;
  domain: readonly [number, number];
  signed?: boolean;
}) {
  const { interval, domain } = props;
  if (!interval || !Number.isFinite(interval.value)) return '–';
  const at = (value: number) => Math.min(1, Math.max(0, (value - domain[0]) / (domain[1] - domain[0]))) * 60;
  const known = Number.isFinite(interval.low);
  const sign = props.signed && interval.value >= 0.0005 ? '+' : '';
  return (
    <span className={styles.estimate}>
      <svg width="62" height="10" aria-hidden="true">
        <path className={styles.estimateAxis} d={`M1 5H61${props.signed ? `M${1 + at(0)} 1V9` : ''}`} />
        {known ? (
          <path className={styles.estimateBar} d={`M${1 + at(interval.low)} 5H${1 + at(interval.high)}`} />
        ) : null}
        <circle className={styles.estimateDot} cx={1 + at(interval.value)} cy="5" r="3" />
      </svg>
      <span>
        {sign}
        {fixed(interval.value, 3)}
        {known ? (
          <small>
            {' '}
            {fixed(interval.low, 2)} … {fixed(interval.high, 2)}
          </small>
        ) : null}
      </span>
    </span>
  );
}

/** The table as on screen, intervals in columns of their own. */
export function tableCsv(reports: readonly FilterReport[]): string {
  const intervals: [string, (report: FilterReport) => Interval | undefined][] = [
    ['pass rate', ({ truth }) => truth?.passRate],
    ['R² per response', ({ truth }) => truth?.r2.perResponse],
    ['gain', ({ truth }) => truth?.gain],
    ['R² grouped', ({ truth }) => truth?.r2.grouped],
    ...criterionNames.map((name): [string, (report: FilterReport) => Interval] => [
      comparisonText[name].label,
      ({ criteria }) => criteria[name],
    ]),
  ];
  const head = [
    'filter',
    'sampler',
    ...columns.map((column) => column.head),
    ...intervals.flatMap(([name]) => [`${name} low`, `${name} high`]),
  ];
  const finite = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? value : null;
  const rows = reports.map((report) => [
    report.label,
    report.sampler,
    ...columns.map((column) => column.value(report)),
    ...intervals.flatMap(([, read]) => {
      const interval = read(report);
      return [finite(interval?.low), finite(interval?.high)];
    }),
  ]);
  return csv(head, rows);
}
