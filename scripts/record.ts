/**
 * `npm run record`: runs every preset headless, in the page's own engine, from the shipped checkpoints, and writes
 * the recordings that the page opens with, beside a manifest that says how each was made.
 *
 *   npm run record -- [PRESET …] [--seed 1] [--out public/recorded] [--groups 8] [--backend simd]
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendChoice } from '../src/lab/settings/engines.ts';
import { nameArm } from '../src/lab/settings/naming.ts';
import { presetById, presets } from '../src/lab/settings/presets.ts';
import { openModulePage, printProgress } from './headless/modulePage.ts';
import type { RecordedRuns, RecordingPlan } from './pageSide/recordRuns.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'public/recorded' },
    groups: { type: 'string', default: '8' },
    backend: { type: 'string', default: 'simd' },
  },
});
const whole = (name: 'seed' | 'groups'): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} must be a whole number.`);
  return value;
};

interface Manifest {
  format: 'filtrate-recordings/1';
  recordings: Record<string, unknown>;
}
const manifestPath = join(values.out, 'manifest.json');
const manifest: Manifest = existsSync(manifestPath)
  ? (JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest)
  : { format: 'filtrate-recordings/1', recordings: {} };

mkdirSync(values.out, { recursive: true });
const module = 'scripts/pageSide/recordRuns.ts';
const chosen = positionals.length > 0 ? positionals.map(presetById) : presets;
for (const preset of chosen) {
  const seed = whole('seed');
  const plan: RecordingPlan = {
    preset: preset.id,
    command: `npm run record -- ${preset.id} --seed ${seed}`,
    seed,
    backend: values.backend as BackendChoice,
    arms: [],
    groups: whole('groups'),
  };
  for (const { name, settings } of preset.arms) {
    plan.arms.push({ name: name ?? nameArm(settings, plan.arms), settings });
  }
  const lab = await openModulePage({
    modules: [module, 'workers/*.ts'],
    ...(values.backend === 'webgpu' ? { webgpu: 'own' } : {}),
  });
  await printProgress(lab.page);
  const { file, backend, heldPass } = await lab
    .call<RecordedRuns>(module, 'recordRuns', plan)
    .finally(() => lab.close());
  const bytes = Buffer.from(file, 'base64');
  writeFileSync(join(values.out, `${preset.id}.bin`), bytes);
  manifest.recordings[preset.id] = {
    command: plan.command,
    seed,
    backend,
    heldPass,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  writeFileSync(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(`${preset.id}: ${(bytes.length / 1000).toFixed(0)} kB`, JSON.stringify(heldPass));
}
