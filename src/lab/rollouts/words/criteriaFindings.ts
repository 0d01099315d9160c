/** What the criteria and the phantom groups say, in sentences. Pure. */
import type { FilterReport } from '../../../core/analysis/compareFilters.ts';
import type { Followed, Schedule, StepsReport } from '../../../core/analysis/overSteps.ts';
import type { PhantomReport } from '../../../core/analysis/phantom.ts';
import type { NamedFilter } from '../../../core/analysis/rollouts.ts';
import { type Compared, type Comparison, toldApart } from '../../../core/analysis/toldApart.ts';
import { counted, percent } from '../../../core/numberText.ts';

/** A criterion as a heading and in one line. */
export const comparisonText: Readonly<Record<Comparison, { label: string; what: string }>> = {
  r2: {
    label: 'R² per response',
    what: 'R² of the straight line from reward to true score over the kept responses, one by one.',
  },
  grouped: {
    label: 'R² grouped',
    what: 'The paper’s criterion: R² over the means of groups of similar reward.',
  },
  passRate: { label: 'pass rate', what: 'Share of the kept responses that pass every test.' },
  variance: {
    label: 'reward variance',
    what: 'Variance of the kept rewards of a prompt, mean over prompts: what PODS and RAGEN-2 make large. It takes the reward for the truth.',
  },
  signal: {
    label: '4N·p(1−p)',
    what: 'Bound on the signal of a prompt (SPEED-RL), from the number of kept responses and their pass rate, mean over prompts.',
  },
  phantom: {
    label: 'phantom groups',
    what: 'Share of the prompts let through whose responses are all equally right and rewarded differently: noise that becomes advantages. Less is better.',
  },
  sign: {
    label: 'sign agreement',
    what: 'Share of the kept responses with an advantage whose advantage has the sign that the true score would give it.',
  },
};

/** The filters with what they are compared by. */
export const comparedBy = (reports: readonly FilterReport[], by: Comparison): Compared[] =>
  reports.map(({ id, truth, criteria, replicates }) => ({
    id,
    value:
      by === 'r2'
        ? (truth?.r2.perResponse.value ?? Number.NaN)
        : by === 'grouped'
          ? (truth?.r2.grouped.value ?? Number.NaN)
          : by === 'passRate'
            ? (truth?.passRate.value ?? Number.NaN)
            : criteria[by].value,
    replicates: replicates[by],
  }));

/** Which filter is best by a criterion, and which are not told apart from it; null where there is nothing to say. */
export function apartInWords(reports: readonly FilterReport[], by: Comparison): string | null {
  const found = toldApart(comparedBy(reports, by), by);
  if (!found || reports.length < 2) return null;
  const label = (id: string) => reports.find((report) => report.id === id)!.label;
  const { label: name } = comparisonText[by];
  const least = by === 'phantom' ? 'fewest' : 'most';
  const best =
    by === 'phantom' || by === 'signal' || by === 'variance'
      ? `By ${name}, ${label(found.best)} has ${least}`
      : `By ${name}, ${label(found.best)} is highest`;
  if (found.notToldApart.length === 0) return `${best}, and every other filter is told apart from it.`;
  return `${best}. Not told apart from it: ${found.notToldApart.map(label).join(', ')}.`;
}

/** What a person should know before trusting a filter. */
export function warningsOf(phantom: PhantomReport | null, filters: readonly NamedFilter[] = []): string[] {
  const sentences: string[] = [];
  if (phantom && phantom.phantom > 0) {
    sentences.push(
      `${counted(phantom.phantom, 'group')} of ${phantom.groups.toLocaleString('en-GB')} (${percent(phantom.phantom / phantom.groups)}) ${phantom.phantom === 1 ? 'is a phantom' : 'are phantoms'}: all responses are equally right, and the reward tells them apart.`,
    );
  }
  if (phantom && phantom.onlyLooked > 0) {
    sentences.push(
      `What the filters look at and the true score disagree: in ${counted(phantom.onlyLooked, 'group')} it sees a difference where there is none in truth${phantom.onlyTruth > 0 ? `, in ${phantom.onlyTruth.toLocaleString('en-GB')} none where there is one` : ''}. A prompt filter on it keeps the phantoms; filter on the outcome instead.`,
    );
  } else if (phantom && phantom.onlyTruth > 0) {
    sentences.push(
      `In ${counted(phantom.onlyTruth, 'group')} what the filters look at is the same for all responses, and the true score is not.`,
    );
  }
  const pods = filters.find(({ filter }) => filter.kind === 'max-variance');
  if (pods?.filter.kind === 'max-variance' && pods.filter.keep === 2) {
    sentences.push(`${pods.label} with k = 2 is BW: it keeps the same rows.`);
  }
  return sentences;
}

/** At which step another filter should take over, by one criterion. */
export function scheduleInWords(
  { schedule, windows }: StepsReport,
  by: Followed,
  label: (id: string) => string,
): string {
  const { start, changes }: Schedule = schedule[by];
  const { label: name } = comparisonText[by];
  if (start === null) return `${name} is not defined at any step.`;
  if (changes.length === 0) {
    return `By ${name}: ${label(start)} from step ${windows[0].from} on. At no later step is another filter told apart from it and stays better.`;
  }
  const turns = changes.map(({ step, to }) => `from step ${step} ${label(to)}`);
  return `By ${name}: ${label(start)} at first; ${turns.join('; ')}.`;
}
