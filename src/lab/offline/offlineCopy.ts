/**
 * One version of the page's files, kept by the browser so that the page opens without a network. A version is whole
 * or it is not used: every file is checked against the hash that the build wrote down, so that a host that is being
 * updated can never give half of one version and half of another.
 *
 * Written by hand rather than with Workbox: what it must do is this one file, it has to check hashes (which Workbox
 * leaves to file names) and to live beside copies of the page under other paths of the same host; a generator with a
 * hundred packages in the build is more to keep up than that.
 */

/** What the build says of its files. */
export interface FileList {
  /** Changes whenever any file does. */
  version: string;
  /** File name of the page's own script. A host may add things to index.html, so this is what is checked of it. */
  entry: string;
  /** Path relative to the page, and the first 16 hex digits of the SHA-256 of its bytes. */
  first: readonly FileEntry[];
  /** Files that are only needed when somebody asks for them, such as the editor. */
  rest: readonly FileEntry[];
}
export type FileEntry = readonly [path: string, hash: string];

/** What the copy needs of the browser. */
export interface OfflineServices {
  caches: Pick<CacheStorage, 'open' | 'keys' | 'delete'>;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Address of the folder that the page lies in, with a slash at its end. */
  scope: string;
}

/** A file that is not what the build made: the host has another version by now, or something in between altered it. */
export class AlteredFileError extends Error {
  override name = 'AlteredFileError';
  constructor(path: string) {
    super(`${path} is not the file of this version.`);
  }
}

/** So many files are fetched at a time: the page that is being used comes first. */
const atOnce = 4;

export class OfflineCopy {
  readonly #list: FileList;
  readonly #hashes: ReadonlyMap<string, string>;
  readonly #services: OfflineServices;

  constructor(list: FileList, services: OfflineServices) {
    this.#list = list;
    this.#hashes = new Map([...list.first, ...list.rest]);
    this.#services = services;
  }

  /** Caches belong to the whole host, which may hold several copies of the page. */
  get #family(): string {
    return `filtrate ${this.#services.scope} `;
  }

  #open(): Promise<Cache> {
    return this.#services.caches.open(this.#family + this.#list.version);
  }

  /** Fetches what the page needs to open and to train. @throws AlteredFileError, or what fetching throws */
  install(): Promise<void> {
    return this.#keep(this.#list.first);
  }

  /** Fetches everything else. @throws AlteredFileError, or what fetching throws */
  complete(): Promise<void> {
    return this.#keep([...this.#list.first, ...this.#list.rest]);
  }

  /** Lets go of earlier versions of this copy of the page. */
  async forgetOthers(): Promise<void> {
    const own = this.#family + this.#list.version;
    for (const name of await this.#services.caches.keys()) {
      if (name.startsWith(this.#family) && name !== own) await this.#services.caches.delete(name);
    }
  }

  /** The file that an address names, from the copy when it is there; null for what is no file of the page. */
  answer(address: string): Promise<Response> | null {
    const path = this.#pathOf(address);
    const hash = path === null ? undefined : this.#hashes.get(path);
    return path === null || hash === undefined ? null : this.#read([path, hash]);
  }

  #pathOf(address: string): string | null {
    const { scope } = this.#services;
    const [plain] = address.split(/[?#]/, 1);
    if (!plain.startsWith(scope)) return null;
    const path = decodeURI(plain.slice(scope.length));
    return path === '' ? 'index.html' : path;
  }

  async #keep(files: readonly FileEntry[]): Promise<void> {
    const left = [...files];
    const work = async () => {
      for (let file = left.shift(); file; file = left.shift()) await this.#read(file, true);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  async #read(file: FileEntry, quietly = false): Promise<Response> {
    const key = this.#keyOf(file);
    const own = await this.#open();
    const kept = await own.match(key);
    if (kept) return kept;
    const response = (await this.#fromEarlier(key)) ?? (await this.#fetch(file));
    // A browser without room still answers; only keeping everything must not pretend to.
    const keeping = own.put(key, response.clone());
    await (quietly ? keeping : keeping.catch(() => {}));
    return response;
  }

  /** The same file in an earlier version. */
  async #fromEarlier(key: string): Promise<Response | null> {
    for (const name of await this.#services.caches.keys()) {
      if (!name.startsWith(this.#family)) continue;
      const found = await (await this.#services.caches.open(name)).match(key);
      if (found) return found;
    }
    return null;
  }

  async #fetch([path, hash]: FileEntry): Promise<Response> {
    const { scope, fetch } = this.#services;
    // The browser's own cache may hold the file of another version under the same name.
    const response = await fetch(scope + (path === 'index.html' ? '' : path), {
      cache: 'no-cache',
      credentials: 'same-origin',
    });
    const bytes = await response.arrayBuffer();
    const same =
      path === 'index.html'
        ? new TextDecoder().decode(bytes).includes(this.#list.entry)
        : (await sha256(bytes)).startsWith(hash);
    if (!response.ok || !same) throw new AlteredFileError(path);
    const type = response.headers.get('content-type');
    // A response of its own: one that was redirected must not answer a navigation.
    return new Response(bytes, type === null ? {} : { headers: { 'content-type': type } });
  }

  #keyOf([path, hash]: FileEntry): string {
    return `${this.#services.scope}${path}?is=${hash}`;
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
