/**
 * A log of Inspect as Inspect writes it, `.eval`: a zip with a file for the head of the log and one for each sample. It
 * becomes the log that `inspect log dump` would write, on one line and without the events of its samples, so that all
 * that reads such a log reads it.
 */
import { Unzip, UnzipInflate } from 'fflate';
import { ImportError } from '../importError.ts';
import type { NamedBlob } from '../inspect.ts';
import { isObject } from '../shapes/shape.ts';
import { type Fields, parseObject } from '../values.ts';

/** Bytes handed to the unpacker at once. */
const chunkBytes = 2 ** 20;
/** A sample that unpacks to more is refused. */
const largestSample = 256 * 2 ** 20;
/** The end of an archive is in its last bytes, unless it carries a comment. */
const tailBytes = 66_000;

const heads = ['header.json', '_journal/start.json', 'start.json'];
const isSample = (path: string): boolean => path.startsWith('samples/') && path.endsWith('.json');

/** The file itself, or the log that its archive holds. @throws ImportError for an archive that cannot be read */
export async function openedLog(file: NamedBlob): Promise<NamedBlob> {
  const { name, blob } = file;
  if (!/\.eval$/i.test(name)) return file;
  const start = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  if (!isAt(start, 0, 0x03, 0x04)) return file;
  if (!(await hasEnd(blob)))
    throw new ImportError(
      'compressed',
      `${name} is an archive without its end: it was cut off. Copy it again.`,
    );
  const found = await unpacked(file);
  const about = heads.map((path) => found.get(path)).find((head) => head !== undefined);
  if (about === undefined || !isObject(about.eval))
    throw new ImportError('shape', `${name} is a zip archive, and no log of Inspect: it has no header.`);
  const { compare } = new Intl.Collator('en', { numeric: true });
  const samples = [...found.keys()].filter(isSample).sort(compare);
  if (samples.length === 0)
    throw new ImportError('empty', `${name} is a log of Inspect without samples: none was finished.`);
  const { version = 2, status = 'started' } = about;
  const head = `{"version":${JSON.stringify(version)},"status":${JSON.stringify(status)},"eval":${JSON.stringify(about.eval)},"samples":[`;
  const lines = samples.map((path, i) => `${i === 0 ? '' : ','}${JSON.stringify(rowOf(found.get(path)!))}`);
  return { ...file, blob: new Blob([head, ...lines, ']}\n']) };
}

/** What a row is made from. A sample's events are most of it, and no row needs them. */
function rowOf({ id, epoch, input, target, messages, output, scores, metadata, error }: Fields): Fields {
  return { id, epoch, input, target, messages, output, scores, metadata, error };
}

/** The heads and the samples by their paths; what is written again later counts. */
async function unpacked({ name, blob }: NamedBlob): Promise<Map<string, Fields>> {
  const found = new Map<string, Fields>();
  const refuse = (why: string) =>
    new ImportError(
      'compressed',
      `${name} cannot be unpacked: ${why}. Write it as JSON: inspect log dump ${name}.`,
    );
  let failure: ImportError | null = null;
  const unzip = new Unzip((entry) => {
    if (!heads.includes(entry.name) && !isSample(entry.name)) return;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    entry.ondata = (error, part, last) => {
      if (failure) return;
      bytes += part?.length ?? 0;
      if (error) failure = refuse(`${entry.name} is damaged (${error.message})`);
      else if (bytes > largestSample) failure = refuse(`${entry.name} is larger than 256 MB`);
      else parts.push(part);
      if (failure || !last) return;
      const fields = parseObject(new TextDecoder().decode(joined(parts, bytes)));
      if (typeof fields === 'string') failure = refuse(`${entry.name}: ${fields}`);
      else found.set(entry.name, isSample(entry.name) ? rowOf(fields) : fields);
    };
    if (entry.compression === 0 || entry.compression === 8) entry.start();
    else
      failure = refuse(
        `${entry.name} is compressed in a way that is not read here (method ${entry.compression})`,
      );
  });
  unzip.register(UnzipInflate);
  try {
    for (let from = 0; from < blob.size && !failure; from += chunkBytes) {
      const part = new Uint8Array(await blob.slice(from, from + chunkBytes).arrayBuffer());
      unzip.push(part, from + chunkBytes >= blob.size);
    }
  } catch (cause) {
    failure ??= refuse(`it is damaged (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  if (failure) throw failure;
  return found;
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const isAt = (bytes: Uint8Array, at: number, third: number, fourth: number): boolean =>
  bytes[at] === 0x50 && bytes[at + 1] === 0x4b && bytes[at + 2] === third && bytes[at + 3] === fourth;

/** Whether the record that ends an archive is there. */
async function hasEnd(blob: Blob): Promise<boolean> {
  const tail = new Uint8Array(await blob.slice(Math.max(0, blob.size - tailBytes)).arrayBuffer());
  for (let at = tail.length - 22; at >= 0; at--) if (isAt(tail, at, 0x05, 0x06)) return true;
  return false;
}
