/** Files as a person drops them: the cases kept beside this file, and ones made of text. */
import { openAsBlob, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NamedBlob } from '../inspect.ts';

export const textFile = (text: string, name = 'rollouts.jsonl'): NamedBlob => ({
  name,
  blob: new Blob([text]),
});

export const jsonLines = (rows: readonly object[], name?: string): NamedBlob =>
  textFile(rows.map((row) => JSON.stringify(row)).join('\n'), name);

/** A case; a name with a folder stands for the file in it. */
export const caseFile = async (name: string): Promise<NamedBlob> => ({
  name: basename(name),
  blob: await openAsBlob(join(import.meta.dirname, 'cases', name)),
});

const formats = join(import.meta.dirname, 'formats');

/** A file as a trainer writes it, or all files of a folder (with a slash at its end), with their paths. */
export function formatFiles(name: string): Promise<NamedBlob[]> {
  const found = name.endsWith('/')
    ? readdirSync(join(formats, name), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.\w+$/.test(path))
        .sort()
        .map((path) => join(name, path))
    : [name];
  return Promise.all(
    found.map(async (path) => ({ name: basename(path), path, blob: await openAsBlob(join(formats, path)) })),
  );
}

export const formatText = (name: string): string => readFileSync(join(formats, name), 'utf8');
