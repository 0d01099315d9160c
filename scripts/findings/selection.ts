/**
 * `npm run selection`: whether the new prompts that a small policy is rewarded least for are those of a larger one, too
 * (Pre-PPO); trains the larger preset, looks with both over seeds, and writes docs/selection.md.
 *
 *   npm run selection -- [--seeds 5] [--steps 1000] [--out build/selection]
 *
 * The larger policy is kept in the folder, so that a second run need not train it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fixed, percent } from '../../src/core/numberText.ts';
import { mean, spearman } from '../../src/core/statistics/stats.ts';
import { startThreadJudge } from '../../src/judge/testing/threadJudge.ts';
import { largerPolicy, shippedModelSeed } from '../../src/lab/models/trainingPresets.ts';
import { judgeThrough } from '../../src/lab/trainer/arm/judging.ts';
import { trainPolicyJob } from '../../src/lab/trainer/jobs/policyJob.ts';
import { modelFolders } from '../../src/lab/trainer/models/shippedModels.ts';
import { shippedWorldSeed, worldTasks } from '../../src/lab/trainer/worldTasks.ts';
import { loadCheckpoint, saveCheckpoint } from '../../src/nn/checkpoint/checkpoint.ts';
import * as nn from '../../src/nn/forMethods.ts';
import type { Transformer } from '../../src/nn/model/transformer.ts';
import { openSimd } from '../../src/nn/simd/open.ts';
import { tf } from '../../src/nn/tensors/tf.ts';
import { defaultSettings, methodsOf } from '../../src/rlhf/catalogue/catalogue.ts';
import { initialValues } from '../../src/rlhf/catalogue/knobs.ts';
import { withChanges } from '../../src/rlhf/catalogue/paths.ts';
import { openReward } from '../../src/rlhf/loop/start.ts';
import { freshOf, pickLowest, prePpo, standardised } from '../../src/rlhf/sample/order/prePpo.ts';
import { scan } from '../../src/rlhf/sample/order/scan.ts';
import type { Arm } from '../../src/rlhf/slots.ts';
import { plusMinusOver } from '../output/overSeeds.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '1000' },
    out: { type: 'string', default: 'build/selection' },
  },
});
const [seeds, steps] = [Number(values.seeds), Number(values.steps)];
if (!(Number.isInteger(seeds) && seeds >= 2))
  throw new RangeError('--seeds must be a whole number of 2 or more.');
if (!(Number.isInteger(steps) && steps >= 10))
  throw new RangeError('--steps must be a whole number of 10 or more.');

await openSimd();
await tf.setBackend('simd');
const world = worldTasks(shippedWorldSeed);
const load = (folder: string) =>
  loadCheckpoint({
    config: readFileSync(join(folder, 'config.json'), 'utf8'),
    model: new Uint8Array(readFileSync(join(folder, 'model.safetensors'))),
  });
const shipped = 'public/checkpoints/default';
const small = load(join(shipped, modelFolders['small-policy']));
const strong = load(join(shipped, modelFolders.strong));
const larger = await largerOf(join(values.out, `larger-${steps}`));

/** The larger preset after so many steps: from the folder, or trained and kept there. */
async function largerOf(folder: string): Promise<Transformer> {
  if (existsSync(folder)) return load(folder);
  const judge = startThreadJudge();
  const { model } = await trainPolicyJob(
    { ...largerPolicy, steps },
    {
      seed: shippedModelSeed,
      world,
      judge: judgeThrough(judge.client),
      stopped: () => false,
      report({ done, total, metrics }) {
        if (done % 100 === 0) console.log(`${done} of ${total} steps, loss ${fixed(metrics.loss)}`);
      },
    },
  );
  judge.dispose();
  const files = await saveCheckpoint(model);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), files.config);
  writeFileSync(join(folder, 'model.safetensors'), files.model);
  return model;
}

const knobs = initialValues(prePpo.knobs);
const settings = withChanges(defaultSettings(), { order: 'pre-ppo' });
const { problems } = world.train;

interface Look {
  reward: Float64Array;
  /** Standardised within its kind. */
  z: number[];
  joined: Set<number>;
}

/** What a policy makes of the new prompts of a seed. */
async function lookAt(seed: number, policy: Transformer, sampling: number): Promise<Look> {
  const models = { strong };
  const arm = {
    nn,
    seed: sampling,
    tasks: world.train,
    settings,
    methods: methodsOf(settings),
    reference: policy,
    models,
    reward: openReward({ settings, seed, models }, { problems }),
  } as unknown as Arm;
  const fresh = freshOf({ ...arm, seed }, knobs.fresh);
  const { mean: reward } = await scan(arm, fresh, 1);
  const z = standardised(fresh, reward, problems, knobs.standardisedWithin);
  return { reward, z, joined: new Set(pickLowest(fresh, z, knobs.share)) };
}

/** Share of the prompts in either selection that are in both. */
function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const both = [...a].filter((at) => b.has(at)).length;
  return both / (a.size + b.size - both);
}

const names = [
  'the small policy and the larger one, the same random numbers',
  'the small policy and the larger one, other random numbers',
  'the small policy twice, other random numbers',
  'the larger policy twice, other random numbers',
];
const rows: { jaccard: number[]; rank: number[] }[] = names.map(() => ({ jaccard: [], rank: [] }));
const rewards = { small: [] as number[], larger: [] as number[] };
for (let seed = 1; seed <= seeds; seed++) {
  const bySmall = await lookAt(seed, small, seed);
  const byLarger = await lookAt(seed, larger, seed);
  rewards.small.push(mean(bySmall.reward));
  rewards.larger.push(mean(byLarger.reward));
  const largerAgain = await lookAt(seed, larger, 1000 + seed);
  const pairs = [
    [bySmall, byLarger],
    [bySmall, largerAgain],
    [bySmall, await lookAt(seed, small, 1000 + seed)],
    [byLarger, largerAgain],
  ];
  pairs.forEach(([one, other], i) => {
    rows[i].jaccard.push(jaccard(one.joined, other.joined));
    rows[i].rank.push(spearman(one.z, other.z));
  });
  console.log(`seed ${seed}: ${rows.map((row) => row.jaccard.at(-1)!.toFixed(3)).join(', ')}`);
}

const over = (all: readonly number[]) => plusMinusOver(all, fixed);
const chosen = Math.round(knobs.share * knobs.fresh);
const expected = chosen * knobs.share;
writeFileSync(
  'docs/selection.md',
  `# The selection of a small policy for a larger one

Written by \`npm run selection -- --seeds ${seeds} --steps ${steps}\`. Pre-PPO keeps, of ${knobs.fresh} new prompts, the ${percent(knobs.share)} that a
policy is rewarded least for, standardised by tier, one response each, reward model *strong*. Here the shipped small policy
(0.12 M parameters) and the larger preset (0.8 M, ${steps} of its ${largerPolicy.steps} steps) look at the same prompts. *Jaccard* is the share of
prompts in either selection that are in both; by chance it would be ${fixed(expected / (2 * chosen - expected))}. *Rank* is Spearman's correlation of the
standardised rewards. ± is half of the 95 % interval over ${seeds} seeds, which differ in prompts and samples.

| whose selections | Jaccard | rank |
| --- | --- | --- |
${names.map((name, i) => `| ${name} | ${over(rows[i].jaccard)} | ${over(rows[i].rank)} |`).join('\n')}

The mean reward of the new prompts is ${over(rewards.small)} for the small policy and ${over(rewards.larger)} for the larger one. One response
says little of a prompt: the last two rows are how well a policy agrees with itself. With the same seed both policies draw with the same
random numbers, so where they agree on a distribution they write the same program, and that is most of the first row.

The paper (arXiv 2503.22230) reuses the small model's selection for the large one and does not say how much the two overlap
(second-hand).
`,
);
console.log('docs/selection.md written.');
