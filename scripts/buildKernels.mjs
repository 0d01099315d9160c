/**
 * Compiles the CPU kernels (src/nn/simd/assembly, AssemblyScript) to two WebAssembly modules, with relaxed SIMD and with
 * plain SIMD only, and writes each as a TypeScript module that holds its bytes as base64: the same import then works
 * in Vite, in workers, in Node and in tests, from any path. Skips the work when nothing has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = new URL('../', import.meta.url);
const sources = new URL('src/nn/simd/assembly/', root);
const target = new URL('src/nn/simd/build/', root);

const variants = {
  plain: ['--enable', 'simd'],
  relaxed: ['--enable', 'simd', '--enable', 'relaxed-simd'],
};

const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
for (const file of readdirSync(sources).sort())
  hash.update(file).update(readFileSync(new URL(file, sources)));
const stamp = `// ${hash.digest('hex')}\n`;

mkdirSync(target, { recursive: true });
for (const [name, features] of Object.entries(variants)) {
  const file = new URL(`${name}.ts`, target);
  if (existsSync(file) && readFileSync(file, 'utf8').startsWith(stamp)) continue;
  let bytes;
  const { error, stderr } = await asc.main(
    ['index.ts', '--outFile', 'module.wasm', '-O3', '--noAssert', '--runtime', 'stub', ...features],
    {
      readFile: (path) => {
        const at = new URL(path, sources);
        return existsSync(at) ? readFileSync(at, 'utf8') : null;
      },
      writeFile: (path, contents) => {
        if (path.endsWith('.wasm')) bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) {
    console.error(stderr.toString());
    throw error;
  }
  const base64 = Buffer.from(bytes).toString('base64');
  writeFileSync(file, `${stamp}export const base64 =\n  '${base64}';\n`);
  console.log(`${name} SIMD kernels: ${(bytes.length / 1024).toFixed(1)} KB`);
}
