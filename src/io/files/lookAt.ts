/** A look at many files at once: what each is, which are alike, and which cannot be used or are there twice. */
import { stepOfPath } from '../grouping/steps.ts';
import { ImportError } from '../importError.ts';
import { type Inspection, inspect, type NamedBlob } from '../inspect.ts';
import { subsetOf } from '../trained.ts';
import { openedLog } from './evalArchive.ts';
import { type Form, formsOf } from './forms.ts';

export interface Looked {
  /** The files, archives of logs opened: what is to be read. */
  files: NamedBlob[];
  /** Their files are numbers in the list that was looked at. */
  forms: Form[];
  /** Files that cannot be used, and why. */
  failures: { name: string; cause: unknown }[];
}

export async function lookAt(dropped: readonly NamedBlob[]): Promise<Looked> {
  const files = [...dropped];
  const looks: Inspection[] = [];
  const numbers: number[] = [];
  const failures: Looked['failures'] = [];
  for (const [i, each] of dropped.entries()) {
    let file = each;
    try {
      file = await openedLog(each);
      files[i] = file;
      const look = await inspect(file);
      const twin = await firstEqual(
        file,
        numbers.map((number) => files[number]),
      );
      if (twin)
        throw new ImportError(
          'shape',
          `${file.name} holds the same bytes as ${twin.name}. One of them is read.`,
        );
      looks.push(look);
      numbers.push(i);
    } catch (cause) {
      failures.push({ name: file.name, cause });
    }
  }
  const forms = formsOf(looks).map((form) => ({ ...form, files: form.files.map((i) => numbers[i]) }));
  return { files, forms, failures };
}

const compared = 2 ** 20;

const pathOf = ({ name, path }: NamedBlob) => path ?? name;

async function firstEqual(file: NamedBlob, others: readonly NamedBlob[]): Promise<NamedBlob | null> {
  for (const other of others) {
    // The same responses at another step are no copy, nor is a batch from which nothing was left out.
    const [step, otherStep] = [file, other].map((one) => stepOfPath(pathOf(one)));
    if (step !== null && otherStep !== null && step !== otherStep) continue;
    if (subsetOf(pathOf(file))?.name !== subsetOf(pathOf(other))?.name) continue;
    if (other.blob.size === file.blob.size && (await areEqual(file.blob, other.blob))) return other;
  }
  return null;
}

async function areEqual(a: Blob, b: Blob): Promise<boolean> {
  for (let from = 0; from < a.size; from += compared) {
    const [left, right] = await Promise.all(
      [a, b].map(async (blob) => new Uint8Array(await blob.slice(from, from + compared).arrayBuffer())),
    );
    if (left.some((byte, i) => byte !== right[i])) return false;
  }
  return true;
}
