/**
 * What a backend must give to sample: a writer that takes the rows of a job forward, to their ends in one go or piece by
 * piece, with rows stopped in between. Whatever is stopped, the other rows are the same: each has random numbers of its
 * own.
 */
import { endToken } from '../model/config.ts';
import type { Transformer } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import type { Drawing, Guidance } from './sampling.ts';

/** A checked request. B = prompts × samplesPerPrompt rows; row = prompt · samplesPerPrompt + sample. */
export interface GenerateJob extends Drawing {
  prompts: Int32Array[];
  samplesPerPrompt: number;
  seed: number;
  streamId: number;
  /** L: no sequence gets longer. */
  maxLength: number;
  guide?: Guide;
}

/** A value network that steers the policy: what it says of each next token is in valueHead.ts. */
export interface Guide extends Guidance {
  /** Of the same size as the policy. */
  model: Transformer;
}

/** All rows as they are. */
export interface WrittenRows {
  /** [B·L] prompt and completion so far of each row, then zeros. */
  tokens: Int32Array;
  /** [B] prompt plus completion so far. */
  totalLength: Int32Array;
  /** [B·L] un-tempered log-probability over the whole vocabulary, at the place of the token it belongs to. */
  logProb: Float32Array;
}

/** The rows of a job under way. The model must not change before the writer is disposed. */
export interface Writer {
  /** Writes up to `count` more tokens of every row that goes on, without waiting in between. */
  advance(count: number): Promise<WrittenRows>;
  /** These rows go on no more. After the first `advance`. */
  stop(rows: readonly number[]): void;
  dispose(): void;
}

/** Every row of a job that has been written nothing of. */
export function promptRows({ prompts, samplesPerPrompt, maxLength }: GenerateJob): WrittenRows {
  const count = prompts.length * samplesPerPrompt;
  const rows: WrittenRows = {
    tokens: new Int32Array(count * maxLength),
    totalLength: new Int32Array(count),
    logProb: new Float32Array(count * maxLength),
  };
  for (let row = 0; row < count; row++) {
    const prompt = prompts[Math.floor(row / samplesPerPrompt)];
    rows.tokens.set(prompt, row * maxLength);
    rows.totalLength[row] = prompt.length;
  }
  return rows;
}

/** Whether a row may get another token: it neither fills its length nor has ended. */
export function goesOn({ tokens, totalLength }: WrittenRows, row: number, job: GenerateJob): boolean {
  const { prompts, samplesPerPrompt, maxLength } = job;
  const length = totalLength[row];
  if (length === maxLength) return false;
  const prompt = prompts[Math.floor(row / samplesPerPrompt)];
  return length === prompt.length || tokens[row * maxLength + length - 1] !== endToken;
}

export type Generator = (model: Transformer, job: GenerateJob) => Writer;

const generators = new Map<string, Generator>();

/** Makes `generator` the sampler of a tfjs backend. */
export function registerGenerator(backendName: string, generator: Generator): void {
  generators.set(backendName, generator);
}

/** The sampler of the current backend, if it has one of its own. */
export function currentGenerator(): Generator | undefined {
  return generators.get(tf.getBackend());
}
