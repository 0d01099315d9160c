import { describe, expect, it } from 'vitest';
import { chainTo, cycles, type Import, importsOf, violation } from './imports.ts';

const development = new Set(['fast-check']);
const wrong = (from: string, source: string) =>
  importsOf(from, source).map((one) => violation(one, development));

describe('import rules', () => {
  it('reads static, type, re-exported, dynamic and worker imports with their lines', () => {
    const source = [
      "import type { A } from './a.ts';",
      "import { b } from './b.ts';",
      "export { c } from '../c/c.ts';",
      "import wasm from './kernel.wasm?url';",
      "const d = import('./d.ts');",
      "new Worker(new URL('../../workers/trainer.ts', import.meta.url));",
    ].join('\n');
    const seen = importsOf('src/lab/x.ts', source).map(({ to, line, typeOnly, lazy }) => [
      to,
      line,
      typeOnly,
      lazy,
    ]);
    expect(seen).toContainEqual(['src/lab/a.ts', 1, true, false]);
    expect(seen).toContainEqual(['src/lab/b.ts', 2, false, false]);
    expect(seen).toContainEqual(['src/c/c.ts', 3, false, false]);
    expect(seen).toContainEqual(['src/lab/kernel.wasm', 4, false, true]);
    expect(seen).toContainEqual(['src/lab/d.ts', 5, false, true]);
    expect(seen).toContainEqual(['workers/trainer.ts', 6, false, true]);
  });

  it('lets imports point down and refuses those that point up', () => {
    expect(wrong('src/rlhf/ppo.ts', "import { x } from '../nn/tensors/tf.ts';")).toEqual([null]);
    expect(wrong('src/nn/tensors/tf.ts', "import { x } from '../../rlhf/ppo.ts';")[0]).toMatch(
      'src/nn may import src/core',
    );
    expect(wrong('src/core/random.ts', "import { x } from '../tasks/world.ts';")[0]).toMatch('nothing');
    expect(wrong('src/ui/App.tsx', "import type { x } from '../nn/tensors/tf.ts';")[0]).toMatch(
      'src/ui may import',
    );
  });

  it('holds the floors within src/lab', () => {
    const lab = (from: string, to: string) => wrong(`src/lab/${from}`, `import { x } from '${to}';`);
    expect(lab('storage/a.ts', '../settings/b.ts')).toEqual([null]);
    expect(lab('storage/a.ts', './b.ts')).toEqual([null]);
    expect(lab('laboratory.ts', './links/link.ts')).toEqual([null]);
    expect(lab('actions/run.ts', '../laboratory.ts')).toEqual([null]);
    expect(lab('storage/a.ts', '../runs/b.ts')[0]).toMatch('runs stands above storage');
    expect(lab('models/a.ts', '../services.ts')[0]).toMatch('laboratory stands above models');
    expect(lab('attic/a.ts', '../settings/b.ts')[0]).toMatch('no floor');
  });

  it('keeps packages in their folders and development tools out of the product', () => {
    expect(wrong('src/nn/tensors/tf.ts', "import '@tensorflow/tfjs-core';")).toEqual([null]);
    expect(wrong('src/lab/trainer/trainer.ts', "import '@tensorflow/tfjs-core';")[0]).toMatch(
      'behind src/nn',
    );
    expect(wrong('src/lab/state/store.ts', "import 'react';")[0]).toMatch('src/ui');
    expect(wrong('src/core/statistics/stats.ts', "import fc from 'fast-check';")[0]).toMatch('devDependency');
    expect(wrong('src/core/statistics/stats.test.ts', "import fc from 'fast-check';")).toEqual([null]);
  });

  it('finds a cycle, of values or of types, and lets what is loaded later go round', () => {
    const edge = (from: string, to: string, how: Partial<Import> = {}): Import => ({
      from,
      to,
      line: 1,
      typeOnly: false,
      lazy: false,
      ...how,
    });
    expect(cycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).toEqual([['b', 'c', 'b']]);
    expect(cycles([edge('a', 'b'), edge('b', 'a', { typeOnly: true })])).toEqual([['a', 'b', 'a']]);
    expect(cycles([edge('a', 'b'), edge('b', 'a', { lazy: true })])).toEqual([]);
  });

  it('names the chain by which the page would load something', () => {
    const edge = (from: string, to: string): Import => ({ from, to, line: 1, typeOnly: false, lazy: false });
    const imports = [
      edge('main', 'store'),
      edge('store', 'session'),
      edge('session', 'src/nn/tensors/tf.ts'),
    ];
    expect(chainTo(imports, 'main', /^src\/nn\//)).toEqual([
      'main',
      'store',
      'session',
      'src/nn/tensors/tf.ts',
    ]);
    expect(chainTo(imports, 'main', /monaco/)).toBeNull();
  });
});
