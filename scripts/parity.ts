/**
 * `npm run parity -- DIR`: holds every engine against the golden numbers in a folder and those in it (NAME.json with
 * NAME.safetensors), of the model and of the update methods: the CPU engines in Node, and all three, WebGPU among them, in headless Chromium. One miss, or an
 * engine that could not be opened, fails the command.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBackend } from '../src/nn/backend/open.ts';
import type { Comparison } from '../src/nn/parity/comparer.ts';
import type { Golden } from '../src/nn/parity/parity.ts';
import { tf } from '../src/nn/tensors/tf.ts';
import { checkGolden, type GoldenAnswer, type MethodsGolden } from '../src/rlhf/parity/methodParity.ts';
import { openModulePage } from './headless/modulePage.ts';
import { table } from './output/table.ts';
import type { ParityResult } from './pageSide/parity.ts';

interface Pair {
  name: string;
  golden: Golden | MethodsGolden;
  weights: Uint8Array;
}

function readPairs(folder: string): Pair[] {
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}.`);
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => existsSync(join(folder, `${name}.safetensors`)));
  if (names.length === 0) throw new Error(`${folder} holds no pair NAME.json + NAME.safetensors.`);
  return names.map((name) => ({
    name,
    golden: JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Golden | MethodsGolden,
    weights: readFileSync(join(folder, `${name}.safetensors`)),
  }));
}

interface Row extends Comparison {
  golden: string;
  engine: string;
}

const folder = process.argv[2];
if (!folder) throw new Error('Say which folder: npm run parity -- DIR');
const pairs = readPairs(folder);
const rows: Row[] = [];
const failures: string[] = [];
/** Methods of golden files that the project does not have yet. */
const missing = new Set<string>();
const collect = (golden: string, engine: string, answer: GoldenAnswer): void => {
  rows.push(...answer.comparisons.map((comparison) => ({ ...comparison, golden, engine })));
  for (const method of answer.missing) missing.add(method);
};

for (const choice of ['plain', 'simd'] as const) {
  const { name } = await openBackend(choice);
  if (name !== choice) failures.push(`${choice} is not available in Node: ${name} was opened instead.`);
  else {
    for (const pair of pairs) {
      collect(pair.name, `${choice}, Node`, await checkGolden(pair.golden, pair.weights, tf.getBackend()));
    }
  }
}

const module = 'scripts/pageSide/parity.ts';
for (const choice of ['plain', 'simd', 'webgpu'] as const) {
  const lab = await openModulePage({ modules: [module], webgpu: 'software' });
  try {
    for (const pair of pairs) {
      const weights = Buffer.from(pair.weights).toString('base64');
      const result = await lab.call<ParityResult>(module, 'parityInPage', pair.golden, weights, choice);
      if (result.backend === choice) collect(pair.name, `${choice}, Chromium`, result);
      else failures.push(`${choice} is not available in Chromium: ${result.backend} was opened instead.`);
    }
  } catch (error) {
    failures.push(`${choice} in Chromium: ${(error as Error).message}`);
  } finally {
    await lab.close();
  }
}

/** NaN, which no comparison admits, counts as worst. */
const excess = ({ deviation, allowed }: Comparison): number =>
  Number.isNaN(deviation) ? Number.POSITIVE_INFINITY : deviation / (allowed || 1);
const groups = new Map<string, Row[]>();
for (const row of rows) {
  const key = [row.golden, row.engine, row.block].join('\n');
  groups.set(key, [...(groups.get(key) ?? []), row]);
}
console.log(
  table(
    ['golden', 'engine', 'block', 'comparisons', 'missed', 'worst quantity', 'deviation', 'allowed'],
    [...groups.values()].map((group) => {
      const worst = group.reduce((a, b) => (excess(b) > excess(a) ? b : a));
      const missed = group.filter(({ ok }) => !ok).length;
      const { golden, engine, block, quantity, deviation, allowed } = worst;
      return [golden, engine, block, group.length, missed, quantity, deviation.toExponential(1), allowed];
    }),
  ),
);
const missed = rows.filter(({ ok }) => !ok);
for (const { golden, engine, block, quantity, deviation, allowed } of missed) {
  failures.push(`${golden} on ${engine}: ${block}, ${quantity} deviates by ${deviation}, allowed ${allowed}`);
}
for (const failure of failures) console.error(failure);
if (missing.size > 0) console.log(`Not in this project, so not compared: ${[...missing].join(', ')}`);
console.log(`${rows.length - missed.length} comparisons agree, ${failures.length} failures`);
process.exit(failures.length > 0 ? 1 : 0);
