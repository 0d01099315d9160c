/**
 * `npm run analyze`: the filter table of rollout files in a terminal.
 *
 *   npm run analyze -- rollouts/*.jsonl
 *   npm run analyze -- rollouts/
 *   npm run analyze -- completions.parquet --reward rm --score unit_tests --filters none,bw,br --json
 *
 * docs/rollout-files.md says which files are understood, docs/filter-lab-reference.md what the columns of the table mean.
 */
import { parseArgs } from 'node:util';
import { fixed } from '../src/core/numberText.ts';
import type { DropReason } from '../src/io/columns.ts';
import { filesInWords } from '../src/io/files/forms.ts';
import { type FilesAre, groupInWords } from '../src/io/grouping/grouping.ts';
import {
  type GroupChange,
  type GroupQuestion,
  type QuestionKind,
  questionKinds,
} from '../src/io/grouping/question.ts';
import { ImportError } from '../src/io/importError.ts';
import { type ImportedRollouts, importRollouts } from '../src/io/importRollouts.ts';
import { formatLabels } from '../src/io/mapping/mapping.ts';
import {
  type Analysis,
  type AnalyzeOptions,
  analyzeRollouts,
  type Estimate,
} from '../src/lab/rollouts/analysis/analyze.ts';
import { filterIds, promptFilterIds } from '../src/lab/rollouts/analysis/standardFilters.ts';
import { criteriaLines, discardedLines, phantomLines, stepLines } from './output/filterLines.ts';
import { table } from './output/table.ts';
import { chosenFiles, openAll, UsageError } from './rollouts/analyzeFiles.ts';
import { truthFromPack, truthInWords } from './rollouts/truthFromPack.ts';

const filterNames = ['none (= ppo-m)', ...filterIds.slice(1)]
  .join(', ')
  .replace(/(.{60,90}?), /g, '$1,\n                      ');

const usage = `npm run analyze -- FILE or FOLDER … [options]
  --reward COLUMN     what the trainer maximised, also a weighted sum such as 'rm + 0.5*format' or 'sum(token_rewards)'
                      (default: found by the trainer's format and by what the columns hold)
  --filter-on COLUMN  what the filters look at, also a weighted sum, or "truth" (default: the reward)
  --score COLUMN      the true score in [0, 1], or "none"
  --prompt COLUMN     what tells prompts apart
  --group COLUMN      what tells groups apart within a step, or "prompts", or "neighbours" (equal prompts in a row)
  --rows N            groups are N rows in a row
  --sample COLUMN     the number of a response in its group, or "none"
  --step COLUMN       the training step, or "name" (in the file's name), or "none"
  --runs a,b,…        columns that tell runs apart, or "none"
  --files HOW         apart (steps or runs of their own) or together (parts of one)
  --pack FILE         the true score from a problem pack: JavaScript responses are run in the sandbox of the page
  --filters a,b,…     ${filterNames}
  --prompts NAME      a prompt filter that runs before each of them, or in --filters before one, as zero-variance+bw:
                      ${promptFilterIds.join(', ')}
  --normalise WHEN    advantages before (PF-PPO, the default) or after filtering (PODS): changes the sign agreement
  --by-step           how the filters do over the steps of the files, and when another would be better
  --discarded NAME    what this filter does not learn from, with reasons and advantages
  --groups N          groups of similar reward behind the grouped R² (default 20)
  --bins NAME         equal-count or equal-width (default equal-count)
  --bootstrap N       resamples behind each interval (default 1000; 0 for none)
  --seed N            seed of ties, draws and resamples (default 1)
  --json              the whole report as JSON`;

async function main(): Promise<void> {
  const { values, positionals } = parse();
  if (values.help || positionals.length === 0) {
    console.log(usage);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const options = analysisOptions(values);
  const columns = { ...values, ...('filter-on' in values ? { filterOn: values['filter-on'] } : {}) };
  const { files, mappings, leftOut } = await chosenFiles(await openAll(positionals), columns);
  const { group, rows, sample, step, runs, files: filesAre } = values;
  const said = (...values: (string | undefined)[]) => values.some((value) => value !== undefined);
  const answered: Record<QuestionKind, boolean> = {
    ids: said(sample, runs),
    files: said(filesAre),
    multiples: said(group, rows, step, runs),
    ones: said(group, rows, step, runs),
  };
  const read = await importRollouts(files, {
    mappings,
    files: filesOption(filesAre),
    settled: questionKinds.filter((kind) => answered[kind]),
    onProgress: progress,
  });
  progressDone();
  const truth = values.pack === undefined ? null : await truthFromPack(files, read, values.pack);
  const imported = truth?.imported ?? read;
  const analysis = analyzeRollouts(looking(imported.columns, values['filter-on']), options);
  if (values.json) {
    const { files, dropped, warnings, questions } = imported;
    const { imported: _, ...scored } = truth ?? { imported };
    const about = { files, leftOut, dropped, warnings, questions, ...(truth ? { truth: scored } : {}) };
    console.log(JSON.stringify({ ...about, ...analysis }, null, 2));
  } else {
    if (truth) console.log(`${truthInWords(truth).join('\n')}\n`);
    console.log(report(imported, leftOut, analysis, { pack: truth?.pack, looked: values['filter-on'] }));
    const { steps, discarded } = analysis;
    if (steps !== undefined) console.log(`\n${stepLines(steps, analysis.filters).join('\n')}`);
    if (discarded) console.log(`\n${discardedLines(discarded).join('\n')}`);
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
        rows: text,
        sample: text,
        runs: text,
        files: text,
        pack: text,
        'filter-on': text,
        filters: text,
        prompts: text,
        normalise: text,
        'by-step': { type: 'boolean' },
        discarded: text,
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

function filesOption(value: string | undefined): FilesAre | undefined {
  if (value === undefined || value === 'apart' || value === 'together') return value;
  throw new UsageError(`--files must be apart or together and not "${value}".`);
}

/** The truth may come from a pack, so it is no column when the files are read. */
function looking(
  columns: ImportedRollouts['columns'],
  filterOn: string | undefined,
): ImportedRollouts['columns'] {
  if (filterOn !== 'truth') return columns;
  const { score } = columns;
  if (score === null || score.some(Number.isNaN))
    throw new UsageError('--filter-on truth: the true score is not known for every row.');
  return { ...columns, filterOn: score };
}

function analysisOptions({ filters, groups, bins, bootstrap, seed, ...values }: Values): AnalyzeOptions {
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
    ...(values.prompts === undefined ? {} : { prompts: values.prompts }),
    ...(values.normalise === undefined ? {} : { normalise: values.normalise as AnalyzeOptions['normalise'] }),
    ...(values.discarded === undefined ? {} : { discarded: values.discarded }),
    bySteps: values['by-step'] === true,
  };
}

function report(
  { files, columns, dropped, warnings, questions }: ImportedRollouts,
  leftOut: readonly string[],
  analysis: Report,
  { pack, looked }: { pack: string | undefined; looked: string | undefined },
): string {
  // Files that are read alike are one line, however many.
  const alike = new Map<string, { names: string[]; rows: number }>();
  for (const { name, format, rows, mapping } of files) {
    const lookedAt = looked === 'truth' ? 'the true score' : mapping.filterOn;
    const looks = lookedAt ? `, filters look at ${lookedAt}` : '';
    const means = `reward = ${mapping.reward}${looks}, true score = ${pack ?? mapping.score ?? 'unknown'}, group = ${groupInWords(mapping)}`;
    const key = `${formatLabels[format]}\n${means}`;
    const known = alike.get(key) ?? { names: [], rows: 0 };
    alike.set(key, { names: [...known.names, name], rows: known.rows + rows });
  }
  const lines = [...alike].map(([key, { names, rows }]) => {
    const [format, means] = key.split('\n');
    return `${filesInWords(names)}: ${format}, ${rows} rows; ${means}`;
  });
  lines.push(...leftOut.map((reason) => `left out: ${reason}`));
  lines.push(`${analysis.rows} responses in ${analysis.groups} groups, ${analysis.prompts} prompts`);
  lines.push(...dropped.map((reason) => `dropped ${describe(reason, files)}`), ...warnings);
  lines.push(...questions.map(questionInWords), ...analysis.warnings);
  lines.push('');
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
  lines.push(...criteriaLines(analysis), ...phantomLines(analysis.phantom));
  return lines.join('\n');
}

/** One line: what is asked, and the option that answers it. */
function questionInWords({ text, answers }: GroupQuestion): string {
  const said = answers.flatMap(({ label, outcome, change, isNow }) => {
    const option = optionOf(change);
    if (option === null && !isNow) return [];
    const result = [outcome, isNow ? 'as now' : null].filter((part) => part !== null).join(', ');
    return `${label}${result === '' ? '' : ` (${result})`}${option === null ? '' : `: ${option}`}`;
  });
  return `Are the groups right? ${text} ${said.join('; ')}.`;
}

function optionOf({ files, group, step, runs, sample }: GroupChange): string | null {
  const options = [
    group && (group.by === 'prompt' ? '--group prompts' : `--group ${group.by}`),
    step === null && '--step none',
    runs && `--runs ${runs.length === 0 ? 'none' : runs.join(',')}`,
    sample === null && '--sample none',
    files && `--files ${files}`,
  ].filter((option) => typeof option === 'string');
  return options.length === 0 ? null : options.join(' ');
}

type Report = Omit<Analysis, 'dropped'>;

function describe({ reason, count, examples }: DropReason, files: ImportedRollouts['files']): string {
  const places = examples.slice(0, 5).map(({ file, line }) => `${files[file].name}:${line}`);
  return `${count} ${count === 1 ? 'row' : 'rows'}: ${reason} (${places.join(', ')}${count > 5 ? ' …' : ''})`;
}

function interval({ value, low, high }: Estimate): string {
  if (value === null) return '–';
  const short = (x: number) => fixed(x, 3);
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
