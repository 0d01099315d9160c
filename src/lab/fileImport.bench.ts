/**
 * From a dropped file to the filter table: a verl dump of a million rows through the import worker and the analysis
 * worker, while the page's own thread is watched for pauses.
 */
import type { BenchOptions, BenchTable } from '../core/benchmark.ts';
import { stream } from '../core/random.ts';
import type { ImportedRollouts } from '../io/importRollouts.ts';
import type { AnalystCommand, AnalystEvent } from './analyst.ts';
import type { ImportCommand, ImportEvent } from './importProtocol.ts';

export async function bench({ quick }: BenchOptions): Promise<BenchTable[]> {
  const rows = quick ? 50_000 : 1_000_000;
  const blob = verlDump(rows);
  const pauses = watchPauses();
  const started = performance.now();
  const since = () => Math.round(performance.now() - started) / 1000;
  let firstRows: number | null = null;
  const result = await importFile(blob, () => (firstRows ??= since()));
  const imported = since();
  const { picture, firstFilter, table } = await analyse(result, since);
  return [
    {
      title: 'A verl rollout dump, dropped on the page',
      note: 'Seconds since the drop, the file of 8 responses per prompt in memory; all twelve filters, 1,000 resamples.',
      rows: [
        {
          rows,
          MB: Math.round(blob.size / 1e6),
          'first rows s': firstRows ?? imported,
          'imported s': imported,
          'pictures s': picture,
          'first filter s': firstFilter,
          'whole table s': table,
          'longest pause of the page ms': Math.round(pauses()),
        },
      ],
    },
  ];
}

/** Rows as verl writes them, about 360 bytes each. */
function verlDump(rows: number): Blob {
  const rng = stream(1, 'verl dump');
  const thoughts = 'Let me think step by step about the sum of the even numbers in this list. '.repeat(3);
  const parts: Blob[] = [];
  let text = '';
  for (let i = 0; i < rows; i++) {
    const reward = rng.normal();
    text += `${JSON.stringify({
      input: `user: problem ${Math.floor(i / 8)} please solve it\nassistant`,
      output: `${thoughts}answer ${rng.int(50)}`,
      gts: '4',
      score: reward,
      step: 1 + Math.floor(i / 8192),
      acc: rng.uniform() < 1 / (1 + Math.exp(-reward)) ? 1 : 0,
    })}\n`;
    if (text.length > 2 ** 22 || i === rows - 1) {
      parts.push(new Blob([text]));
      text = '';
    }
  }
  return new Blob(parts);
}

/** Longest time in ms that the page's thread could not answer, so far. */
function watchPauses(): () => number {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let stopped = false;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!stopped) setTimeout(() => port2.postMessage(0), 4);
  };
  port2.postMessage(0);
  return () => {
    stopped = true;
    return longest;
  };
}

function importFile(blob: Blob, onRows: () => void): Promise<ImportedRollouts> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../../workers/import.ts', import.meta.url), { type: 'module' });
    worker.onerror = (event) => reject(new Error(`The import worker failed: ${event.message}`));
    worker.onmessage = ({ data }: MessageEvent<ImportEvent>) => {
      if (data.type === 'partial') onRows();
      if (data.type === 'failed') reject(new Error(data.failure.message));
      if (data.type === 'imported') {
        worker.terminate();
        resolve(data.result);
      }
    };
    const command: ImportCommand = {
      type: 'import',
      request: 1,
      files: [{ name: '1.jsonl', blob }],
      mappings: [],
    };
    worker.postMessage(command);
  });
}

function analyse({ columns }: ImportedRollouts, since: () => number) {
  return new Promise<{ picture: number; firstFilter: number; table: number }>((resolve, reject) => {
    const worker = new Worker(new URL('../../workers/analysis.ts', import.meta.url), { type: 'module' });
    const times = { picture: 0, firstFilter: 0, table: 0 };
    worker.onerror = (event) => reject(new Error(`The analysis worker failed: ${event.message}`));
    worker.onmessage = ({ data }: MessageEvent<AnalystEvent>) => {
      if (data.type === 'failed') reject(new Error(data.message));
      if (data.type === 'picture') times.picture = since();
      if (data.type === 'row') times.firstFilter ||= since();
      if (data.type === 'done') {
        worker.terminate();
        resolve({ ...times, table: since() });
      }
    };
    const { reward, score, group, prompt } = columns;
    const commands: AnalystCommand[] = [
      {
        type: 'load',
        rollouts: { reward, score, group, prompt },
        texts: columns.response && { ids: columns.response },
      },
      {
        type: 'picture',
        request: 1,
        settings: {
          grouping: { groups: 10, mode: 'equal-width' },
          lines: 10,
          by: 'split',
          bars: 40,
          seed: 1,
        },
      },
      { type: 'table', request: 2, edited: null, options: {} },
    ];
    for (const command of commands) worker.postMessage(command);
  });
}
