/**
 * A Vite plugin that prints what each built file weighs, gzipped as a server would send it, and fails the build
 * when the first load outgrows its budget.
 *
 * First load = the page, what it imports statically, its style sheets, the workers of training and judging and the
 * kernels they load. Monaco, the filter lab and chunks that are only imported dynamically come later, when somebody asks
 * for them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

export type Share = 'first load' | 'worker' | 'lazy' | 'monaco' | 'data';

export interface BundleRow {
  file: string;
  share: Share;
  bytes: number;
  gzip: number;
}

const inFirstLoad = (share: Share): boolean => share === 'first load' || share === 'worker';

/** Files that the page needs before it can paint: entries, their static imports, and those chunks' style sheets. */
function firstLoadFiles(bundle: Rollup.OutputBundle): Set<string> {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const chunk = bundle[file];
    if (chunk?.type !== 'chunk') return;
    chunk.imports.forEach(visit);
    chunk.viteMetadata?.importedCss.forEach(visit);
  };
  for (const chunk of Object.values(bundle))
    if (chunk.type === 'chunk' && chunk.isEntry) visit(chunk.fileName);
  return files;
}

/** Whether a chunk is Monaco's: by what is in it, or, for Monaco's own workers, by name. */
function isMonaco(file: string, bundle: Rollup.OutputBundle): boolean {
  if (/\beditor(\.worker|WebWorkerMain)-|\bcodicon-/.test(file)) return true;
  const chunk = bundle[file];
  if (chunk?.type !== 'chunk') return /monaco/i.test(file);
  return chunk.moduleIds.some((id) => id.includes('monaco-editor'));
}

/**
 * What waits until somebody asks for it: the two workers of the filter lab, and what a worker loads for a rare file or
 * for one reward alone. The page's build does not know why a worker loads what.
 */
const openedLater = /\b(analysis|import|rareCodecs|codeMatch)-/;

export function measure(folder: string, bundle: Rollup.OutputBundle): BundleRow[] {
  const first = firstLoadFiles(bundle);
  const rows: BundleRow[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const file = path.slice(folder.length + 1).replaceAll('\\', '/');
    const content = readFileSync(path);
    const chunk = bundle[file];
    let share: Share;
    if (first.has(file) || file === 'index.html') share = 'first load';
    else if (isMonaco(file, bundle)) share = 'monaco';
    else if (chunk?.type === 'chunk' || openedLater.test(file)) share = 'lazy';
    // A worker is a build of its own; to the page's build its files are assets.
    else if (/^assets\/.*\.(js|wasm)$/.test(file)) share = 'worker';
    else if (/^assets\/.*\.css$/.test(file)) share = 'lazy';
    else share = 'data';
    rows.push({ file, share, bytes: content.length, gzip: gzipSync(content).length });
  }
  return rows.sort((a, b) => a.share.localeCompare(b.share) || b.gzip - a.gzip);
}

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1).padStart(9);

export function bundleReport(options: { budget: number }): Plugin {
  return {
    name: 'filtrate:bundle-report',
    apply: 'build',
    writeBundle: {
      order: 'post',
      handler(output, bundle) {
        const rows = measure(output.dir!, bundle);
        console.log(`\n${'kB'.padStart(9)}${'gzip'.padStart(10)}  file`);
        for (const share of ['first load', 'worker', 'lazy', 'monaco', 'data'] as const) {
          const mine = rows.filter((row) => row.share === share);
          if (mine.length === 0) continue;
          // Monaco has a hundred language chunks: one line says enough.
          if (share !== 'monaco') {
            for (const row of mine)
              console.log(`${kilobytes(row.bytes)} ${kilobytes(row.gzip)}  ${row.file}`);
          }
          const sum = mine.reduce((total, row) => total + row.gzip, 0);
          const bytes = mine.reduce((total, row) => total + row.bytes, 0);
          console.log(`${kilobytes(bytes)} ${kilobytes(sum)}  = ${share}, ${mine.length} files\n`);
        }
        const load = rows.filter((row) => inFirstLoad(row.share)).reduce((sum, row) => sum + row.gzip, 0);
        const verdict = `first load with workers, without Monaco: ${kilobytes(load).trim()} kB gzipped`;
        if (load > options.budget) {
          this.error(`${verdict}; the budget is ${kilobytes(options.budget).trim()} kB.`);
        }
        console.log(`${verdict} (budget ${kilobytes(options.budget).trim()} kB)`);
      },
    },
  };
}
