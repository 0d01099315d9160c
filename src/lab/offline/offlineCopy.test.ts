import { createHash } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { AlteredFileError, type FileEntry, type FileList, OfflineCopy } from './offlineCopy.ts';

const scope = 'https://host/some/course/';

/** The caches of one browser; `room` is how many more files they take. */
class Caches {
  readonly all = new Map<string, Map<string, Response>>();
  room = Infinity;
  keys = async () => [...this.all.keys()];
  delete = async (name: string) => this.all.delete(name);
  open = async (name: string) => {
    const files = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, files);
    return {
      match: async (key: string) => files.get(key)?.clone(),
      put: async (key: string, response: Response) => {
        if (this.room-- <= 0) throw new DOMException('full', 'QuotaExceededError');
        files.set(key, response);
      },
    } as unknown as Cache;
  };
}

/** A host with these files; it counts what is asked of it. */
class Host {
  files: Record<string, string>;
  readonly asked: string[] = [];
  constructor(files: Record<string, string>) {
    this.files = files;
  }
  fetch = async (url: string) => {
    const path = url.slice(scope.length);
    this.asked.push(path);
    const text = this.files[path === '' ? 'index.html' : path];
    if (text === undefined) return new Response('no', { status: 404 });
    return new Response(text, { headers: { 'content-type': `text/${path.split('.').at(-1)}` } });
  };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
function listOf(files: Record<string, string>): FileList {
  const entries = Object.entries(files).map(([path, text]): FileEntry => [path, hashOf(text)]);
  const isRest = ([path]: FileEntry) => path.includes('editor');
  return {
    version: hashOf(JSON.stringify(entries)),
    entry: Object.keys(files).find((path) => path.includes('main'))!,
    first: entries.filter((entry) => !isRest(entry)),
    rest: entries.filter(isRest),
  };
}

const one = {
  'index.html': '<script src="./assets/main-1.js">',
  'assets/main-1.js': 'first',
  'assets/editor.js': 'large',
  'model.bin': 'weights',
};
const two = {
  'index.html': '<script src="./assets/main-2.js">',
  'assets/main-2.js': 'second',
  'assets/editor.js': 'large',
  'model.bin': 'weights',
};

let caches: Caches;
beforeEach(() => {
  caches = new Caches();
});
const copyOf = (files: Record<string, string>, host: Host, own = scope) =>
  new OfflineCopy(listOf(files), { caches, fetch: host.fetch, scope: own });
const text = async (copy: OfflineCopy, path: string) => (await copy.answer(scope + path))?.text();

it('answers for every file without the host, once it is whole', async () => {
  const host = new Host(one);
  const copy = copyOf(one, host);
  await copy.install();
  expect(host.asked).not.toContain('assets/editor.js');
  await copy.complete();
  host.files = {};
  host.asked.length = 0;
  for (const [path, content] of Object.entries(one)) expect(await text(copy, path)).toBe(content);
  expect(await text(copy, '?preset=healthy#seed=3')).toBe(one['index.html']);
  expect((await copy.answer(`${scope}model.bin`))!.headers.get('content-type')).toBe('text/bin');
  expect(host.asked).toEqual([]);
});

it('leaves alone what is no file of the page', () => {
  const copy = copyOf(one, new Host(one));
  for (const address of ['https://host/other/', 'https://elsewhere/some/course/', `${scope}notes.txt`])
    expect(copy.answer(address)).toBeNull();
});

it('fetches and keeps a file that is asked for before all are there', async () => {
  const host = new Host(one);
  const copy = copyOf(one, host);
  expect(await text(copy, 'assets/editor.js')).toBe('large');
  expect(await text(copy, 'assets/editor.js')).toBe('large');
  expect(host.asked).toEqual(['assets/editor.js']);
});

it('is not whole while the host has files of another version', async () => {
  const mixed = { ...one, 'model.bin': 'other weights' };
  await expect(copyOf(one, new Host(mixed)).install()).rejects.toThrow(AlteredFileError);
  caches = new Caches();
  const newer = { ...one, 'index.html': two['index.html'] };
  await expect(copyOf(one, new Host(newer)).install()).rejects.toThrow(/index\.html/);
  // What a host adds to the page itself is its own business.
  const signed = { ...one, 'index.html': `${one['index.html']}<!-- served by a host -->` };
  await expect(copyOf(one, new Host(signed)).install()).resolves.toBeUndefined();
});

it('takes from the version before what is the same, and lets go of it only when told', async () => {
  await copyOf(one, new Host(one)).complete();
  const host = new Host(two);
  const next = copyOf(two, host);
  await next.complete();
  expect(host.asked.sort()).toEqual(['', 'assets/main-2.js']);
  expect(await text(copyOf(one, new Host({})), '')).toBe(one['index.html']);
  await next.forgetOthers();
  expect(caches.all.size).toBe(1);
  expect(await text(next, '')).toBe(two['index.html']);
});

it('touches no copy of the page under another path of the same host', async () => {
  const elsewhere = 'https://host/some/course/draft/';
  const other = new OfflineCopy(listOf(one), {
    caches,
    fetch: (url) => new Host(one).fetch(url.replace(elsewhere, scope)),
    scope: elsewhere,
  });
  await other.install();
  const copy = copyOf(two, new Host(two));
  await copy.install();
  await copy.forgetOthers();
  expect(caches.all.size).toBe(2);
});

it('answers where the browser has no room, and does not pretend to be whole', async () => {
  caches.room = 0;
  const copy = copyOf(one, new Host(one));
  expect(await text(copy, 'model.bin')).toBe('weights');
  await expect(copy.complete()).rejects.toThrow('full');
});
