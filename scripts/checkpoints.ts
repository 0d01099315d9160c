/**
 * `npm run checkpoints`: trains the models that ship with the page, with the code that the page trains with, and
 * writes them in Hugging Face layout with a manifest that says how they came about.
 *
 *   npm run checkpoints -- [MODEL …] [--seed N] [--out public/checkpoints/default] [--backend simd|webgpu|plain]
 *
 * MODEL is policy, strong, weak, careless, strong-dropout, strong-beta, strong-mask, genrm, value or histogram; without any, all
 * are trained. Where only some are, the others stay as they are, and the policy that is there is the one whose programs
 * they learn from.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  shippedGenrm,
  shippedHistogram,
  shippedModelSeed,
  shippedPolicy,
  shippedRewardModels,
  shippedValueNetwork,
} from '../src/lab/models/trainingPresets.ts';
import type { BackendChoice } from '../src/lab/settings/engines.ts';
import { type ModelSlot, modelSlots } from '../src/lab/trainer/models/modelSlots.ts';
import { modelFolders } from '../src/lab/trainer/models/shippedModels.ts';
import { shippedWorldSeed } from '../src/lab/trainer/worldTasks.ts';
import { huggingFaceFiles } from '../src/tasks/tokenizer.ts';
import { openModulePage, printProgress } from './headless/modulePage.ts';
import type { TrainingPlan, TrainingResult } from './pageSide/trainModels.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(shippedModelSeed) },
    out: { type: 'string', default: 'public/checkpoints/default' },
    backend: { type: 'string', default: 'simd' },
  },
});
const seed = Number(values.seed);
if (!Number.isInteger(seed) || seed < 0)
  throw new RangeError(`--seed must be a whole number, not ${values.seed}`);
if (!['auto', 'simd', 'webgpu', 'plain'].includes(values.backend)) {
  throw new RangeError(`--backend must be auto, simd, webgpu or plain, not ${values.backend}`);
}
for (const name of positionals) {
  if (!(modelSlots as readonly string[]).includes(name))
    throw new RangeError(`There is no model "${name}"; there are ${modelSlots.join(', ')}.`);
}
const chosen = modelSlots.filter((slot) => positionals.length === 0 || positionals.includes(slot));

const settings = {
  policy: shippedPolicy,
  ...shippedRewardModels,
  genrm: shippedGenrm,
  value: shippedValueNetwork,
  histogram: shippedHistogram,
};
const command = (slot: ModelSlot): TrainingPlan['commands'][number] => {
  if (slot === 'policy') return { type: 'train-policy', settings: settings.policy, seed };
  if (slot === 'genrm') return { type: 'train-genrm', settings: settings.genrm, seed };
  if (slot === 'value' || slot === 'histogram')
    return { type: 'train-value', settings: settings[slot], seed };
  return { type: 'train-reward', settings: settings[slot], seed, slot };
};
const folderOf = (slot: ModelSlot) => join(values.out, modelFolders[slot]);
const plan: TrainingPlan = { backend: values.backend as BackendChoice, commands: chosen.map(command) };
if (!chosen.includes('policy')) {
  plan.policy = {
    config: readFileSync(join(folderOf('policy'), 'config.json'), 'utf8'),
    model: readFileSync(join(folderOf('policy'), 'model.safetensors')).toString('base64'),
  };
}

const manifestPath = join(values.out, 'manifest.json');
const kept =
  positionals.length > 0 && existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, 'utf8')) : null;
if (kept && kept.seed !== seed)
  throw new RangeError(
    `The models in ${values.out} are of seed ${kept.seed}, not ${seed}: train all of them.`,
  );

const module = 'scripts/pageSide/trainModels.ts';
const lab = await openModulePage({
  modules: [module, 'workers/*.ts'],
  ...(values.backend === 'webgpu' ? { webgpu: 'own' } : {}),
});
await printProgress(lab.page);
const { backend, models } = await lab
  .call<TrainingResult>(module, 'trainModels', plan)
  .finally(() => lab.close());

const manifest = {
  format: 'filtrate-checkpoints/1',
  command: `npm run checkpoints -- --seed ${seed}`,
  seed,
  worldSeed: shippedWorldSeed,
  backend,
  models: (kept?.models ?? {}) as Record<string, unknown>,
};
for (const { slot, config, model, metrics, reliability, seconds } of models) {
  const folder = folderOf(slot);
  mkdirSync(folder, { recursive: true });
  const files: Record<string, string | Uint8Array> = {
    'model.safetensors': Buffer.from(model, 'base64'),
    'config.json': config,
    ...huggingFaceFiles(JSON.parse(config).n_positions),
  };
  const sha256: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    sha256[name] = createHash('sha256').update(content).digest('hex');
  }
  manifest.models[modelFolders[slot]] = {
    settings: settings[slot],
    metrics,
    ...(reliability && { reliability }),
    seconds: Math.round(seconds),
    sha256,
  };
  console.log(folder, JSON.stringify(metrics), `${seconds.toFixed(0)} s`);
}
writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
