/**
 * Writes the service worker of a built page: the list of all files with their hashes, then the worker itself (see
 * src/lab/offline). The development server has none.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { FileEntry, FileList } from '../../src/lab/offline/offlineCopy.ts';
import { bundleScript } from './inlineScript.ts';

const workerFile = 'offline.js';

/** Only needed when somebody opens the editor, or reads another script than Latin. */
const onDemand = /monaco|editor|codicon|javascript-|-(cyrillic|greek|vietnamese|latin-ext)/;

/** Every file of a built page. @throws Error when its index.html names no script */
export function listFiles(folder: string): FileList {
  const hashOf = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/').replace(/^\//, ''),
    )
    .filter((path) => path !== workerFile && !path.endsWith('.map'))
    .sort()
    .map((path): FileEntry => [path, hashOf(readFileSync(join(folder, path)))]);
  const entry = /<script type="module"[^>]* src="\.\/([^"]+)"/.exec(
    readFileSync(join(folder, 'index.html'), 'utf8'),
  )?.[1];
  if (!entry) throw new Error(`${folder}/index.html names no script.`);
  return {
    version: hashOf(JSON.stringify(files)),
    entry,
    first: files.filter(([path]) => !onDemand.test(path)),
    rest: files.filter(([path]) => onDemand.test(path)),
  };
}

/** Writes the worker into a folder that holds a built page. */
export async function writeOffline(folder: string): Promise<void> {
  const { code } = await bundleScript(fileURLToPath(new URL('../../workers/offline.ts', import.meta.url)));
  const list = JSON.stringify(listFiles(folder));
  writeFileSync(join(folder, workerFile), `const filtrateFiles = ${list};\n${code}`);
}

export function offline(): Plugin {
  return {
    name: 'filtrate:offline',
    apply: 'build',
    writeBundle: {
      order: 'post',
      // This runs after everything else is written.
      sequential: true,
      handler: ({ dir }) => writeOffline(dir!),
    },
  };
}
