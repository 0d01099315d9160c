/** The files of a drop or a choice, those in folders included, with their paths: a folder may say the step. */
import { shortNames } from '../../../../io/files/fileNames.ts';
import type { NamedBlob } from '../../../../io/inspect.ts';

/** Files under names that tell them apart, in the order of their paths, numbers by size. */
export function namedFiles(files: readonly { path: string; file: File }[]): NamedBlob[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const sorted = files.toSorted((a, b) => compare(a.path, b.path));
  const names = shortNames(sorted.map(({ path }) => path));
  return sorted.map(({ path, file }, i) => ({ name: names[i], path, blob: file }));
}

/** Must be called while the event is handled: what was dropped is gone afterwards. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<NamedBlob[]> {
  const entries = [...items]
    .map((item) => item.webkitGetAsEntry?.() ?? null)
    .filter((entry) => entry !== null);
  const loose = [...files];
  if (!entries.some((entry) => entry.isDirectory)) {
    return namedFiles(loose.map((file) => ({ path: file.name, file })));
  }
  return namedFiles((await Promise.all(entries.map(walk))).flat());
}

async function walk(entry: FileSystemEntry): Promise<{ path: string; file: File }[]> {
  if (entry.name.startsWith('.')) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const below: FileSystemEntry[] = [];
  // A browser gives the entries of a folder in portions; the empty one is the last.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    below.push(...some);
  }
  return (await Promise.all(below.map(walk))).flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
