/** docs/preparations.md: what four preparations give, over seeds, as text. */
import { fixed, grouped, percent } from '../../../src/core/numberText.ts';
import { mean, pairedDifference, standardError } from '../../../src/core/statistics/stats.ts';
import { halfWidth95, toldApart } from '../../../src/core/statistics/studentT.ts';
import { type NoiseKind, noNoise } from '../../../src/rlhf/prepare/noise/settings.ts';
import { markdown } from '../../output/markdown.ts';
import type { Budget, Measured } from './measure.ts';

export const parts = ['reward', 'policy'] as const;

export interface Row {
  /** What it was measured with: rows of other settings are not mixed with it. */
  settings: string;
  part: (typeof parts)[number];
  seed: number;
  noise: NoiseKind;
  numbers: Measured;
}

/** The rows of a file that were measured with these settings of its part; a last line that was cut off is left out. */
export function readRows(text: string, settings: Record<Row['part'], string>): Row[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const row = JSON.parse(line) as Row;
      return row.settings === settings[row.part] ? [row] : [];
    } catch {
      return [];
    }
  });
}

const kinds: readonly NoiseKind[] = ['none', 'dropout', 'beta', 'learned'];
const names: Record<NoiseKind, string> = {
  none: 'none',
  dropout: 'dropout',
  beta: 'fixed Beta',
  learned: 'learned mask',
};

interface Column {
  key: string;
  head: string;
  show: (value: number) => string;
}

const share = (value: number) => percent(value, 1);
const three = (value: number) => fixed(value, 3);
const columns: Record<Row['part'], readonly Column[]> = {
  policy: [
    { key: 'heldLoss', head: 'held-out loss, nats a token', show: three },
    { key: 'heldPass', head: 'held-out pass rate', show: share },
  ],
  reward: [
    { key: 'heldPairAccuracy', head: 'pairs', show: share },
    { key: 'middle', head: 'middle', show: share },
    { key: 'ends', head: 'ends', show: share },
    { key: 'gap', head: 'ends − middle', show: share },
    { key: 'r2All', head: 'R², PPO-M', show: three },
    { key: 'r2Bw', head: 'R², BW', show: three },
  ],
};

/** Mean over seeds with a 95 % interval of Student's t. */
function interval(middle: number, error: number, count: number, show: Column['show']): string {
  const half = halfWidth95(error, count);
  return half === null ? show(middle) : `${show(middle)} [${show(middle - half)}, ${show(middle + half)}]`;
}

const numbersOf = (rows: readonly Row[], part: Row['part'], noise: NoiseKind, key: string) =>
  rows
    .filter((row) => row.part === part && row.noise === noise)
    .sort((a, b) => a.seed - b.seed)
    .map(({ numbers }) => numbers[key]);

function levels(rows: readonly Row[], part: Row['part']): string {
  return markdown(
    ['before training', ...columns[part].map(({ head }) => head), 'mean of the mask'],
    kinds.map((noise) => [
      names[noise],
      ...columns[part].map(({ key, show }) => {
        const all = numbersOf(rows, part, noise, key);
        return interval(mean(all), standardError(all), all.length, show);
      }),
      noise === 'none' ? '–' : fixed(mean(numbersOf(rows, part, noise, 'maskMean')), 2),
    ]),
  );
}

/** Paired differences from no noise, seed by seed. */
function differences(rows: readonly Row[], part: Row['part']): string {
  return markdown(
    ['minus none', ...columns[part].map(({ head }) => head)],
    kinds.slice(1).map((noise) => [
      names[noise],
      ...columns[part].map(({ key, show }) => {
        const difference = pairedDifference(
          numbersOf(rows, part, noise, key),
          numbersOf(rows, part, 'none', key),
        );
        const { mean: middle, standardError: error, count } = difference;
        const told = toldApart(difference) ? '**told apart**' : 'not told apart';
        return `${interval(middle, error, count, show)}, ${told}`;
      }),
    ]),
  );
}

/** A sentence of what the differences of one number allow to be said. */
function verdict(rows: readonly Row[], part: Row['part'], key: string, what: string): string {
  const told = kinds.slice(1).flatMap((noise) => {
    const difference = pairedDifference(
      numbersOf(rows, part, noise, key),
      numbersOf(rows, part, 'none', key),
    );
    if (!toldApart(difference)) return [];
    return [`${names[noise]} (${difference.mean > 0 ? 'higher' : 'lower'})`];
  });
  return told.length === 0
    ? `- ${what}: no preparation is told apart from none.`
    : `- ${what}: told apart from none: ${told.join(', ')}.`;
}

const heated = percent(noNoise.preheat);
const at = (rows: readonly Row[], part: Row['part'], key: string) =>
  fixed(mean(numbersOf(rows, part, 'learned', key)), 2);

/** The rows of seeds in which every preparation of a part was measured, one of each. */
export function completeRows(rows: readonly Row[], part: Row['part']): Row[] {
  const seeds = [...new Set(rows.map(({ seed }) => seed))].sort((a, b) => a - b);
  return seeds.flatMap((seed) => {
    const found = kinds.map((noise) =>
      rows.find((row) => row.part === part && row.seed === seed && row.noise === noise),
    );
    return found.every((row) => row !== undefined) ? found : [];
  });
}

/** How many seeds a part has, where some are still to be measured. */
function seedsOf(rows: readonly Row[], part: Row['part'], seeds: number): string {
  const count = completeRows(rows, part).length / kinds.length;
  return count === seeds
    ? `${seeds} seeds.`
    : `**${count} of ${seeds} seeds so far**; the same command goes on with the others.`;
}

/** @param budget what the rows were measured with */
export function preparationsPage(
  rows: readonly Row[],
  seeds: number,
  { policy, reward, measure }: Budget,
): string {
  const measured = parts.flatMap((part) => completeRows(rows, part));
  return `# Noise before training

A learned noise mask, after *Policy Gradient-Driven Noise Mask* ([arXiv 2406.14568](https://arxiv.org/abs/2406.14568)), beside
dropout, fixed Beta noise and nothing, for small starting policies and for reward models: ${seeds} seeds.
[Concepts](concepts.md#noise-before-training) says what is the paper's and what is ours.

\`npm run preparations -- --seeds ${seeds}\` writes this page.

**Budget.** The same for all four: number of steps, batches and their order, learning rate. The first ${heated} of the steps pre-heat;
they are counted, so a model without noise has as many steps. The policy of the learned mask costs some arithmetic beyond that,
which is not counted. Dropout and fixed Beta noise get the mean that the learned mask of the same seed had while it pre-heated.
Masks start at a mean near ${fixed(noNoise.maskMean, 1)}. Means over seeds with 95 % intervals of Student's t; differences are paired by seed, and *told apart*
means that the interval leaves zero out. ${3 * columns.policy.length + 3 * columns.reward.length} differences are looked at, so one of them may be told apart by chance alone.

## Does a pre-heated reward model have a more reliable middle?

${[
  verdict(measured, 'reward', 'middle', 'Order in the middle'),
  verdict(measured, 'reward', 'ends', 'Order at the ends'),
  verdict(measured, 'reward', 'gap', 'Ends minus middle'),
  verdict(measured, 'reward', 'heldPairAccuracy', 'Held-out pairs'),
  verdict(measured, 'reward', 'r2All', 'R² of what PPO-M learns from'),
  verdict(measured, 'reward', 'r2Bw', 'R² of what BW learns from'),
].join('\n')}

${seedsOf(measured, 'reward', seeds)} Reward models of the shipped policy's size, from ${reward.prompts} prompts with ${reward.samplesPerPrompt} programs each (about ${Math.round(mean(numbersOf(measured, 'reward', 'none', 'pairs')))} pairs, ${reward.epochs} epochs,
${reward.batch} pairs a step), measured on ${measure.looks} programs of the shipped policy for each of the 180 held-out problems. The shipped reward model *strong* learned from 2,000
prompts: these know less, and have fewer steps for a mask to be learned in.

${levels(measured, 'reward')}

*Pairs* is the share of held-out pairs of one problem that are ordered as execution does. *Middle* is the share of all pairs of a passing and a
failing program among the six middle tenths of the rewards that the reward orders rightly (50 % knows nothing), *ends* the same
among the lowest and the highest fifth. R² is per response, of the rows that a filter keeps.
*Ends − middle* shrinks when the middle rises and also when the ends fall: read it beside both.

${differences(measured, 'reward')}

The learned mask began at a mean of about ${fixed(noNoise.maskMean, 2)} and ended at ${at(measured, 'reward', 'maskEnd')}.

## Starting policies

${[
  verdict(measured, 'policy', 'heldLoss', 'Held-out loss'),
  verdict(measured, 'policy', 'heldPass', 'Held-out pass rate'),
].join('\n')}

${seedsOf(measured, 'policy', seeds)} ${policy.layers} layers of width ${policy.width}, ${grouped(policy.steps)} steps of ${policy.batch} programs from a corpus of ${grouped(policy.corpus)}, measured on ${grouped(measure.heldPrograms)} programs for held-out problems written
with the same habits (loss), and on ${measure.looks} programs of its own for each held-out problem (pass rate).
Policies this small and this short of steps hardly pass anything, so the loss says more than the pass rate.

${levels(measured, 'policy')}

${differences(measured, 'policy')}

The learned mask began at a mean of about ${fixed(noNoise.maskMean, 2)} and ended at ${at(measured, 'policy', 'maskEnd')}.

## The paper's claim beside ours

- The abstract claims that models pre-heated by the learned mask beat conventional training on a large set of radiology images and transfer better to unseen
  classes. Its tables could not be read, so there are no figures of the paper here.
- Ours are small transformers on short programs, with hundreds of steps where the paper has 90 epochs. What is not told apart here may be
  so at its scale.
`;
}
