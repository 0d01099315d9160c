/**
 * `npm run bench`: calls every benchmark module (`*.bench.ts` under src/) in headless Chromium and, where it has a part
 * for it, in Node, and prints its tables. Figures compare engines within one run on one machine; across machines they
 * say little.
 *
 *   npm run bench -- [--json] [--quick] [--only TEXT] [--where chromium|node] [--gpu]
 *
 * --gpu uses the machine's own adapter in Chromium instead of the software one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions, BenchTable } from '../src/core/benchmark.ts';
import { openModulePage } from './headless/modulePage.ts';
import { table } from './output/table.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    where: { type: 'string' },
    gpu: { type: 'boolean', default: false },
  },
});
if (values.where && !['chromium', 'node'].includes(values.where)) {
  throw new RangeError(`--where must be chromium or node, not ${values.where}`);
}

interface Measured extends BenchTable {
  module: string;
  where: 'chromium' | 'node';
}

// Packages as people get them: React's development build takes several times as long.
process.env.NODE_ENV = 'production';
const root = fileURLToPath(new URL('..', import.meta.url));
const modules = readdirSync(join(root, 'src'), { recursive: true })
  .map((file) => `src/${String(file).replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.bench.ts') && file.includes(values.only))
  .sort();
if (modules.length === 0) throw new Error(`No benchmark matches "${values.only}".`);

/** Text goes to stderr when stdout is for a machine. */
const say = values.json ? console.error : console.log;
const exportsOf = (module: string, name: 'bench' | 'benchNode'): boolean =>
  new RegExp(`export (async function|const) ${name}\\b`).test(readFileSync(join(root, module), 'utf8'));

const measured: Measured[] = [];
const collect = (module: string, where: Measured['where'], tables: BenchTable[]): void => {
  for (const one of tables) {
    measured.push({ ...one, module, where });
    say(`\n${one.title} (${where})${one.note ? `\n${one.note}` : ''}`);
    const head = Object.keys(one.rows[0] ?? {});
    say(
      table(
        head,
        one.rows.map((row) => head.map((column) => row[column])),
      ),
    );
  }
};

const options: BenchOptions = { quick: values.quick };
for (const module of modules) {
  if (values.where !== 'chromium' && exportsOf(module, 'benchNode')) {
    const { benchNode } = (await import(pathToFileURL(join(root, module)).href)) as { benchNode: Bench };
    collect(module, 'node', await benchNode(options));
  }
  if (values.where !== 'node' && exportsOf(module, 'bench')) {
    // A page of its own for each module: none measures what another left behind.
    const lab = await openModulePage({
      modules: [module, 'workers/*.ts'],
      webgpu: values.gpu ? 'own' : 'software',
    });
    try {
      collect(module, 'chromium', await lab.call<BenchTable[]>(module, 'bench', options));
    } finally {
      await lab.close();
    }
  }
}
if (values.json) {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  console.log(JSON.stringify({ machine, tables: measured }, null, 2));
}
// The WebGPU package for Node keeps its device alive.
process.exit(0);
