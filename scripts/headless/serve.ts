/**
 * A plain static file server, as dull as the dullest web host: no special headers, no rewriting, any sub-path.
 * What works here works on any static host. Tests, experiments, benchmarks and checkpoints all use it.
 *
 *   node --import tsx scripts/headless/serve.ts [FOLDER] [--port N] [--base /sub/path/]
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

export interface StaticServer {
  /** Address of the folder's index page, with a trailing slash. */
  url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Folder to serve; the project's dist/ by default. */
  root?: string;
  /** Path under which the folder appears, "/" by default. */
  base?: string;
  /** 0, the default, takes any free port. */
  port?: number;
}

export const distFolder = fileURLToPath(new URL('../../dist', import.meta.url));

/** File under `root` that a request path names, or null when there is none (also for paths that climb out). */
function fileFor(root: string, path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  const file = normalize(join(root, decoded.endsWith('/') ? `${decoded}index.html` : decoded));
  if (!file.startsWith(root + sep)) return null;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

export async function serve(options: ServeOptions = {}): Promise<StaticServer> {
  const root = resolve(options.root ?? distFolder);
  const base = `/${(options.base ?? '').replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const file = path.startsWith(base) ? fileFor(root, path.slice(base.length - 1)) : null;
    if (!file) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
      return;
    }
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': statSync(file).size,
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    server.listen(options.port ?? 0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}${base}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, base: { type: 'string' } },
  });
  const { url } = await serve({
    root: positionals[0],
    base: values.base,
    port: Number(values.port ?? 4173),
  });
  console.log(`Filtrate is at ${url}`);
}
