import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StaticServer, serve } from './serve.ts';

let folder = '';
let server: StaticServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'serve-'));
  for (const name of ['dist', 'dist-next-door']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'dist/index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'dist/kernel.wasm'), 'wasm');
  writeFileSync(join(folder, 'dist-next-door/secret.txt'), 'secret');
  server = await serve({ root: join(folder, 'dist'), base: '/a/course/' });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Status of a path as it is written, without the tidying that fetch does. */
const status = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(server.url);
    request({ host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });

it('serves a folder under its path, with types and nothing else', async () => {
  const page = await fetch(server.url);
  expect(await page.text()).toBe('<p>page</p>');
  const kernel = await fetch(new URL('kernel.wasm', server.url));
  expect(kernel.headers.get('content-type')).toBe('application/wasm');
  expect(kernel.headers.get('cross-origin-opener-policy')).toBeNull();
});

it('knows nothing outside the folder or the path', async () => {
  expect(await status('/a/course/')).toBe(200);
  expect(await status('/')).toBe(404);
  expect(await status('/a/course/missing.js')).toBe(404);
  expect(await status('/a/course/../dist-next-door/secret.txt')).toBe(404);
  expect(await status('/a/course/..%2Fdist-next-door%2Fsecret.txt')).toBe(404);
  expect(await status('/a/course/%E0%A4%A')).toBe(404);
});
