/**
 * `URL` and `URLSearchParams` for addresses as programs take them apart: those of the web and of files, in ASCII. What
 * the standard would do with other hosts is not here, and such an address is refused.
 */
import { TextDecoder, TextEncoder } from './text.ts';

const ports: Record<string, string> = {
  'http:': '80',
  'https:': '443',
  'ftp:': '21',
  'ws:': '80',
  'wss:': '443',
  'file:': '',
};

const inFragment = ' "<>`';
const inQuery = ' "#<>';
const inPath = `${inQuery}?\`{}^`;
const inUser = `${inPath}/:;=@[\\]|`;

function encoded(text: string, set: string): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code > 0x1f && code < 0x7f && !set.includes(char)) out += char;
    else
      for (const byte of new TextEncoder().encode(char))
        out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function refuse(input: string): never {
  throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input });
}

interface Parts {
  protocol: string;
  username: string;
  password: string;
  hostname: string;
  port: string;
  /** Begins with "/" unless there is no host. */
  pathname: string;
  search: string;
  hash: string;
  hasHost: boolean;
}

function parse(input: string, base: Parts | null): Parts {
  const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const scheme = /^([A-Za-z][\w+.-]*):/.exec(text)?.[1].toLowerCase();
  const protocol = scheme === undefined ? base?.protocol : `${scheme}:`;
  if (protocol === undefined) refuse(input);
  const isSpecial = Object.hasOwn(ports, protocol);
  let rest = scheme === undefined ? text : text.slice(scheme.length + 1);
  if (isSpecial) rest = rest.replace(/^[^?#]*/, (path) => path.replaceAll('\\', '/'));
  const [, path, query, fragment] = /^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(rest) as RegExpExecArray;
  const parts: Parts = {
    protocol,
    username: '',
    password: '',
    hostname: '',
    port: '',
    pathname: path,
    search: query ? `?${encoded(query.slice(1), isSpecial ? `${inQuery}'` : inQuery)}` : '',
    hash: fragment ? `#${encoded(fragment.slice(1), inFragment)}` : '',
    hasHost: false,
  };
  const isRelative =
    base !== null &&
    (scheme === undefined || (isSpecial && protocol === base.protocol && !path.startsWith('/')));
  if (path.startsWith('//') || (isSpecial && !isRelative)) {
    const host =
      isSpecial && protocol !== 'file:'
        ? path.replace(/^\/*/, '')
        : path.slice(path.startsWith('//') ? 2 : 0);
    const end = host.indexOf('/') < 0 ? host.length : host.indexOf('/');
    if (path.startsWith('//') || protocol !== 'file:') readHost(parts, host.slice(0, end), input);
    parts.hasHost = true;
    parts.pathname = normalized(host.slice(end), isSpecial);
    return parts;
  }
  if (!isRelative) {
    parts.pathname = path.startsWith('/') ? normalized(path, false) : encoded(path, '');
    return parts;
  }
  if (!base.hasHost) refuse(input);
  const { username, password, hostname, port } = base;
  Object.assign(parts, { username, password, hostname, port, hasHost: true });
  if (path === '') {
    parts.pathname = base.pathname;
    if (query === undefined) parts.search = base.search;
  } else {
    const folder = path.startsWith('/') ? '' : base.pathname.slice(0, base.pathname.lastIndexOf('/') + 1);
    parts.pathname = normalized(folder + path, isSpecial);
  }
  return parts;
}

function readHost(parts: Parts, authority: string, input: string): void {
  const at = authority.lastIndexOf('@');
  if (at >= 0) {
    const user = authority.slice(0, at);
    const colon = user.indexOf(':');
    parts.username = encoded(colon < 0 ? user : user.slice(0, colon), inUser);
    parts.password = colon < 0 ? '' : encoded(user.slice(colon + 1), inUser);
  }
  const match = /^(\[[\da-f:.]+\]|[^:[\]]*)(?::(\d*))?$/i.exec(authority.slice(at + 1));
  if (!match) refuse(input);
  const [, hostname, port = ''] = match;
  const isWeb = parts.protocol !== 'file:' && Object.hasOwn(ports, parts.protocol);
  if (
    (isWeb && hostname === '') ||
    /[\0-\x20"#%/<>?@\\^`{|}\x7f-\uffff]/.test(hostname) ||
    Number(port) > 65_535
  )
    refuse(input);
  // A number is an address of four numbers, whose rules are not here.
  if (
    isWeb &&
    /(?:^|\.)(?:0x[\da-f]*|\d+)\.?$/i.test(hostname) &&
    !/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(hostname)
  )
    refuse(input);
  parts.hostname = Object.hasOwn(ports, parts.protocol) ? hostname.toLowerCase() : hostname;
  parts.port = port === '' || `${Number(port)}` === ports[parts.protocol] ? '' : `${Number(port)}`;
}

function normalized(path: string, isSpecial: boolean): string {
  const segments = path.split('/').slice(path.startsWith('/') ? 1 : 0);
  const kept: string[] = [];
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    const dots = segment.replace(/%2e/gi, '.');
    if (dots === '..') {
      kept.pop();
      if (isLast) kept.push('');
    } else if (dots === '.') {
      if (isLast) kept.push('');
    } else kept.push(encoded(segment, inPath));
  });
  if (path === '' && !isSpecial) return '';
  return `/${kept.join('/')}`;
}

/** A mark with nothing behind it shows in the whole address alone. */
function shown(part: string): string {
  return part.length > 1 ? part : '';
}

function written({
  protocol,
  username,
  password,
  hostname,
  port,
  pathname,
  search,
  hash,
  hasHost,
}: Parts): string {
  const user = username || password ? `${username}${password ? `:${password}` : ''}@` : '';
  const host = hasHost ? `//${user}${hostname}${port ? `:${port}` : ''}` : '';
  return protocol + host + pathname + search + hash;
}

const decodeForm = (text: string): string => {
  const bytes: number[] = [];
  const raw = new TextEncoder().encode(text.replaceAll('+', ' '));
  for (let i = 0; i < raw.length; i++) {
    const hex = raw[i] === 37 ? String.fromCharCode(raw[i + 1] ?? 0, raw[i + 2] ?? 0) : '';
    if (/^[\da-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(raw[i]);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes));
};

const encodeForm = (text: string): string =>
  encoded(text, '!"#$%&\'()+,/:;<=>?@[\\]^`{|}~').replaceAll(' ', '+');

export class URLSearchParams {
  #pairs: [string, string][] = [];
  #changed: (text: string) => void = () => {};

  constructor(init: unknown = '') {
    if (typeof init === 'object' && init !== null) {
      const list = Symbol.iterator in init ? [...(init as Iterable<unknown[]>)] : Object.entries(init);
      this.#pairs = list.map(([name, value]) => [`${name}`, `${value}`]);
    } else this.#read(`${init}`);
  }
  /** For the address that it belongs to. */
  static of(search: string, changed: (text: string) => void): URLSearchParams {
    const params = new URLSearchParams(search);
    params.#changed = changed;
    return params;
  }
  #read(text: string): void {
    const pieces = text.replace(/^\?/, '').split('&').filter(Boolean);
    this.#pairs = pieces.map((piece) => {
      const at = piece.indexOf('=');
      return [decodeForm(at < 0 ? piece : piece.slice(0, at)), at < 0 ? '' : decodeForm(piece.slice(at + 1))];
    });
  }
  #set(pairs: [string, string][]): void {
    this.#pairs = pairs;
    this.#changed(this.toString());
  }
  get size(): number {
    return this.#pairs.length;
  }
  append(name: unknown, value: unknown): void {
    this.#set([...this.#pairs, [`${name}`, `${value}`]]);
  }
  delete(name: unknown): void {
    this.#set(this.#pairs.filter(([own]) => own !== `${name}`));
  }
  get(name: unknown): string | null {
    return this.#pairs.find(([own]) => own === `${name}`)?.[1] ?? null;
  }
  getAll(name: unknown): string[] {
    return this.#pairs.filter(([own]) => own === `${name}`).map(([, value]) => value);
  }
  has(name: unknown): boolean {
    return this.#pairs.some(([own]) => own === `${name}`);
  }
  set(name: unknown, value: unknown): void {
    const at = this.#pairs.findIndex(([own]) => own === `${name}`);
    const pair: [string, string] = [`${name}`, `${value}`];
    if (at < 0) this.#set([...this.#pairs, pair]);
    else this.#set(this.#pairs.flatMap((own, i) => (i === at ? [pair] : own[0] === pair[0] ? [] : [own])));
  }
  sort(): void {
    this.#set([...this.#pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }
  *entries(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }
  *keys(): IterableIterator<string> {
    for (const [name] of this.#pairs) yield name;
  }
  *values(): IterableIterator<string> {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
  toString(): string {
    return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&');
  }
}

export class URL {
  readonly #parts: Parts;
  readonly #params: URLSearchParams;

  constructor(input: unknown, base?: unknown) {
    this.#parts = parse(`${input}`, base === undefined ? null : parse(`${base}`, null));
    this.#params = URLSearchParams.of(this.#parts.search, (text) => {
      this.#parts.search = text && `?${text}`;
    });
  }
  static canParse(input: unknown, base?: unknown): boolean {
    try {
      return Boolean(new URL(input, base));
    } catch {
      return false;
    }
  }
  get href(): string {
    return written(this.#parts);
  }
  get origin(): string {
    const { protocol } = this.#parts;
    return Object.hasOwn(ports, protocol) && protocol !== 'file:' ? `${protocol}//${this.host}` : 'null';
  }
  get protocol(): string {
    return this.#parts.protocol;
  }
  get username(): string {
    return this.#parts.username;
  }
  get password(): string {
    return this.#parts.password;
  }
  get host(): string {
    const { hostname, port } = this.#parts;
    return port ? `${hostname}:${port}` : hostname;
  }
  get hostname(): string {
    return this.#parts.hostname;
  }
  get port(): string {
    return this.#parts.port;
  }
  get pathname(): string {
    return this.#parts.pathname;
  }
  set pathname(path: string) {
    this.#parts.pathname = normalized(
      `/${`${path}`.replace(/^\//, '')}`.replace(/[?#]/g, encodeURIComponent),
      true,
    );
  }
  get search(): string {
    return shown(this.#parts.search);
  }
  get searchParams(): URLSearchParams {
    return this.#params;
  }
  get hash(): string {
    return shown(this.#parts.hash);
  }
  set hash(text: string) {
    const plain = `${text}`.replace(/^#/, '');
    this.#parts.hash = plain && `#${encoded(plain, inFragment)}`;
  }
  toString(): string {
    return this.href;
  }
  toJSON(): string {
    return this.href;
  }
}
