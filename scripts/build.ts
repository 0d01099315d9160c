/**
 * `npm run build`: compiles the kernels, then the page into dist/. With --if-stale it does nothing when dist/ is
 * newer than everything it is made from; the scripts that drive the built page do the same through `ensureBuilt`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the page is made from. Tests and golden numbers are not part of it. */
const sources = ['src', 'workers', 'public', 'index.html', 'vite.config.ts', 'package-lock.json'];
const notBuilt = /\.test\.tsx?$|[\\/](golden|build)[\\/]/;

/** Time of the newest change to a file or to any source file below a folder. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return notBuilt.test(path) ? 0 : stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), 0);
}

function isStale(): boolean {
  const built = statSync(join(root, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((source) => newest(join(root, source)) > built);
}

/**
 * Builds the page; throws when a step fails (its messages are on the terminal).
 *
 * @param output where the report goes: 1 for the command's output, 2 where that belongs to another command
 */
export function build(output: 1 | 2 = 1): void {
  for (const command of [
    ['scripts/buildKernels.mjs'],
    ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'],
  ]) {
    const { status } = spawnSync(process.execPath, command, {
      cwd: root,
      stdio: ['inherit', output, 'inherit'],
    });
    if (status !== 0) throw new Error(`The build failed at ${command[0]}.`);
  }
}

export function ensureBuilt(): void {
  if (isStale()) build(2);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (process.argv.includes('--if-stale')) ensureBuilt();
    else build();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
