/** What a backend must give to sample: one function from a job to completed sequences, without waiting in between. */
import { tf } from '../tf.ts';
import type { Transformer } from '../transformer.ts';
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

/** A value network that steers the policy: its vocabulary head holds the log-odds of success of each next token. */
export interface Guide extends Guidance {
  /** Of the same size as the policy. */
  model: Transformer;
}

export interface CompletedRows {
  /** [B·L] prompt and completion of each row, then zeros. */
  tokens: Int32Array;
  /** [B] prompt plus completion. */
  totalLength: Int32Array;
  /** [B·L] un-tempered log-probability over the whole vocabulary, at the place of the token it belongs to. */
  logProb: Float32Array;
}

export type Generator = (model: Transformer, job: GenerateJob) => Promise<CompletedRows>;

const generators = new Map<string, Generator>();

/** Makes `generator` the sampler of a tfjs backend. */
export function registerGenerator(backendName: string, generator: Generator): void {
  generators.set(backendName, generator);
}

/** The sampler of the current backend, if it has one of its own. */
export function currentGenerator(): Generator | undefined {
  return generators.get(tf.getBackend());
}
