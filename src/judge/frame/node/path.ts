/** `require('path')`, for programs that take paths apart: the rules of POSIX, in the folder "/". */
function normalized(path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (!isAbsolute) parts.push('..');
  }
  const end = path.endsWith('/') && parts.length > 0 ? '/' : '';
  return (isAbsolute ? '/' : '') + parts.join('/') + end || '.';
}

function withoutEnd(path: string): string {
  return path.replace(/(?!^)\/+$/, '');
}

function basename(path: string, suffix = ''): string {
  const whole = withoutEnd(path);
  const name = whole.slice(whole.lastIndexOf('/') + 1);
  return suffix && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function dirname(path: string): string {
  const whole = withoutEnd(path);
  const at = whole.lastIndexOf('/');
  if (at < 0) return '.';
  return withoutEnd(whole.slice(0, at)) || '/';
}

function extname(path: string): string {
  const name = basename(path);
  const at = name.lastIndexOf('.');
  return at > 0 && name !== '..' ? name.slice(at) : '';
}

function join(...parts: string[]): string {
  return normalized(parts.filter((part) => part !== '').join('/'));
}

function resolve(...parts: string[]): string {
  let path = '';
  for (const part of parts) path = part.startsWith('/') ? part : part === '' ? path : `${path}/${part}`;
  return withoutEnd(normalized(path.startsWith('/') ? path : `/${path}`));
}

function relative(from: string, to: string): string {
  const [a, b] = [from, to].map((path) => resolve(path).split('/').filter(Boolean));
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}

function parse(path: string) {
  const base = basename(path);
  const ext = extname(path);
  const root = path.startsWith('/') ? '/' : '';
  const dir = withoutEnd(path).includes('/') ? dirname(path) : '';
  return { root, dir, base, ext, name: ext ? base.slice(0, -ext.length) : base };
}

interface Parts {
  root?: string;
  dir?: string;
  base?: string;
  name?: string;
  ext?: string;
}

function format({ root = '', dir, name = '', ext = '', base = name + ext }: Parts): string {
  if (!dir) return root + base;
  return dir === root ? dir + base : `${dir}/${base}`;
}

const posix = {
  sep: '/',
  delimiter: ':',
  basename,
  dirname,
  extname,
  join,
  resolve,
  relative,
  parse,
  format,
  normalize: normalized,
  isAbsolute: (path: string) => path.startsWith('/'),
};

export const path = { ...posix, posix };
