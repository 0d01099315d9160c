/**
 * What a fresh clone needs before anything else runs: the packages of the lock file.
 * Imports nothing outside Node, because it runs before there is anything else.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with a plain message when Node is too old for the tools. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Filtrate needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs a command in the project's folder with its output streamed; returns whether it succeeded. */
export function run(command, args, environment = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
  });
  return result.status === 0;
}

/** Whether every package that the lock file wants is installed in that version (optional ones depend on the machine). */
function installed() {
  const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).packages;
  try {
    const wanted = read('../package-lock.json');
    const present = read('../node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([name, { version, optional }]) => name === '' || optional || present[name]?.version === version,
    );
  } catch {
    return false;
  }
}

/** `npm ci` when packages are missing or of other versions; returns whether they are there now. */
export function installPackages() {
  if (installed()) return true;
  console.log('Installing packages (npm ci) …');
  return run('npm', ['ci', '--no-audit', '--no-fund']);
}
