/**
 * What a filter looks like on the starting policy, before any update: the numbers by which one would choose it. They are
 * measured on the responses of the first iteration, which the starting policy wrote, with the rows that the filter let in.
 */
import { defaultGrouping, groupedR2 } from '../../core/analysis/bins.ts';
import {
  type CriterionName,
  type GroupsForCriteria,
  measureCriteria,
  prepareCriteria,
} from '../../core/analysis/criteria.ts';
import { linearFit, mean, orderOf, ranks } from '../../core/statistics/stats.ts';
import type { StartRows } from './studyFiles.ts';

/** Responses of several seeds, by ascending reward. */
export interface PooledRows {
  reward: Float64Array;
  score: Float64Array;
  /** How many times the filter let a response in. */
  uses: Float64Array;
  /** Which of the pooled seeds it is of. */
  seed: Int32Array;
  /** The same rows as the filter lab's criteria want them. */
  groups: GroupsForCriteria;
}

export function poolRows(starts: readonly StartRows[]): PooledRows {
  const column = (key: keyof StartRows) => Float64Array.from(starts.flatMap((start) => start[key]));
  const reward = column('reward');
  const order = orderOf(reward);
  const sorted = (values: Float64Array) => Float64Array.from(order, (row) => values[row]);
  const seeds = starts.flatMap(({ reward }, i) => reward.map(() => i));
  // Groups are numbered within their seed.
  const most = starts.reduce((most, { group }) => group.reduce((a, b) => Math.max(a, b), most), 0) + 1;
  const groups = starts.flatMap(({ group }, i) => group.map((own) => i * most + own));
  const group = Int32Array.from(order, (row) => groups[row]);
  const [rewards, score] = [sorted(reward), sorted(column('score'))];
  const columns = {
    reward: Float32Array.from(rewards),
    score: Float32Array.from(score),
    group,
    prompt: group,
  };
  return {
    reward: rewards,
    score,
    uses: sorted(column('uses')),
    seed: Int32Array.from(order, (row) => seeds[row]),
    groups: prepareCriteria(columns, 0, 1),
  };
}

interface Criterion {
  label: string;
  what: string;
  /** @param weight how often each row counts */
  value(rows: PooledRows, weight: Float64Array, ofGroups: (name: CriterionName) => number): number;
}

export const criteria = {
  r2: {
    label: 'R² per response',
    what: 'Share of the variance of the true score that a straight line through the reward explains, over what the filter keeps.',
    value: ({ reward, score }, weight) => linearFit(reward, score, weight).r2,
  },
  r2Grouped: {
    label: 'R² of group means',
    what: 'The same over the means of 20 groups of similar reward: the paper’s criterion.',
    value: ({ reward, score }, weight) => groupedR2(reward, score, defaultGrouping, null, weight).r2,
  },
  spearman: {
    label: 'Spearman correlation',
    what: 'Spearman’s correlation of reward and true score over what the filter keeps.',
    value: ({ reward, score }, weight) =>
      linearFit(ranks(repeated(reward, weight)), ranks(repeated(score, weight))).correlation,
  },
  meanScore: {
    label: 'mean true score',
    what: 'Mean true score of what the filter keeps.',
    value: ({ score }, weight) => weightedMean(score, weight),
  },
  variance: {
    label: 'variance of rewards',
    what: 'Variance of the rewards that are kept of a prompt, mean over prompts (PODS, RAGEN-2).',
    value: (_, __, of) => of('variance'),
  },
  signal: {
    label: 'bound on the signal',
    what: '4N·p(1 − p) of the kept responses to a prompt, mean over prompts (SPEED-RL).',
    value: (_, __, of) => of('signal'),
  },
  phantom: {
    label: 'phantom groups',
    what: 'Share of kept prompts whose responses are all equally right and rewarded differently.',
    value: (_, __, of) => of('phantom'),
  },
  sign: {
    label: 'sign agreement',
    what: 'How often the advantage of a kept response points where the truth does.',
    value: (_, __, of) => of('sign'),
  },
  keptShare: {
    label: 'share kept',
    what: 'Rows of the training set for each response that was sampled.',
    value: (_, weight) => (weight.length === 0 ? Number.NaN : mean(weight)),
  },
} as const satisfies Record<string, Criterion>;

export type CriterionId = keyof typeof criteria;
export const criterionIds = Object.keys(criteria) as CriterionId[];

/** Every criterion of an arm. @param times how often each seed counts; by default once */
export function criteriaOf(rows: PooledRows, times?: ArrayLike<number>): Record<CriterionId, number> {
  const weight = times ? rows.uses.map((use, row) => use * times[rows.seed[row]]) : rows.uses;
  const { criteria: ofGroups } = measureCriteria(rows.groups, weight, 'before');
  const of = (name: CriterionName) => ofGroups[name].value;
  return Object.fromEntries(criterionIds.map((id) => [id, criteria[id].value(rows, weight, of)])) as Record<
    CriterionId,
    number
  >;
}

/** Each value as often as its row counts. Rewards and scores are of single precision, which sorts several times as fast. */
function repeated(values: Float64Array, weight: Float64Array): Float32Array {
  let count = 0;
  for (let row = 0; row < weight.length; row++) count += weight[row];
  const all = new Float32Array(count);
  let at = 0;
  for (let row = 0; row < weight.length; row++) for (let i = 0; i < weight[row]; i++) all[at++] = values[row];
  return all;
}

function weightedMean(values: Float64Array, weight: Float64Array): number {
  let n = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    n += weight[i];
    sum += weight[i] * values[i];
  }
  return sum / n;
}

/** Mean true score in each tenth of the responses by reward, lowest first: the reliability of a reward. */
export function tenthsOf(reward: ArrayLike<number>, score: ArrayLike<number>): number[] {
  const rewards = Float64Array.from(reward);
  const { bins } = groupedR2(rewards, score, { groups: 10, mode: 'equal-count', weighted: true });
  // Equal rewards are one group, which stands for every tenth that it fills.
  const tenths: number[] = [];
  let done = 0;
  for (const { count, meanY } of bins) {
    done += count;
    while (tenths.length < 10 && (tenths.length + 0.5) * (rewards.length / 10) <= done) tenths.push(meanY);
  }
  return tenths;
}
