/**
 * `npm run results`: runs the experiments that docs/results.md reports, headless, and writes that page and
 * public/results.json, which the page reads. The section of the map is written from public/map.json.
 *
 *   npm run results -- [--seeds 8] [--from DIR] [--out build/results]
 *
 * With --from, the page is written from results that are already there.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SummaryRun } from '../src/lab/records/summary.ts';
import { readStudy } from '../src/lab/studies/study.ts';
import { mapSection } from './output/mapSection.ts';
import { type Reported, resultsPage } from './output/resultsPage.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    from: { type: 'string' },
    out: { type: 'string', default: 'build/results' },
  },
});

const experiments = [
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
];

const folder = values.from ?? values.out;
if (values.from === undefined) {
  for (const { preset } of experiments) {
    const command = ['run', 'experiment', '--', '--preset', preset, '--seeds', values.seeds];
    const { status } = spawnSync('npm', [...command, '--no-rollouts', '--out', join(folder, preset)], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error(`The experiment ${preset} ended with status ${status}.`);
  }
}

const reported: Reported[] = [];
let backend = '';
for (const { preset, title, question, atStart = false } of experiments) {
  const read = (name: string) => readFileSync(join(folder, preset, name), 'utf8');
  const summary = JSON.parse(read('summary.json'));
  backend = `${summary.backend.name}, ${summary.backend.device}`;
  const seeds = summary.spec.seeds.length;
  const command = `npm run experiment -- --preset ${preset} --seeds ${seeds}`;
  reported.push({
    title,
    question,
    command,
    spec: summary.spec,
    summary: summary.summary,
    runs: runsOf(read('metrics.jsonl')),
    atStart,
  });
}

const seeds = reported[0].spec.seeds.length;
const map = mapSection(readStudy(readFileSync('public/map.json', 'utf8')));
writeFileSync('docs/results.md', resultsPage(`npm run results -- --seeds ${seeds}`, backend, reported, map));
const published = { command: reported[0].command, backend, summary: reported[0].summary };
writeFileSync('public/results.json', `${JSON.stringify(published, null, 1)}\n`);
console.log('docs/results.md and public/results.json are written.');

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
