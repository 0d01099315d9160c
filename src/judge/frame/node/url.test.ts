/** Addresses are taken apart as Node takes them apart, or refused. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { URL as Own, URLSearchParams as OwnParams } from './url.ts';

const fields = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;
const show = (make: () => URL | Own): unknown => {
  try {
    const url = make();
    return [...fields.map((field) => url[field]), [...url.searchParams]];
  } catch (error) {
    return (error as Error).message;
  }
};

const piece = fc.constantFrom(
  'a',
  'B',
  '/',
  '//',
  '..',
  '.',
  '%20',
  ' ',
  '?',
  '#',
  '=',
  '&',
  '+',
  'x y',
  'é',
  '%',
  "'",
  '"',
  '~',
  '{',
  '|',
  ':',
  '@',
  '1',
);
const path = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const start = fc.constantFrom(
  'http://example.com',
  'https://User:p@ss@Example.COM:8080',
  'https://a.b:443',
  'ftp://h',
  'http://127.0.0.1:80',
  'HTTP://x',
  'ws://[::1]:9',
);

test('whole addresses', () => {
  fc.assert(
    fc.property(start, fc.constantFrom('', '/', '?', '#'), path, (origin, join, rest) => {
      const text = origin + join + (join ? rest : '');
      expect(
        show(() => new Own(text)),
        text,
      ).toEqual(show(() => new URL(text)));
    }),
    { numRuns: 2000 },
  );
});

test('addresses beside another', () => {
  fc.assert(
    fc.property(
      // Spaces in front are nothing to an address: behind them, too, two slashes begin another host.
      path.filter((text) => !/^ *\/\/|[:@]/.test(text)),
      (text) => {
        const base = 'https://h.com/a/b/c?q=1#f';
        expect(
          show(() => new Own(text, base)),
          text,
        ).toEqual(show(() => new URL(text, base)));
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  '',
  'x',
  '/a',
  '//h',
  'http://',
  'http://h:99999',
  'http://a b',
  'http:/h/p',
  'https:h',
  'mailto:a@b.c',
  'data:text/plain,x y',
  'file:///a/../b',
  'http://h/a\\b',
  '  http://h/  ',
  'http://h:/',
  'javascript:1',
  'about:blank',
  'http://a%zz',
  'http://999.1.1.1',
  'x://h/a/../b?c d',
])('the odd address %s', (text) => {
  expect(show(() => new Own(text))).toEqual(show(() => new URL(text)));
});

test('parameters', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()), { maxLength: 4 }),
      path,
      (pairs, text) => {
        expect(new OwnParams(pairs).toString()).toBe(new URLSearchParams(pairs).toString());
        // Beside a bad escape, Node misreads what is not ASCII.
        const plain = text.replaceAll('é', 'e');
        expect([...new OwnParams(plain)]).toEqual([...new URLSearchParams(plain)]);
      },
    ),
    { numRuns: 1000 },
  );
  const [own, native] = [new Own('http://h/?a=1&b=2&a=3'), new URL('http://h/?a=1&b=2&a=3')];
  for (const url of [own, native]) {
    url.searchParams.set('a', 'x y');
    url.searchParams.append('c', 'é&');
    url.searchParams.delete('b');
    url.searchParams.sort();
    url.hash = 'f g';
    url.pathname = 'p q/r?s';
  }
  expect(show(() => own)).toEqual(show(() => native));
  expect([
    own.searchParams.getAll('a'),
    own.searchParams.has('c'),
    own.searchParams.get('z'),
    own.searchParams.size,
  ]).toEqual([['x y'], true, null, 2]);
});
