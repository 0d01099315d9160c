/**
 * `analyze` away from the page's own thread. Rows cross to the worker a few thousand at a time: handing over a million
 * objects at once would hold the page for as long as the statistics take.
 */

import type { AnalystCommand, AnalystEvent } from './analyst.ts';
import { type Analysis, type AnalysisRow, type AnalyzeOptions, groupFields, rewardTerms } from './analyze.ts';

const rowsAtOnce = 5000;

/** What a worker looks like from here. */
export type AnalystPort = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

const startWorker = (): AnalystPort =>
  new Worker(new URL('../../../../workers/analysis.ts', import.meta.url), { type: 'module' });

/**
 * The same report as `analyze`, computed in a worker of its own.
 * @throws RangeError or TypeError naming the option that is impossible
 */
export async function analyzeRows(
  rows: readonly AnalysisRow[],
  options: AnalyzeOptions = {},
  start = startWorker,
): Promise<Analysis> {
  if (!Array.isArray(rows)) throw new TypeError('analyze(rows): rows must be an array of objects.');
  const { reward, filterOn } = options;
  const columnsIn = (expression: string | undefined, option: 'reward' | 'filterOn') =>
    expression === undefined ? [] : rewardTerms(rows, expression, option).map(({ column }) => column);
  const made = [...columnsIn(reward, 'reward'), ...columnsIn(filterOn, 'filterOn')];
  const worker = start();
  try {
    const answer = new Promise<Analysis>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(`The analysis worker failed: ${event.message}`));
      worker.onmessage = ({ data }: MessageEvent<AnalystEvent>) => {
        if (data.type === 'analyzed') resolve(data.analysis);
        if (data.type === 'failed') reject(errorOf(data));
      };
    });
    // Rejections before the rows have crossed are met at the end.
    answer.catch(() => {});
    const post = (command: AnalystCommand) => worker.postMessage(command);
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      post({ type: 'rows', rows: rows.slice(from, from + rowsAtOnce).map((row) => plain(row, made)) });
      await new Promise((resolve) => setTimeout(resolve));
    }
    post({ type: 'analyze', request: 1, options });
    return await answer;
  } finally {
    worker.terminate();
  }
}

/**
 * The fields that count, so that nothing else of a row must be fit to cross. A value that is no number and no text
 * stays wrong: missing, or for the score its name, which the reason to drop the row quotes.
 * @param made columns that the reward, and what the filters look at, are made of
 */
function plain(row: AnalysisRow, made: readonly string[]): AnalysisRow {
  if (typeof row !== 'object' || row === null) return null as unknown as AnalysisRow;
  const { prompt_id, sample, reward, score } = row;
  const primitive = <T>(value: T): T => {
    const odd = value !== null && ['object', 'function', 'symbol'].includes(typeof value);
    return odd ? (null as T) : value;
  };
  const parts = made.map((name) => {
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'number');
    return [name, isList || value === null || primitive(value) !== null ? value : String(value)];
  });
  return {
    prompt_id: primitive(prompt_id),
    sample: primitive(sample),
    reward: primitive(reward),
    ...(row.length === undefined ? {} : { length: primitive(row.length) }),
    score: score === null || primitive(score) !== null ? score : (String(score) as unknown as number),
    ...Object.fromEntries(groupFields.map((name) => [name, primitive(row[name])])),
    ...Object.fromEntries(parts),
  };
}

function errorOf({ name, message }: { name: string; message: string }): Error {
  if (name === 'RangeError') return new RangeError(message);
  return name === 'TypeError' ? new TypeError(message) : new Error(message);
}
