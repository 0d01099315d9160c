/** docs/results.md as text, from the summaries of the experiments that it reports. Numbers in, sentences out. */
import { fixed, plusMinus, thousands } from '../../src/core/numberText.ts';
import { mean, sd } from '../../src/core/statistics/stats.ts';
import { halfWidth95, toldApart } from '../../src/core/statistics/studentT.ts';
import { besidePaper, paperTable } from '../../src/lab/records/besidePaper.ts';
import { metrics } from '../../src/lab/records/metrics.ts';
import { type PublishedResults, spentKeys } from '../../src/lab/records/publishedResults.ts';
import {
  estimateText,
  type Summary,
  type SummaryRun,
  summarise,
  summaryTable,
} from '../../src/lab/records/summary.ts';
import { summaryInWords } from '../../src/lab/records/summaryInWords.ts';
import type { ExperimentSpec } from '../../src/lab/settings/experimentSpec.ts';
import { type Fooling, foolingSection } from './foolingSection.ts';
import { markdown } from './markdown.ts';
import { spentBy } from './published.ts';

/** One experiment as `npm run experiment` left it. */
export interface Reported {
  title: string;
  /** What it asks, in a sentence or two. */
  question: string;
  command: string;
  spec: ExperimentSpec;
  summary: Summary;
  runs: SummaryRun[];
  /** Tells R² of what each arm kept in its first iteration: what could have been known before. */
  atStart: boolean;
  /** Tells what each arm spent. */
  costs: boolean;
  /** Asks whose reward is fooled; absent where that is not asked. */
  fooling?: Fooling | undefined;
}

const paper = markdown(
  ['method', 'HumanEval', 'MBPP', 'LeetCode'],
  paperTable.map(({ method, ...scores }) => [
    method,
    ...Object.values(scores).map((score) => score.toFixed(1)),
  ]),
);

/** @param sections what stands below the experiments: of the map, before the loop, of the models, beside the paper */
export function resultsPage(
  command: string,
  backend: string,
  experiments: readonly Reported[],
  sections: readonly string[],
): string {
  return `# Results

Written by \`${command}\` (${backend}); every number and every verdict below is computed from those runs. The models are the ones that ship with the page (\`public/checkpoints/default/manifest.json\`); seeds differ in prompts, sampling, filter draws and minibatch order, not in the models or the world.

"Held" is the pass rate on 180 held-out problems, sampled at temperature 1, three programs each; one look at one run has a sampling error of about 0.02, so "held end" is the mean of the last two looks. ± is the standard error over seeds. A difference is *paired* by seed, and two methods are told apart only when the 95 % interval (Student's t) of the paired difference leaves zero out; with few seeds that is a strict test, and "not told apart" is not "equal".

${[...experiments.map(section), ...sections].join('\n')}`;
}

export const paperTitle = 'Beside the paper';

/** Our rows beside the paper's Table 2, from all experiments that results.json has. */
export const paperSection = (results: PublishedResults): string => `## ${paperTitle}

PF-PPO, Table 2 ([arXiv 2409.06957](https://arxiv.org/abs/2409.06957)): pass@1 in per cent, greedy, the best of five epochs, a 6.7-billion-parameter model on real benchmarks.

${paper}

The scales have little in common: ours has 0.12 million parameters, a vocabulary of 249 tokens and problems of one to three operations, and we report sampled pass rates at the end of training, not the best checkpoint. What can be compared is the side of PPO-M on which a method ends, by the mean over the three benchmarks there (within a point counts as level) and by the interval over seeds here, and the order of all.

${besidePaper(results)
  .map((line) => `- ${line}`)
  .join('\n')}
`;

/** The page with a section of its own put in the place of the one with the same title, or before what stands beside the paper. */
export const withSection = (page: string, reported: Reported): string =>
  withText(page, reported.title, section(reported));

/** The same for any section. */
export function withText(page: string, title: string, text: string): string {
  const sections = page.split(/^(?=## )/m);
  const at = sections.findIndex((each) => each.startsWith(`## ${title}\n`));
  const own = `${text}\n`;
  if (at >= 0) return sections.with(at, own).join('');
  const last = sections.findIndex((text) => text.startsWith('## Beside the paper\n'));
  return sections.toSpliced(last < 0 ? sections.length : last, 0, own).join('');
}

function section(reported: Reported): string {
  const { title, question, command, summary, runs, atStart, costs, fooling } = reported;
  const { head, rows } = summaryTable(summary);
  return `## ${title}

${question}

\`${command}\`

${markdown(head, rows)}

${summaryInWords(summary)
  .map((line) => `- ${line}`)
  .join('\n')}

${atStart || costs ? intervals(summary) : ''}${costs ? spent(runs) : ''}${againstControl(runs)}${fooling ? `${foolingSection(runs, fooling)}\n` : ''}${atStart ? firstR2(runs) : ''}Mean curves over the seeds, by iteration:

${curves(runs)}
`;
}

/** Rand2 has the budget of BR and BW and does not look at the reward: what is above it, the filter earned. */
function againstControl(runs: readonly SummaryRun[]): string {
  const { reference, arms } = summarise(runs, 'Rand2');
  if (reference !== 'Rand2') return '';
  const rows = arms.flatMap(({ arm, difference }) =>
    difference
      ? [
          [
            arm,
            estimateText(difference),
            `${difference.wins}/${difference.count}`,
            toldApart(difference) ? 'yes' : 'no',
          ],
        ]
      : [],
  );
  return `Against the control with the same budget, paired by seed:\n\n${markdown(['arm', 'minus Rand2', 'wins', 'told apart'], rows)}\n\n`;
}

/** The paired differences with the interval that the verdicts are read from. */
function intervals({ reference, arms }: Summary): string {
  const said = arms.flatMap(({ arm, difference }) => {
    const half = difference && halfWidth95(difference.standardError, difference.count);
    if (half === null) return [];
    const [low, high] = [difference!.mean - half, difference!.mean + half];
    return [`${arm} ${fixed(difference!.mean, 3)} (${fixed(low, 3)} to ${fixed(high, 3)})`];
  });
  return `Minus ${reference}, with the 95 % interval over seeds: ${said.join(', ')}.\n\n`;
}

function spent(runs: readonly SummaryRun[]): string {
  const rows = [...new Set(runs.map(({ arm }) => arm))].map((arm) => {
    const by = spentBy(arm, runs);
    return [arm, ...spentKeys.map((key) => thousands(by[key]))];
  });
  const head = [
    'samples',
    'reward passes',
    'reference passes',
    'critic passes',
    'policy passes',
    'update tokens',
  ];
  return `What each arm spent, in thousands, mean over seeds; a dash is what it never does:\n\n${markdown(['arm', ...head], rows)}\n\n`;
}

/** R² of what each arm keeps of the starting policy's responses, highest first. */
function firstR2(runs: readonly SummaryRun[]): string {
  const arms = [...new Set(runs.map((run) => run.arm))];
  const rows = arms
    .map((arm) => {
      const values = runs
        .filter((run) => run.arm === arm)
        .flatMap((run) => run.iterations.find((row) => row.iteration === 1)?.metrics.r2Kept ?? []);
      return { arm, count: values.length, mean: mean(values), error: sd(values) / Math.sqrt(values.length) };
    })
    .sort((a, b) => b.mean - a.mean)
    .map(({ arm, count, mean, error }) => [arm, String(count), plusMinus(mean, error, 3)]);
  return `R² of what each arm keeps in its first iteration, before anything is learned:\n\n${markdown(['arm', 'seeds', 'R² kept at the start'], rows)}\n\n`;
}

/** Held-out pass, greedy pass, reward and KL of each arm at some of the looks. */
function curves(runs: readonly SummaryRun[]): string {
  const steps = [...new Set(runs.flatMap((run) => run.evaluations.map((row) => row.iteration)))]
    .sort((a, b) => a - b)
    .filter((step) => step % 10 === 0);
  const arms = [...new Set(runs.map((run) => run.arm))];
  const keys = ['heldPass', 'heldGreedy', 'rewardPi', 'kl'] as const;
  const rows = arms.flatMap((arm) =>
    keys.map((key) => [
      arm,
      metrics[key].label,
      ...steps.map((step) => {
        const values = runs
          .filter((run) => run.arm === arm)
          .map((run) =>
            [...run.evaluations, ...run.iterations].find(
              (row) => row.iteration === step && row.metrics[key] !== undefined,
            ),
          )
          .map((row) => row?.metrics[key])
          .filter((value) => value !== undefined);
        return fixed(mean(values), key === 'kl' ? 2 : 3);
      }),
    ]),
  );
  return markdown(['arm', 'metric', ...steps.map(String)], rows);
}
