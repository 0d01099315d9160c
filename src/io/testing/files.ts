/** Files as a person drops them: the cases kept beside this file, and ones made of text. */
import { openAsBlob } from 'node:fs';
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
