import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rollup } from 'vite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { measure } from './bundleReport.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  mkdirSync(join(folder, 'assets'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const chunk = (
  fileName: string,
  imports: string[],
  css: string[] = [],
  moduleIds: string[] = ['/src/a.ts'],
): [string, unknown] => [
  fileName,
  {
    type: 'chunk',
    fileName,
    imports,
    moduleIds,
    isEntry: fileName.includes('index'),
    viteMetadata: { importedCss: new Set(css) },
  },
];

it('counts what the page needs at once, and sets Monaco and lazy chunks apart', () => {
  const bundle = Object.fromEntries([
    chunk('assets/index.js', ['assets/shared.js'], ['assets/index.css']),
    chunk('assets/shared.js', []),
    chunk('assets/lesson.js', ['assets/shared.js']),
    chunk('assets/code.js', [], [], ['/src/ui/code.ts', '/node_modules/monaco-editor/esm/vs/x.js']),
  ]) as unknown as Rollup.OutputBundle;
  const files = [
    'index.js',
    'index.css',
    'shared.js',
    'lesson.js',
    'code.js',
    'trainer.js',
    'editor.worker-1.js',
  ];
  for (const file of files) writeFileSync(join(folder, 'assets', file), 'x'.repeat(100));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'run.bin'), 'data');

  const shares = Object.fromEntries(measure(folder, bundle).map((row) => [row.file, row.share]));
  expect(shares).toEqual({
    'index.html': 'first load',
    'assets/index.js': 'first load',
    'assets/index.css': 'first load',
    'assets/shared.js': 'first load',
    'assets/lesson.js': 'lazy',
    'assets/code.js': 'monaco',
    'assets/editor.worker-1.js': 'monaco',
    'assets/trainer.js': 'worker',
    'run.bin': 'data',
  });
});
