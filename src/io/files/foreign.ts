/**
 * What a file is that holds no rollouts, by its first bytes. People drop what their trainer left: weights, pickles,
 * archives, logs, pages that took the place of a download. A name and the way out help more than "cannot be read".
 */
import { ImportError, type ImportErrorCode } from '../importError.ts';

const ascii = (text: string) => Array.from(text, (char) => char.charCodeAt(0));

/** Beginnings that name a file. */
const beginnings: readonly { bytes: readonly number[]; at?: number; code: ImportErrorCode; is: string }[] = [
  { bytes: [0x1f, 0x8b], code: 'compressed', is: 'compressed (gzip). Unpack it first: gunzip -k FILE' },
  {
    bytes: [0x28, 0xb5, 0x2f, 0xfd],
    code: 'compressed',
    is: 'compressed (zstd). Unpack it first: unzstd FILE',
  },
  { bytes: ascii('BZh'), code: 'compressed', is: 'compressed (bzip2). Unpack it first: bunzip2 -k FILE' },
  {
    bytes: [0xfd, ...ascii('7zXZ')],
    code: 'compressed',
    is: 'compressed (xz). Unpack it first: unxz -k FILE',
  },
  {
    bytes: [0x04, 0x22, 0x4d, 0x18],
    code: 'compressed',
    is: 'compressed (lz4). Unpack it first: unlz4 FILE',
  },
  { bytes: [...ascii('7z'), 0xbc, 0xaf], code: 'compressed', is: 'a 7z archive. Unpack it first' },
  { bytes: ascii('Rar!'), code: 'compressed', is: 'a RAR archive. Unpack it first' },
  { bytes: ascii('ustar'), at: 257, code: 'compressed', is: 'a tar archive. Unpack it first: tar xf FILE' },
  { bytes: [0x89, ...ascii('PNG')], code: 'binary', is: 'a picture (PNG)' },
  { bytes: [0xff, 0xd8, 0xff], code: 'binary', is: 'a picture (JPEG)' },
  { bytes: ascii('GIF8'), code: 'binary', is: 'a picture (GIF)' },
  { bytes: ascii('WEBP'), at: 8, code: 'binary', is: 'a picture (WebP)' },
  { bytes: ascii('%PDF'), code: 'binary', is: 'a PDF document' },
  { bytes: ascii('ftyp'), at: 4, code: 'binary', is: 'a video' },
  {
    bytes: ascii('SQLite format 3'),
    code: 'binary',
    is: 'a SQLite database. Write its table as CSV: sqlite3 -header -csv FILE "select * from TABLE"',
  },
  { bytes: [0x89, ...ascii('HDF')], code: 'binary', is: 'an HDF5 file' },
  { bytes: [0x93, ...ascii('NUMPY')], code: 'binary', is: 'a NumPy array' },
  { bytes: ascii('GGUF'), code: 'binary', is: 'model weights (GGUF)' },
  {
    bytes: ascii('ARROW1'),
    code: 'binary',
    is: "an Arrow file. Write it as parquet: python -c \"import pandas; pandas.read_feather('FILE').to_parquet('FILE.parquet')\"",
  },
  {
    bytes: [0xff, 0xff, 0xff, 0xff],
    code: 'binary',
    is: "an Arrow stream, as data sets of Hugging Face are stored. Write it as parquet: python -c \"from datasets import Dataset; Dataset.from_file('FILE').to_parquet('FILE.parquet')\"",
  },
  { bytes: [0x7f, ...ascii('ELF')], code: 'binary', is: 'a program' },
];

/** Python that writes the samples of a torch or pickle file as lines of JSON, beside it; slime says the step once. */
const conversion = (load: string, name: string) => `
import json${load.startsWith('torch') ? ', torch' : ', pickle'}
data = ${load}
rows = data["samples"] if isinstance(data, dict) and "samples" in data else data
step = {"step": data["rollout_id"]} if isinstance(data, dict) and "rollout_id" in data else {}
with open("${name}.jsonl", "w") as out:
    for row in rows:
        row = row if isinstance(row, dict) else vars(row)
        out.write(json.dumps({**row, **step}, default=str) + "\\n")
Loading such a file runs what it holds: do it only with files of your own.`;

const isZip = [0x50, 0x4b, 0x03, 0x04];

/**
 * Why a file is no rollouts, as far as its first bytes tell; null where they do not speak against it.
 * @param head the first few kilobytes
 */
export function foreignFile(head: Uint8Array, name: string): ImportError | null {
  const has = (bytes: readonly number[], at = 0) => bytes.every((byte, i) => head[at + i] === byte);
  const what = (code: ImportErrorCode, is: string) =>
    new ImportError(code, `${name} is ${is.replaceAll('FILE', name)}${/[:.\]})"]$/.test(is) ? '' : '.'}`);
  if (has(isZip)) return archive(head, name, what);
  for (const { bytes, at, code, is } of beginnings) if (has(bytes, at)) return what(code, is);
  // A pickle opens with its protocol; torch wrote bare pickles before it wrote zips.
  if (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) return what('binary', pickled(name, head));
  const isTensors = has(ascii('{"'), 8) && has([0, 0], 6);
  if (isTensors) return what('binary', 'model weights (safetensors)');
  return null;
}

type What = (code: ImportErrorCode, is: string) => ImportError;

/** torch, NumPy and Inspect write zips; the name of the first file in it tells which. */
function archive(head: Uint8Array, name: string, what: What): ImportError {
  const first = String.fromCharCode(...head.slice(30, 30 + head[26] + 256 * head[27]));
  if (/data\.pkl$|\/\.data|\/version$|\/byteorder$/.test(first) || /\.(pt|pth|ckpt)$/i.test(name)) {
    return what(
      'binary',
      `a torch file. Python turns it into rollouts, if it is a list of samples as slime writes them:${conversion(`torch.load("${name}", weights_only=False)`, name)}`,
    );
  }
  if (/\.npy$/.test(first)) return what('binary', 'NumPy arrays (npz)');
  if (/\.eval$/i.test(name))
    return what('compressed', 'a log of Inspect. Write it as JSON first: inspect log dump FILE');
  if (/\.(xlsx|docx|pptx)$/i.test(name)) return what('binary', 'an Office document. Save the sheet as CSV');
  return what('compressed', 'compressed (a zip archive). Unpack it first');
}

function pickled(name: string, head: Uint8Array): string {
  const isTorch = /\.(pt|pth|ckpt)$/i.test(name) || (head[2] === 0x8a && head[3] === 0x0a);
  const load = isTorch ? `torch.load("${name}", weights_only=False)` : `pickle.load(open("${name}", "rb"))`;
  return `a ${isTorch ? 'torch' : 'pickle'} file. Python turns it into rollouts, if it is a list of samples:${conversion(load, name)}`;
}

const logLine =
  /^\W*(\d{4}-\d\d-\d\d[ T_]|\d\d:\d\d:\d\d|\(?\w+ pid=\d+)|\b(DEBUG|INFO|WARN(ING)?|ERROR)\b|^Traceback|^\s+File "|step:\d+ - /;

/** Why a text that begins without a brace is no rollouts, as far as its beginning tells; null where nothing names it. */
export function foreignText(text: string, name: string): ImportError | null {
  const what = (is: string) => new ImportError('shape', `${name} is ${is}`);
  if (text.startsWith('version https://git-lfs')) {
    return what('a pointer of Git LFS, not the file itself. Fetch it: git lfs pull');
  }
  if (/^<(!doctype html|html|head|body)\b/i.test(text)) {
    return what('a web page (HTML): perhaps a sign-in or an error page that took the place of the file.');
  }
  if (/^<(\?xml|svg)\b/i.test(text)) return what('XML.');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const logged = lines.filter((line) => logLine.test(line)).length;
  const isNamed = /\.(log|out|err)$/i.test(name);
  const begins = logLine.test(lines[0] ?? '');
  // Rows among stray messages are rows.
  if ((isNamed || begins) && 3 * logged >= lines.length && !lines.some((line) => line.startsWith('{'))) {
    return what('a text log. The trainer writes responses to files of their own.');
  }
  return null;
}
