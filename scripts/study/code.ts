/**
 * Which code computes: a hash of everything that decides a number. Two runs are of one study only when it is the same,
 * so it is in the id of each run.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Sources of the loop, the engine, the problems and the judge, and the models that arms start with. */
const parts = [
  'src/core',
  'src/judge',
  'src/lab/trainer',
  'src/nn',
  'src/rlhf',
  'src/tasks',
  'workers/judge.ts',
  'workers/trainer.ts',
  'public/checkpoints/default',
];
const notComputing = /\.(test|bench)\.tsx?$|[\\/](testing|golden|build|bench)[\\/]|\.golden\.json$/;
/** Packages that compute. */
const packages = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-webgpu',
  'acorn',
  'assemblyscript',
  'pure-rand',
  'quickjs-emscripten',
];

function filesOf(path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .map((name) => `${path}/${name}`)
    .flatMap(filesOf)
    .filter((file) => !notComputing.test(file));
}

/** 12 hexadecimal digits. */
export function codeHash(): string {
  const hash = createHash('sha256');
  for (const file of parts.flatMap(filesOf).sort())
    hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const name of packages) hash.update(`${name} ${lock.packages[`node_modules/${name}`].version}\0`);
  return hash.digest('hex').slice(0, 12);
}
