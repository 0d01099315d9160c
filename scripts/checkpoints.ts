/**
 * `npm run checkpoints`: trains the models that ship with the page, with the code that the page trains with, and
 * writes them in Hugging Face layout with a manifest that says how they came about.
 *
 *   npm run checkpoints -- [--seed N] [--out public/checkpoints/default] [--backend simd|webgpu|plain]
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedModelSeed, shippedPolicy, shippedRewardModels } from '../src/lab/models/trainingPresets.ts';
import type { BackendChoice } from '../src/lab/settings/engines.ts';
import { shippedWorldSeed } from '../src/lab/trainer/worldTasks.ts';
import { huggingFaceFiles } from '../src/tasks/tokenizer.ts';
import { openModulePage } from './headless/modulePage.ts';
import type { TrainingPlan, TrainingResult } from './pageSide/trainModels.ts';

const { values } = parseArgs({
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

const folders = { policy: 'policy', strong: 'reward-strong', weak: 'reward-weak' } as const;
const module = 'scripts/pageSide/trainModels.ts';
const plan: TrainingPlan = {
  seed,
  backend: values.backend as BackendChoice,
  policy: shippedPolicy,
  rewardModels: shippedRewardModels,
};

const lab = await openModulePage({
  modules: [module, 'workers/*.ts'],
  ...(values.backend === 'webgpu' ? { webgpu: 'own' } : {}),
});
let shown = 0;
await lab.page.exposeFunction('reportProgress', (line: string) => {
  // A line every two seconds says enough.
  if (performance.now() - shown < 2000) return;
  shown = performance.now();
  console.log(line);
});
const { backend, models } = await lab
  .call<TrainingResult>(module, 'trainModels', plan)
  .finally(() => lab.close());

const settings = { policy: plan.policy, ...plan.rewardModels };
const manifest = {
  format: 'filtrate-checkpoints/1',
  command: `npm run checkpoints -- --seed ${seed}`,
  seed,
  worldSeed: shippedWorldSeed,
  backend,
  models: {} as Record<string, unknown>,
};
for (const slot of ['policy', 'strong', 'weak'] as const) {
  const folder = join(values.out, folders[slot]);
  mkdirSync(folder, { recursive: true });
  const { config, model, metrics, seconds } = models[slot];
  const files: Record<string, string | Uint8Array> = {
    'model.safetensors': Buffer.from(model, 'base64'),
    'config.json': config,
    ...huggingFaceFiles(),
  };
  const sha256: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), content);
    sha256[name] = createHash('sha256').update(content).digest('hex');
  }
  manifest.models[folders[slot]] = {
    settings: settings[slot],
    metrics,
    seconds: Math.round(seconds),
    sha256,
  };
  console.log(folder, JSON.stringify(metrics), `${seconds.toFixed(0)} s`);
}
writeFileSync(join(values.out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
