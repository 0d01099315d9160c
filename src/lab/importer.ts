/** The import worker's mind: reads rollout files as a stream, remembers the last ones, gives out rows and exports. */
import { exportKept, readRow } from '../io/exportKept.ts';
import { ImportError } from '../io/importError.ts';
import { type ImportedRollouts, importRollouts } from '../io/importRollouts.ts';
import { type Inspection, inspect, type NamedBlob } from '../io/inspect.ts';
import type { ImportCommand, ImportEvent, ImportFailure } from './importProtocol.ts';

export class Importer {
  readonly #post: (event: ImportEvent) => void;
  #running: AbortController | null = null;
  #last: { files: NamedBlob[]; result: ImportedRollouts } | null = null;

  constructor(post: (event: ImportEvent) => void) {
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
        const inspections: (Inspection | ImportFailure)[] = [];
        for (const file of command.files) {
          inspections.push(await inspect(file).catch((cause) => failureOf(file.name, cause)));
        }
        this.#post({ type: 'inspected', request, inspections });
        break;
      }
      case 'import': {
        const { files, mappings } = command;
        const result = await importRollouts(files, {
          mappings,
          signal: this.#begin(),
          onProgress: (progress) => this.#post({ type: 'progress', request, progress }),
          onPartial: (columns) => this.#post({ type: 'partial', request, columns }),
        });
        this.#last = { files, result };
        this.#post({ type: 'imported', request, result });
        break;
      }
      case 'row': {
        const { files, result } = this.#remembered();
        const texts = await readRow(files, result, command.row);
        this.#post({ type: 'row', request, row: command.row, texts });
        break;
      }
      case 'export': {
        const { files, result } = this.#remembered();
        const { format, tieSeed, kept } = command;
        const blob = await exportKept(files, result, kept, { format, tieSeed, signal: this.#begin() });
        this.#post({ type: 'exported', request, blob });
        break;
      }
      default:
        command satisfies never;
    }
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

function failureOf(name: string, cause: unknown): ImportFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { name, code: cause instanceof ImportError ? cause.code : 'internal', message };
}
