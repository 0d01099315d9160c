/** What the table of filters says and does not say, in sentences. Pure. */
import type { FilterReport } from '../../../core/analysis/compareFilters.ts';

/** Resampling so few prompts gives intervals that are too narrow to be believed. */
const fewPrompts = 10;

/** Sentences; none without a true score. */
export function findingsOf(reports: readonly FilterReport[]): string[] {
  const withTruth = reports.filter((report) => report.truth !== null);
  if (withTruth.length < 2) return [];
  const r2 = (report: FilterReport) => report.truth!.r2.perResponse;
  const known = withTruth.filter((report) => Number.isFinite(r2(report).value));
  if (known.length === 0) {
    return [
      'R² is undefined here: all kept responses have the same true score, so there is nothing to explain.',
    ];
  }
  const sentences: string[] = [];
  if (known.length < withTruth.length) {
    const without = withTruth.filter((report) => !known.includes(report));
    sentences.push(`Without an R², because they keep nothing or only one true score: ${list(without)}.`);
  }
  if (known.length < 2) return sentences;
  const best = known.reduce((a, b) => (r2(b).value > r2(a).value ? b : a));
  if (r2(best).value < 1e-9) {
    sentences.push('The reward explains nothing of the true score here, whatever the filter.');
    return sentences;
  }
  sentences.push(`${best.label} has the highest R² per response.`);
  if (!Number.isFinite(r2(best).low)) {
    sentences.push('One prompt gives no interval: how sure that is cannot be said.');
    return sentences;
  }
  const others = known.filter((report) => report !== best);
  const tied = others.filter((report) => !(r2(report).high < r2(best).low));
  sentences.push(
    tied.length === 0
      ? 'No other filter’s interval reaches into its own.'
      : tied.length === others.length
        ? 'Every other filter’s interval overlaps its own: these data do not put the filters in order.'
        : `Its interval overlaps that of ${list(tied)}: these data do not put them in order.`,
  );
  const compared = known.filter((report) => report.id !== 'ppo-m');
  const notTold = compared.filter((report) => {
    const { low, high } = report.truth!.gain;
    return !(low > 0 || high < 0);
  });
  if (notTold.length === compared.length) sentences.push('None is told apart from learning from everything.');
  else if (notTold.length > 0) {
    sentences.push(`Not told apart from learning from everything: ${list(notTold)}.`);
  }
  const { prompts } = best.truth!;
  if (prompts < fewPrompts) {
    sentences.push(
      `A true score is known for ${prompts} prompts only: the intervals are too narrow to be believed.`,
    );
  }
  return sentences;
}

const list = (reports: readonly FilterReport[]) => reports.map((report) => report.label).join(', ');
