/** What Node itself says of a program and its tests: each pair in a thread of its own, which may end its process. */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const packages = createRequire(import.meta.url).resolve('lodash');

/** Long, because only what never ends may run into it, on however busy a machine. */
const limitMs = 20_000;

/** @returns whether nothing failed: no exception, no exit status, no `console.assert` */
export async function nodePasses(program: string, tests: string): Promise<boolean> {
  const isModule = /^\s*import\s/m.test(tests);
  const lines = `${program}\n${tests.replaceAll("'lodash'", JSON.stringify(packages))}`;
  const source = isModule ? new URL(`data:text/javascript,${encodeURIComponent(lines)}`) : lines;
  const worker = new Worker(source, { eval: !isModule, stderr: true, stdout: true });
  let errors = '';
  worker.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  worker.stdout.resume();
  return new Promise((resolve) => {
    let hasFailed = false;
    const timer = setTimeout(() => {
      hasFailed = true;
      void worker.terminate();
    }, limitMs);
    worker.on('error', () => {
      hasFailed = true;
    });
    worker.on('exit', (status) => {
      clearTimeout(timer);
      // What was written last may come last.
      setTimeout(() => resolve(!hasFailed && status === 0 && !errors.includes('Assertion failed')), 5);
    });
  });
}
