/**
 * `npm run results`: runs the experiments that docs/results.md reports, headless, and writes that page and
 * public/results.json, which the page reads. The section of the map is written from public/map.json, that of students and
 * preparations from their own pages.
 *
 *   npm run results -- [--seeds 8] [--from DIR] [--only PRESET] [--out build/results]
 *
 * With --from, the page is written from results that are already there; with --only, the section of one preset is.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PublishedResults, parseResults } from '../../src/lab/records/publishedResults.ts';
import { type SummaryRun, summarise } from '../../src/lab/records/summary.ts';
import { parseSpec } from '../../src/lab/settings/experimentSpec.ts';
import { mergeStudy } from '../../src/lab/studies/mergeStudy.ts';
import { readStudy } from '../../src/lab/studies/study.ts';
import { beforeTheLoopTitle, readBeforeTheLoop } from '../output/beforeTheLoop.ts';
import { mapSection, mapTitle } from '../output/mapSection.ts';
import { modelsSection, modelsTitle } from '../output/modelsSection.ts';
import { published } from '../output/published.ts';
import {
  paperSection,
  paperTitle,
  type Reported,
  resultsPage,
  withSection,
  withText,
} from '../output/resultsPage.ts';
import { partOf } from '../study/mergeCommand.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    from: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string', default: 'build/results' },
  },
});

const known: (Pick<Reported, 'title' | 'question' | 'fooling'> & {
  /** The name of its folder and, without a spec, of the preset that it runs. */
  preset: string;
  /** A file of arms that are too many for a preset; it says its seeds itself. */
  spec?: string;
  atStart?: boolean;
  costs?: boolean;
})[] = [
  {
    preset: 'six-methods',
    title: 'Six methods',
    question:
      'The methods of the paper and the control that keeps two at random, on a learned reward model with beta 0.2 for 40 iterations.',
  },
  {
    preset: 'reward-hacking',
    title: 'Reward hacking',
    question: 'The same training with a tenth of the KL cost: does the reward rise while the truth falls?',
  },
  {
    preset: 'unreliable-middle',
    title: 'When the middle is noise',
    question:
      'A synthetic reward that is meaningless for four programs of five, between −0.6 and 0.6, and truthful at the ends. If filtration pays anywhere, it pays here: does BW reach PPO-M at 40 % of its update tokens, and does the control with the same budget?',
  },
  {
    preset: 'systematic-middle',
    title: 'When the middle is systematic',
    question:
      'A synthetic reward that is a taste in words for four programs of five, between −0.6 and 0.6, which the policy can learn, and truthful at the ends. Does a threshold filter that keeps the ends beat PPO-M, on how many tokens, and does R² of the starting policy name it?',
    atStart: true,
  },
  {
    preset: 'table-2',
    spec: 'studies/table-2.json',
    title: 'Table 2 at our scale',
    question:
      'The twelve methods of the paper’s table, with one reward model and equally many iterations: the policy that all start from (SFT, which learns nothing and writes one program an iteration), imitation (RAFT, BOND), preferences over what that policy once wrote (DPO, IPO, KTO), preferences in rounds (Iterative-DPO), and PPO on everything (PPO-S, PPO-M) or on what a filter keeps (BoN, BR, BW). An iteration is learned from 240 programs: five for each of 48 prompts, the same for all arms, but with PPO-S one for each of 240. DPO, IPO and KTO come back to those of the first ten iterations and pay for these alone; for Iterative-DPO the reference writes them, which becomes the policy after every ten iterations. RAFT and BoN look at the best of five alike; RAFT imitates it, BoN takes it through PPO. RAFT and preferences take a tenth of PPO’s step. Which of them raise the held-out pass rate, and what does each spend?',
    costs: true,
  },
  {
    preset: 'every-loss',
    spec: 'studies/every-loss.json',
    title: 'Every loss',
    question:
      'Every loss of the laboratory on fresh samples of the same policy: policy gradients on all responses with PPO’s step, pairs on the best and the worst, labels and lists on all, imitation of the best, the last four families with a tenth of PPO’s step and none of them tuned further. Is each run finite, does it raise the held-out pass rate, and what does it spend?',
    costs: true,
  },
  {
    preset: 'choosing-prompts',
    title: 'Choosing prompts',
    question:
      'PPO that differs only in which requests it works on: each of 400 in turn; a tenth of 400 new ones beside them, those that the starting policy is rewarded least for (Pre-PPO); a curriculum by tier; groups without contrast replaced (DAPO); and a band of difficulty. "Exploring Data Scaling Trends and Effects in RLHF" (arXiv 2503.22230) reports gains from Pre-PPO and from a curriculum; DAPO (arXiv 2503.14476) from dynamic sampling. Does any of them beat requests in turn here, and what does each sample for it?',
    costs: true,
  },
  {
    preset: 'fooled-first',
    title: 'Who is fooled first',
    question:
      'PPO from everything with a price of moving that is too low, under four rewards: the tests (a verifier), GenRM anchored by the ground truth, GenRM anchored by the best of five programs of the starting policy, and the strong reward model. "Exploring Data Scaling Trends and Effects in RLHF" (arXiv 2503.22230) reports that the verifier is fooled last, GenRM with the ground truth next, GenRM with the best of the start and the reward model first. Each critic starts from the model that its reward reads, that of the tests from the policy. GenRM gives 0 to a program that is as good as its anchor; beside the ground truth no program is better, so a mean above 0 there is the error of the model.',
    fooling: { arms: ['tests', 'GenRM truth', 'GenRM start', 'strong'], inOrder: true },
  },
  {
    preset: 'reward-parts',
    title: 'What the reward is made of',
    question:
      'PPOCoder’s reward with execution alone, with likeness to a hidden reference beside it, and with likeness alone. What does each teach at equal iterations and at equal distance from the start, and from which iteration do reward and truth part?',
    fooling: { arms: ['execution', 'all three', 'likeness'], inOrder: false },
  },
  {
    preset: 'visible-tests',
    title: 'Tests that can be seen through',
    question:
      'Three verifiers and a price of moving that is too low: one runs every hidden test, one an example of the request, one the empty input alone. What does each teach at equal iterations and at equal distance from the start, and from which iteration do reward and truth part?',
    fooling: { arms: ['hidden tests', 'one visible test', 'empty input'], inOrder: false },
  },
  {
    preset: 'naive-judge',
    title: 'A judge that skips errors',
    question:
      'Two verifiers run every hidden test, and moving costs next to nothing; the naive one takes a test that ends in an error for one that was skipped. Does the policy learn to write programs that throw, and what does that cost in truth?',
    fooling: { arms: ['true judge', 'naive judge'], inOrder: false },
  },
];
if (values.only !== undefined && !known.some(({ preset }) => preset === values.only)) {
  throw new RangeError(`--only must be one of ${known.map(({ preset }) => preset).join(', ')}.`);
}
const experiments = known.filter(({ preset }) => values.only === undefined || preset === values.only);

const folder = values.from ?? values.out;
if (values.from === undefined) {
  for (const { preset, spec } of experiments) {
    // A list of many arms takes long: computed as a study, it goes on where it was stopped.
    const what = spec
      ? [spec, '--shard', '1/1']
      : ['--preset', preset, '--seeds', values.seeds, '--no-rollouts'];
    const command = ['run', 'experiment', '--', ...what];
    const { status } = spawnSync('npm', [...command, '--out', join(folder, preset)], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`The experiment ${preset} ended with status ${status}.`);
  }
}

const reported: Reported[] = [];
let backend = '';
for (const experiment of experiments) {
  const { preset, spec, title, question, fooling, atStart = false, costs = false } = experiment;
  const found = spec ? computedAsStudy(spec, join(folder, preset)) : computedAtOnce(join(folder, preset));
  backend = found.backend;
  const seeds = found.spec.seeds.length;
  const command = `npm run experiment -- ${spec ?? `--preset ${preset} --seeds ${seeds}`}`;
  reported.push({ title, question, command, ...found, atStart, costs, fooling });
}

const models = modelsSection(JSON.parse(readFileSync('public/checkpoints/default/manifest.json', 'utf8')));
const map = mapSection(readStudy(readFileSync('public/map.json', 'utf8')));
const before = readBeforeTheLoop();
const isWhole = values.only === undefined;
const results: PublishedResults = {
  ...(isWhole ? {} : parseResults(readFileSync('public/results.json', 'utf8'))),
  ...Object.fromEntries(experiments.map(({ preset }, i) => [preset, published(reported[i], backend)])),
};
writeFileSync('public/results.json', `${JSON.stringify(results, rounded, 1)}\n`);
// The page and its words are made from the same digits.
const paper = paperSection(parseResults(readFileSync('public/results.json', 'utf8')));
if (isWhole) {
  const seeds = reported[0].spec.seeds.length;
  const page = resultsPage(`npm run results -- --seeds ${seeds}`, backend, reported, [
    map,
    before,
    models,
    paper,
  ]);
  writeFileSync('docs/results.md', page);
  console.log('docs/results.md and public/results.json are written.');
} else {
  const page = withSection(readFileSync('docs/results.md', 'utf8'), reported[0]);
  const others = {
    [mapTitle]: map,
    [beforeTheLoopTitle]: before,
    [modelsTitle]: models,
    [paperTitle]: paper,
  };
  const whole = Object.entries(others).reduce((text, [title, own]) => withText(text, title, own), page);
  writeFileSync('docs/results.md', `${whole.trimEnd()}\n`);
  console.log(
    `The section "${reported[0].title}" of docs/results.md and its part of public/results.json are written.`,
  );
}

/** More digits than anybody reads would only make the file longer. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(7)) : value;
}

type Found = Pick<Reported, 'spec' | 'summary' | 'runs'> & { backend: string };

function computedAtOnce(from: string): Found {
  const read = (name: string) => readFileSync(join(from, name), 'utf8');
  const { spec, summary, backend } = JSON.parse(read('summary.json'));
  return {
    spec,
    summary,
    runs: runsOf(read('metrics.jsonl')),
    backend: `${backend.name}, ${backend.device}`,
  };
}

/** @throws Error when runs are missing */
function computedAsStudy(spec: string, from: string): Found {
  const { study, runs, faults, warnings } = mergeStudy([partOf(from)], { partial: false });
  if (!study) throw new Error(faults.join('\n'));
  for (const warning of warnings) console.error(`Note: ${warning}`);
  const { name, device } = runs[0].engine;
  return {
    spec: parseSpec(JSON.parse(readFileSync(spec, 'utf8'))),
    summary: summarise(runs),
    runs,
    backend: `${name}, ${device}`,
  };
}

function runsOf(lines: string): SummaryRun[] {
  const runs = new Map<string, SummaryRun & { evaluations: unknown[]; iterations: unknown[] }>();
  for (const line of lines.trim().split('\n')) {
    const { arm, seed, step, kind, data } = JSON.parse(line);
    const key = `${arm} ${seed}`;
    if (!runs.has(key)) runs.set(key, { arm, seed, evaluations: [], iterations: [] });
    const rows = kind === 'evaluation' ? runs.get(key)!.evaluations : runs.get(key)!.iterations;
    rows.push({ iteration: step, metrics: data });
  }
  return [...runs.values()];
}
