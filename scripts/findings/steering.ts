/**
 * `npm run steering`: pass rate against distance from the starting policy, for guidance of a frozen policy (Q#, CD) and
 * for trained ones, and writes docs/steering.md.
 *
 *   npm run steering -- [--seeds 8] [--iterations 40] [--minutes 4] [--out build/steering]
 *
 * What is measured is kept in a file of the folder, so that a run that was stopped goes on where it was; with --minutes it
 * stops by itself. The page has the seeds that are complete.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fixed, percent } from '../../src/core/numberText.ts';
import { modelFolders } from '../../src/lab/trainer/models/shippedModels.ts';
import { networkOf } from '../../src/rlhf/sample/decode/guided.ts';
import { openModulePage } from '../headless/modulePage.ts';
import { plusMinusOver } from '../output/overSeeds.ts';
import type { ParetoPart, ParetoPoint } from '../pageSide/pareto.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    iterations: { type: 'string', default: '40' },
    minutes: { type: 'string', default: '0' },
    out: { type: 'string', default: 'build/steering' },
  },
});
const [count, iterations, minutes] = [values.seeds, values.iterations, values.minutes].map(Number);
if (!(Number.isInteger(count) && count >= 2))
  throw new RangeError('--seeds must be a whole number of 2 or more.');
if (!(Number.isInteger(iterations) && iterations >= 0))
  throw new RangeError('--iterations must be a whole number, or 0 to train nothing.');
if (!(minutes >= 0)) throw new RangeError('--minutes must be a number, 0 for no limit.');

const etas = [2, 0.5, 0.2, 0.1, 0.05];
type Part = Omit<ParetoPart, 'seed'>;
const parts: readonly Part[] = [
  { policy: 'start', values: 'pass', iterations: 0, rules: ['q-sharp', 'cd'], etas },
  { policy: 'start', values: 'share', iterations: 0, rules: ['q-sharp', 'cd'], etas },
  ...(iterations > 0
    ? ([
        { policy: 'ppo-m', values: 'pass', iterations, rules: ['q-sharp'], etas },
        { policy: 'bw', values: 'pass', iterations, rules: [], etas },
      ] as const)
    : []),
];
/** Looks with other models are other looks. */
const { models } = JSON.parse(readFileSync('public/checkpoints/default/manifest.json', 'utf8')) as {
  models: Record<string, { sha256: Record<string, string> }>;
};
const sha256 = Object.fromEntries(
  Object.entries(models).map(([name, { sha256: of }]) => [name, of['model.safetensors']]),
);
const labelOf = (part: Part, seed: number) => {
  const read = [
    'policy',
    ...(part.rules.length > 0 ? [modelFolders[networkOf(part.values)]] : []),
    ...(part.iterations > 0 ? ['reward-strong'] : []),
  ];
  return JSON.stringify({ seed, ...part, models: read.map((name) => `${name} ${sha256[name]}`) });
};

mkdirSync(values.out, { recursive: true });
const file = join(values.out, 'points.jsonl');
const measured = new Map<string, ParetoPoint[]>();
if (existsSync(file))
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { label, points } = JSON.parse(line) as { label: string; points: ParetoPoint[] };
    measured.set(label, points);
  }
const began = performance.now();
const module = 'scripts/pageSide/pareto.ts';
const seeds = Array.from({ length: count }, (_, i) => i + 1);
const missing = seeds.flatMap((seed) =>
  parts.filter((part) => !measured.has(labelOf(part, seed))).map((part) => ({ ...part, seed })),
);
if (missing.length > 0) {
  const lab = await openModulePage({ modules: [module, 'workers/*.ts'] });
  await lab.page.exposeFunction('reportProgress', (line: string) => console.log(line));
  for (const { seed, ...part } of missing) {
    if (minutes > 0 && performance.now() - began > 60_000 * minutes) break;
    const points = await lab.call<ParetoPoint[]>(module, 'pareto', { ...part, seed });
    measured.set(labelOf(part, seed), points);
    appendFileSync(file, `${JSON.stringify({ label: labelOf(part, seed), points })}\n`);
  }
  await lab.close();
}
const complete = seeds.filter((seed) => parts.every((part) => measured.has(labelOf(part, seed))));
console.log(`${complete.length} of ${count} seeds are complete.`);
if (complete.length < 2) process.exit();

const names = { start: 'starting policy', 'ppo-m': 'PPO-M', bw: 'PF-PPO (BW)' } as const;
const rules = { 'q-sharp': 'Q#', cd: 'CD' } as const;
const rows = parts.flatMap((part) => {
  const looks = complete.map((seed) => measured.get(labelOf(part, seed))!);
  // The policy alone was looked at with the other value network already.
  const from = part.values === 'share' ? 1 : 0;
  return looks[0].slice(from).map(({ rule, eta }, at) => {
    const i = from + at;
    const of = looks.map((points) => points[i]);
    const pass = plusMinusOver(
      of.map((point) => point.pass),
      (share) => percent(share, 1),
    );
    const kl = plusMinusOver(
      of.map((point) => point.kl),
      fixed,
    );
    const histogram = part.values === 'share' ? ', histogram' : '';
    const name = rule ? `${names[part.policy]} + ${rules[rule]}${histogram}` : names[part.policy];
    return `| ${name} | ${eta ?? '–'} | ${pass} | ${kl} |`;
  });
});
writeFileSync(
  'docs/steering.md',
  `# Steering: pass rate against distance

Written by \`npm run steering -- --seeds ${complete.length} --iterations ${iterations}\`. Every row is a look at the 180 held-out problems,
3 programs each, temperature 1; ± is half of the 95 % interval over ${complete.length} seeds, which differ in sampling and in
training. ${
    iterations > 0
      ? `Trained policies: ${iterations} iterations, β 0.2, reward model *strong*.`
      : 'No policy was trained for this page; with `--iterations 40` PPO-M, PF-PPO (BW) and PPO-M under Q# stand beside these.'
  } The value networks are those that ship with the page. One says how
likely a program passes, from two rounds of rollouts; the other, *histogram*, how the share of tests that pass is distributed over
11 bins, from the first round alone. 20 candidates are re-weighted. KL is exact at every token, in nats per program, from the starting policy.

| what writes | η | held-out pass | KL |
| --- | --- | --- | --- |
${rows.join('\n')}

The paper (Q#, arXiv 2502.20548), Llama 3 8B on GSM8K: 69.1 alone, 77.8 with CD at a KL of 6.39, 78.4 with Q# at 2.65;
on MATH 25.4, 24.9 at 15.27 and 27.1 at 7.14. Its value network reads every candidate; ours gives the odds of all
tokens at once, for the cost of one network of the policy's size. [star.md](star.md) has the star graph, with a network that
reads every candidate.
`,
);
console.log('docs/steering.md written.');
