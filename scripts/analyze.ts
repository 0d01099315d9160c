/**
 * `npm run analyze`: the filter table of rollout files in a terminal.
 *
 *   npm run analyze -- rollouts/*.jsonl
 *   npm run analyze -- completions.parquet --reward rm --score unit_tests --filters none,bw,br --json
 *
 * docs/filter-lab.md says which files are understood and what the columns mean.
 */
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Analysis,
  type AnalyzeOptions,
  analyzeRollouts,
  type Estimate,
} from '../src/core/analysis/analyze.ts';
import type { DropReason } from '../src/io/columns.ts';
import { byColumn, type Grouping } from '../src/io/grouping/grouping.ts';
import { ImportError } from '../src/io/importError.ts';
import { type ImportedRollouts, importRollouts } from '../src/io/importRollouts.ts';
import { inspect, type NamedBlob } from '../src/io/inspect.ts';
import { formatLabels, type Mapping } from '../src/io/mapping.ts';
import { fieldOf, textOf } from '../src/io/values.ts';
import { table } from './table.ts';

const usage = `npm run analyze -- FILE … [options]
  --reward COLUMN     what the trainer maximised (default: found by the trainer's format)
  --score COLUMN      the true score in [0, 1], or "none"
  --group COLUMN      what tells groups apart within a step
  --prompt COLUMN     what tells prompts apart
  --step COLUMN       the training step, or "none"
  --filters a,b,…     none (= ppo-m), bon, br, bw, wr, rand2, top, top-rand, top-bott, pow-1, pow-2, pow-3
  --groups N          groups of similar reward behind the grouped R² (default 20)
  --bins NAME         equal-count or equal-width (default equal-count)
  --bootstrap N       resamples behind each interval (default 1000; 0 for none)
  --seed N            seed of ties, draws and resamples (default 1)
  --json              the whole report as JSON`;

/** Wrong use: the message alone is shown, without a stack. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  if (values.help || positionals.length === 0) {
    console.log(usage);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const files = await Promise.all(positionals.map(open));
  const options = analysisOptions(values);
  const mappings = await Promise.all(files.map((file) => mappingOf(file, values)));
  const imported = await importRollouts(files, { mappings, onProgress: progress });
  progressDone();
  const analysis = analyzeRollouts(imported.columns, options);
  if (values.json) {
    const { files: read, dropped, warnings } = imported;
    console.log(JSON.stringify({ files: read, dropped, warnings, ...analysis }, null, 2));
  } else {
    console.log(report(imported, analysis));
  }
}

async function open(path: string): Promise<NamedBlob> {
  try {
    return { name: basename(path), blob: await openAsBlob(path) };
  } catch {
    throw new UsageError(`${path} cannot be opened.`);
  }
}

function parse() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        reward: text,
        score: text,
        group: text,
        prompt: text,
        step: text,
        filters: text,
        groups: text,
        bins: text,
        bootstrap: text,
        seed: text,
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}\n\n${usage}`);
  }
}

type Values = ReturnType<typeof parse>['values'];

function analysisOptions({ filters, groups, bins, bootstrap, seed }: Values): AnalyzeOptions {
  const number = (name: string, value: string | undefined) => {
    if (value === undefined) return undefined;
    if (value.trim() === '' || Number.isNaN(Number(value))) {
      throw new UsageError(`--${name} must be a number and not "${value}".`);
    }
    return Number(value);
  };
  return {
    filters: filters?.split(',').map((name) => name.trim()),
    groups: number('groups', groups),
    bins: bins as AnalyzeOptions['bins'],
    bootstrap: number('bootstrap', bootstrap),
    seed: number('seed', seed),
  };
}

/** The mapping that a file is detected to have, with what the command line says instead. */
async function mappingOf(file: NamedBlob, values: Values): Promise<Mapping | undefined> {
  const { reward, score, group, prompt, step } = values;
  if ([reward, score, group, prompt, step].every((value) => value === undefined)) return undefined;
  const inspection = await inspect(file);
  const names = inspection.columns.map(({ name }) => name);
  const column = (option: string, value: string | undefined, otherwise: string | null) => {
    if (value === undefined) return otherwise;
    if (value === 'none') return null;
    if (!names.includes(value)) {
      throw new UsageError(`--${option}: ${file.name} has no column ${value}; it has ${names.join(', ')}.`);
    }
    return value;
  };
  const detected = inspection.mapping;
  const mappedReward = column('reward', reward, detected?.reward ?? null);
  if (mappedReward === null) {
    throw new UsageError(`--reward: say which column of ${file.name} it is, out of ${names.join(', ')}.`);
  }
  const grouping = (named: string | null): Grouping => {
    if (group === undefined) return detected?.group ?? { by: 'prompt' };
    if (named === null) return { by: 'prompt' };
    return byColumn(
      named,
      inspection.preview.map((row) => textOf(fieldOf(row, named))),
    );
  };
  return {
    reward: mappedReward,
    score: column('score', score, detected?.score === mappedReward ? null : (detected?.score ?? null)),
    group: grouping(group === undefined ? null : column('group', group, null)),
    prompt: column('prompt', prompt, detected?.prompt ?? null),
    response: detected?.response ?? null,
    step: column('step', step, detected?.step ?? null),
    runs: detected?.runs ?? [],
    sample: detected?.sample ?? null,
  };
}

function report({ files, columns, dropped, warnings }: ImportedRollouts, analysis: Report): string {
  const lines = files.map(({ name, format, rows, mapping }) => {
    const score = mapping.score ?? 'unknown';
    return `${name}: ${formatLabels[format]}, ${rows} rows; reward = ${mapping.reward}, true score = ${score}`;
  });
  lines.push(`${analysis.rows} responses in ${analysis.groups} groups, ${analysis.prompts} prompts`);
  lines.push(...dropped.map((reason) => `dropped ${describe(reason, files)}`), ...warnings, '');
  const known = columns.score !== null;
  const head = ['filter', 'kept', 'share', 'reward'];
  if (known) {
    head.push('score', 'pass', 'R² per response', 'R² grouped', 'groups', 'R² gain', 'R² by range alone');
    head.push('Spearman', 'Kendall');
  }
  const rows = Object.entries(analysis.filters).map(([id, one]) => [
    id,
    one.kept,
    one.share,
    one.meanReward,
    ...(known
      ? [
          one.meanScore,
          one.passRate,
          interval(one.r2.perResponse),
          interval(one.r2.grouped),
          one.r2.grouped.bins.length,
          interval(one.gain),
          one.control.perResponse,
          one.spearman,
          one.kendall,
        ]
      : []),
  ]);
  lines.push(table(head, rows));
  if (known) {
    lines.push(
      '',
      'Intervals: 95 %, resampling prompts. R² gain: against all responses, on the same resamples; an interval that',
      'holds 0 is no difference. R² by range alone: what R² would be if the reward were equally noisy everywhere.',
    );
  }
  return lines.join('\n');
}

type Report = Omit<Analysis, 'dropped'>;

function describe({ reason, count, examples }: DropReason, files: ImportedRollouts['files']): string {
  const places = examples.slice(0, 5).map(({ file, line }) => `${files[file].name}:${line}`);
  return `${count} ${count === 1 ? 'row' : 'rows'}: ${reason} (${places.join(', ')}${count > 5 ? ' …' : ''})`;
}

function interval({ value, low, high }: Estimate): string {
  if (value === null) return '–';
  const short = (x: number) => x.toFixed(3);
  return low === null || high === null ? short(value) : `${short(value)} [${short(low)}, ${short(high)}]`;
}

const terminal = process.stderr.isTTY;

function progress({ bytes, totalBytes, rows }: { bytes: number; totalBytes: number; rows: number }): void {
  if (terminal) process.stderr.write(`\r${Math.round((100 * bytes) / totalBytes)} %, ${rows} rows `);
}

function progressDone(): void {
  if (terminal) process.stderr.write('\r\x1b[K');
}

main().catch((cause) => {
  const expected = cause instanceof UsageError || cause instanceof ImportError || cause instanceof RangeError;
  console.error(expected ? cause.message : cause);
  process.exitCode = cause instanceof UsageError ? 2 : 1;
});
