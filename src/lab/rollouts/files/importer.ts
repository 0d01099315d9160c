/**
 * What the import worker does: it reads rollout files as a stream, remembers the last ones, gives out rows and exports.
 */
import type { ImportedColumns } from '../../../io/columns.ts';
import { lookAt } from '../../../io/files/lookAt.ts';
import { ImportError } from '../../../io/importError.ts';
import { type ImportedRollouts, importRollouts, withScore } from '../../../io/importRollouts.ts';
import type { NamedBlob } from '../../../io/inspect.ts';
import { ProblemMatcher } from '../../../io/judging/matchProblems.ts';
import { exportKept } from '../../../io/kept/exportKept.ts';
import { readRows, readTexts } from '../../../io/rows/readRows.ts';
import type { AnalystLoad } from '../analysis/analyst.ts';
import { dragSample } from '../edit/dragSample.ts';
import type { GroupSizes, ImportCommand, ImportEvent, ImportFailure } from './importProtocol.ts';

/** Nobody reads a progress bar more often than this, and the page has figures to draw. */
const progressEveryMs = 200;

export class Importer {
  readonly #post: (event: ImportEvent, handedOver?: ArrayBufferLike[]) => void;
  #running: AbortController | null = null;
  #last: { files: NamedBlob[]; result: ImportedRollouts } | null = null;

  /** @param post transfers the buffers of `handedOver` to the page, because nothing here needs them any more */
  constructor(post: (event: ImportEvent, handedOver?: ArrayBufferLike[]) => void) {
    this.#post = post;
  }

  async handle(command: ImportCommand): Promise<void> {
    if (command.type === 'cancel') {
      this.#running?.abort();
      return;
    }
    try {
      await this.#answer(command);
    } catch (cause) {
      this.#post({ type: 'failed', request: command.request, failure: failureOf('', cause) });
    }
  }

  async #answer(command: Exclude<ImportCommand, { type: 'cancel' }>): Promise<void> {
    const { request } = command;
    switch (command.type) {
      case 'inspect': {
        const { files, forms, failures } = await lookAt(command.files);
        const why = failures.map(({ name, cause }) => failureOf(name, cause));
        this.#post({ type: 'inspected', request, files, forms, failures: why });
        break;
      }
      case 'import': {
        const { files, mappings, filesAre, settled } = command;
        let told = 0;
        const result = await importRollouts(files, {
          mappings,
          files: filesAre,
          settled,
          signal: this.#begin(),
          onProgress: (progress) => {
            if (Date.now() - told < progressEveryMs) return;
            told = Date.now();
            this.#post({ type: 'progress', request, progress });
          },
          onPartial: (columns) => {
            const sample = dragSample(columns);
            const copy = forAnalyst(columns);
            this.#post({ type: 'partial', request, columns, sample, copy }, buffersOf(columns, sample, copy));
          },
        });
        this.#last = { files, result };
        this.#answerWith(request, result);
        break;
      }
      case 'export': {
        const { files, result } = this.#remembered();
        const { format, tieSeed, kept } = command;
        const blob = await exportKept(files, result, kept, { format, tieSeed, signal: this.#begin() });
        this.#post({ type: 'exported', request, blob });
        break;
      }
      case 'match': {
        const { files, result } = this.#remembered();
        const rows = result.columns.reward.length;
        const matcher = new ProblemMatcher(command.problems, rows);
        const take: Parameters<typeof readRows>[3] = (row, { fields, mapping }) =>
          matcher.add(row, fields, mapping);
        await readRows(files, result, [0, rows], take, this.#begin());
        this.#post({ type: 'matched', request, match: matcher.result() });
        break;
      }
      case 'texts': {
        const { files, result } = this.#remembered();
        const { from, to } = command;
        const texts = await readTexts(files, result, from, to);
        this.#post({ type: 'texts', request, texts });
        break;
      }
      case 'score': {
        const { files, result } = this.#remembered();
        this.#last = { files, result: withScore(result, command.score) };
        this.#answerWith(request, this.#last.result);
        break;
      }
      default:
        command satisfies never;
    }
  }

  /** Everything that the page shows of an import is computed here, and handed over without being copied there. */
  #answerWith(request: number, kept: ImportedRollouts): void {
    // The page reads no row by itself.
    const result = { ...kept, columns: copied(kept.columns), outputs: null };
    const sample = dragSample(result.columns);
    const sizes = groupSizes(sample.rows ? rankless(result.columns.group) : sample.ranking.starts);
    const copy = forAnalyst(result.columns);
    this.#post(
      { type: 'imported', request, result, sample, sizes, copy },
      buffersOf(result.columns, sample, copy),
    );
  }

  #begin(): AbortSignal {
    this.#running?.abort();
    this.#running = new AbortController();
    return this.#running.signal;
  }

  #remembered() {
    if (this.#last === null) throw new ImportError('empty', 'No file has been imported yet.');
    return this.#last;
  }
}

function copied(columns: ImportedColumns): ImportedColumns {
  const copy = Object.entries(columns).map(([name, column]) => [
    name,
    column === null ? null : column.slice(),
  ]);
  return Object.fromEntries(copy) as ImportedColumns;
}

/**
 * A second copy, made here because the page passes it on to the analyst: copying a million rows would block the page.
 */
function forAnalyst({ reward, score, group, prompt, response, ...more }: ImportedColumns): AnalystLoad {
  return {
    rollouts: {
      reward: reward.slice(),
      score: score?.slice() ?? null,
      group: group.slice(),
      prompt: prompt.slice(),
      filterOn: more.filterOn?.slice() ?? null,
      lengths: more.lengths?.slice() ?? null,
      step: more.step.slice(),
      trained: more.trained?.slice() ?? null,
    },
    texts: response && { ids: response.slice() },
  };
}

/** The memory of all columns, each once. */
function buffersOf(...groups: readonly object[]): ArrayBufferLike[] {
  const found = new Set<ArrayBufferLike>();
  const visit = (value: unknown) => {
    if (ArrayBuffer.isView(value)) found.add(value.buffer);
    else if (typeof value === 'object' && value !== null)
      for (const each of Object.values(value)) visit(each);
  };
  visit(groups);
  return [...found];
}

/** Where each group would start, from group numbers without gaps. */
function rankless(group: Int32Array): Int32Array {
  const starts = new Int32Array(group.reduce((most, name) => Math.max(most, name), -1) + 2);
  for (const name of group) starts[name + 1]++;
  for (let g = 0; g + 1 < starts.length; g++) starts[g + 1] += starts[g];
  return starts;
}

function groupSizes(starts: Int32Array): GroupSizes {
  const counts = new Map<number, number>();
  for (let g = 0; g + 1 < starts.length; g++) {
    const size = starts[g + 1] - starts[g];
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => a[0] - b[0]);
}

function failureOf(name: string, cause: unknown): ImportFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { name, code: cause instanceof ImportError ? cause.code : 'internal', message };
}
