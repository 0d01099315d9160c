/** Files that are no rollouts are called what they are, with the way out where there is one. */
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { inspect } from '../inspect.ts';

const bytes = (...parts: (number | string)[]) =>
  Uint8Array.from([
    ...parts.flatMap((part) => (typeof part === 'number' ? [part] : [...new TextEncoder().encode(part)])),
    ...new Array<number>(32).fill(0),
  ]);
const zip = (...names: string[]) =>
  zipSync(Object.fromEntries(names.map((name) => [name, new Uint8Array(40)]))) as Uint8Array<ArrayBuffer>;
const log = Array.from(
  { length: 20 },
  (_, i) => `2026-01-05 10:00:${10 + i},123 INFO trainer step ${i}, loss=0.5`,
).join('\n');

describe('what a file is', () => {
  const cases: [string, string, BlobPart, string, ...string[]][] = [
    [
      'torch, a zip',
      'rollout_3.pt',
      zip('rollout_3/data.pkl', 'rollout_3/version'),
      'binary',
      'is a torch file',
      'torch.load("rollout_3.pt", weights_only=False)',
      'only with files of your own',
    ],
    [
      'torch, under another name',
      'x.bin',
      zip('archive/data.pkl'),
      'binary',
      'is a torch file',
      'json.dumps({**row, **step}, default=str)',
    ],
    [
      'torch, before it wrote zips',
      'old.pth',
      bytes(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc),
      'binary',
      'is a torch file',
    ],
    [
      'pickle',
      'global_step_3_training_input.pkl',
      bytes(0x80, 4, 0x95, 1),
      'binary',
      'is a pickle file',
      'pickle.load(open(',
    ],
    ['NumPy', 'x.npz', zip('reward.npy'), 'binary', 'NumPy arrays'],
    ['NumPy, one array', 'x.npy', bytes(0x93, 'NUMPY', 1, 0), 'binary', 'a NumPy array'],
    ['Inspect', 'run.eval', zip('header.json'), 'compressed', 'inspect log dump run.eval'],
    ['zip', 'all.zip', zip('1.jsonl'), 'compressed', 'a zip archive'],
    ['tar', 'all.tar', bytes(...new Array<number>(257).fill(97), 'ustar'), 'compressed', 'tar xf all.tar'],
    ['xz', '1.jsonl.xz', bytes(0xfd, '7zXZ'), 'compressed', 'unxz -k 1.jsonl.xz'],
    ['bzip2', '1.jsonl.bz2', bytes('BZh9'), 'compressed', 'bunzip2 -k 1.jsonl.bz2'],
    ['JPEG', 'plot.jpg', bytes(0xff, 0xd8, 0xff, 0xe0), 'binary', 'a picture (JPEG)'],
    ['WebP', 'plot.webp', bytes('RIFF', 1, 2, 3, 4, 'WEBP'), 'binary', 'a picture (WebP)'],
    ['PDF', 'paper.pdf', bytes('%PDF-1.7'), 'binary', 'a PDF document'],
    ['SQLite', 'trackio.db', bytes('SQLite format 3'), 'binary', 'sqlite3 -header -csv trackio.db'],
    [
      'safetensors',
      'model.safetensors',
      bytes(0x40, 0, 0, 0, 0, 0, 0, 0, '{"__metadata__"'),
      'binary',
      'model weights (safetensors)',
    ],
    ['GGUF', 'model.gguf', bytes('GGUF', 3), 'binary', 'model weights (GGUF)'],
    ['Arrow', 'data.arrow', bytes(0xff, 0xff, 0xff, 0xff, 16), 'binary', "Dataset.from_file('data.arrow')"],
    [
      'a web page',
      'rollouts.jsonl',
      '<!DOCTYPE html>\n<html><title>Sign in, please</title>',
      'shape',
      'a web page (HTML)',
    ],
    ['a web page without a doctype', 'x.csv', '<html lang="en">, a', 'shape', 'a web page (HTML)'],
    ['SVG', 'plot.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'shape', 'is XML'],
    [
      'Git LFS',
      '1.jsonl',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
      'shape',
      'git lfs pull',
    ],
    ['a log', 'train.log', log, 'shape', 'is a text log'],
    ['a log under another name', 'out.csv', log, 'shape', 'is a text log'],
    [
      'a log of Ray',
      'ray.txt',
      `(TaskRunner pid=812) step:1 - actor/pg_loss:0.1\n(TaskRunner pid=812) step:2 - x:1`,
      'shape',
      'is a text log',
    ],
    [
      'a traceback',
      'err',
      'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError',
      'shape',
      'is a text log',
    ],
    [
      'settings over several lines',
      'config.json',
      '{\n  "lr": 1e-6\n}',
      'shape',
      'one JSON object over several lines',
      'jq -c . config.json',
    ],
  ];
  it.each(cases)('%s', async (_, name, content, code, ...said) => {
    const failure = await inspect({ name, blob: new Blob([content]) }).then(
      () => null,
      (cause) => cause,
    );
    expect(failure).toMatchObject({ name: 'ImportError', code });
    for (const part of said) expect(failure.message).toContain(part);
    expect(failure.message.startsWith(name)).toBe(true);
  });
});

describe('what is rollouts all the same', () => {
  it.each([
    ['lines among the messages of a log', 'x.log', `${log}\n{"prompt": "p", "reward": 1}\n`],
    ['a table with dates', 'x.csv', 'date,prompt,reward\n2026-01-05 10:00,p,1\n2026-01-05 10:01,p,2'],
    ['a table whose text speaks of errors', 'x.txt', 'prompt,response,reward\nERROR?,INFO,1\np,WARNING,2'],
  ])('%s', async (_, name, content) => {
    const { preview } = await inspect({ name, blob: new Blob([content]) });
    expect(preview.length).toBeGreaterThan(0);
  });
});
