/** Exported Python, run as Python: what it selects, and what small doubles of the trainers' interfaces make of it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Filter, FilterBatch, Sampler } from '../../../core/filters/filter.ts';
import type { PromptFilter } from '../../../core/filters/promptFilter.ts';
import { type Rng, stream } from '../../../core/random.ts';
import type { ExportFile } from '../filterExport.ts';
import type { ExportedFilter } from '../pythonFilter.ts';

export const seeds = { tie: 3_456_789_012, draw: 77 };

export const rank = (weights: Extract<Filter, { kind: 'rank' }>['weights'], keep: number): Filter => ({
  kind: 'rank',
  weights,
  keep,
});

export const named = (
  filter: Filter,
  { sampler = 'keep', prompts = null }: { sampler?: Sampler; prompts?: PromptFilter | null } = {},
): ExportedFilter => ({ filter, sampler, prompts, label: 'tuned "on" Tuesday\n', seeds });

/** A stream that gives the seed of the draws first. */
export function drawing(): Rng {
  const first = [seeds.draw];
  return { ...stream(1), uint32: () => first.shift()! };
}

/** Groups of 1 to 9 in mixed order; rewards with many ties unless `levels` is large. */
export function batch(seed: number, levels: number): FilterBatch & { length: Int32Array } {
  const rng = stream(seed, 'batch');
  const group: number[] = [];
  for (let g = 0; g < 30; g++) for (let i = rng.int(9); i >= 0; i--) group.push(g);
  rng.shuffle(group);
  return {
    group: Int32Array.from(group),
    reward: Float32Array.from(group, () => (rng.int(levels) - levels / 2) / (levels / 2)),
    length: Int32Array.from(group, () => rng.int(12)),
  };
}

/**
 * Runs a script in a folder with the files, and the doubles beside them. It finds the input as `data`; what it prints as
 * JSON comes back.
 */
export function python(
  files: readonly Pick<ExportFile, 'name' | 'text'>[],
  data: unknown,
  body: string,
): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-python-'));
  try {
    cpSync(join(import.meta.dirname, 'doubles'), folder, { recursive: true });
    for (const { name, text } of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    writeFileSync(join(folder, 'data.json'), JSON.stringify(data));
    const start = 'import json, sys\nsys.dont_write_bytecode = True\ndata = json.load(open("data.json"))\n';
    writeFileSync(join(folder, 'main.py'), `${start}${body}\n`);
    const printed = execFileSync('python3', ['main.py'], { cwd: folder, encoding: 'utf8' });
    return JSON.parse(printed.trimEnd().split('\n').at(-1)!);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new Error('The exported Python is tested by running it: install python3 (no packages are needed).');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Modules `m0`, `m1` … */
export const modules = (texts: readonly string[]): Pick<ExportFile, 'name' | 'text'>[] =>
  texts.map((text, i) => ({ name: `m${i}.py`, text }));

/** The lines that import them, and give them as a list. */
export const imported = (texts: readonly string[]): string =>
  `${texts.map((_, i) => `import m${i}`).join('\n')}\nmodules = [${texts.map((_, i) => `m${i}`).join(', ')}]\n`;
