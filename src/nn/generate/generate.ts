/**
 * Sampling as one call: prompts in, whole sequences and their log-probabilities out, with at most one readback. Or in
 * pieces, with rows stopped in between.
 * The backend's own sampler does the work (KV-cached, finished rows dropped): simd.ts, webgpu.ts, or reference.ts.
 */
import { endToken, padToken } from '../model/config.ts';
import type { SoftRows } from '../model/softRows.ts';
import type { Transformer } from '../model/transformer.ts';
import {
  currentGenerator,
  type GenerateJob,
  type Generator,
  type Guide,
  type Writer,
  type WrittenRows,
} from './generator.ts';
import { writeReference } from './reference.ts';

export interface GenerateOptions {
  /** Token ids of each prompt, at least one each. */
  prompts: readonly Int32Array[];
  samplesPerPrompt: number;
  /** Divides the logits before drawing; above 0. Default 1. */
  temperature?: number;
  /** Draw among the k most likely tokens only; 0, the default, is off. */
  topK?: number;
  /** Draw among the most likely tokens that reach this probability together; 1, the default, is off. */
  topP?: number;
  /** Take the most likely token instead of drawing. Default false. */
  greedy?: boolean;
  /** The stream of random numbers: the same (seed, streamId, row, position) draws alike on every backend. */
  seed: number;
  streamId: number;
  /** Tokens never drawn; log-probabilities are still over the whole vocabulary. Default: padding. */
  banned?: readonly number[];
  /** No sequence gets longer, prompt included. Default and limit: the model's maxLength, and the soft rows before it. */
  maxLength?: number;
  /** Steers every draw; log-probabilities stay those of the policy. */
  guide?: Guide;
  /** What the token ids from the vocabulary's end on stand for in prompts: see softRows.ts. They are never drawn. */
  soft?: SoftRows;
}

/** B = prompts × samplesPerPrompt rows, in order of prompt, then sample. C completion tokens in all. */
export interface Rollouts {
  /** [B·L] prompt and completion of each row, then zeros; L = maxLength. */
  tokens: Int32Array;
  /** [B] */
  promptLength: Int32Array;
  /** [B] prompt and completion, end-of-sequence token included when it was drawn. */
  totalLength: Int32Array;
  /** [C] log-probability of each completion token: un-tempered, over the whole vocabulary, in nats. */
  logProb: Float32Array;
  /** [B+1] where each row starts in `logProb`. */
  starts: Int32Array;
}

/** Throws `RangeError` naming the option that is out of range. */
export async function generate(model: Transformer, options: GenerateOptions): Promise<Rollouts> {
  const job = checkOptions(model, options);
  const writer = writerFor(model, job, options.soft);
  try {
    return rolloutsOf(job, await writer.advance(job.maxLength));
  } finally {
    writer.dispose();
  }
}

/** Rollouts that are written piece by piece. Whatever is stopped, what the other rows get is the same. */
export interface Generation {
  /**
   * Writes up to `count` more tokens of every row that goes on. Resolves to all rows as they are then; the next call
   * changes their arrays.
   */
  advance(count: number): Promise<Rollouts>;
  /** These rows go on no more. Call after `advance`. */
  stop(rows: readonly number[]): void;
  dispose(): void;
}

/** Like `generate`, in pieces. The model must not change before the generation is disposed. */
export function startGenerating(model: Transformer, options: GenerateOptions): Generation {
  const job = checkOptions(model, options);
  const writer = writerFor(model, job, options.soft);
  return {
    advance: async (count) => rolloutsOf(job, await writer.advance(count)),
    stop: (rows) => writer.stop(rows),
    dispose: () => writer.dispose(),
  };
}

function writerFor(model: Transformer, job: GenerateJob, soft?: SoftRows): Writer {
  const write: Generator = currentGenerator() ?? writeReference;
  if (!soft || soft.shape[0] === 0) return write(model, job);
  const joined = model.joined(soft);
  const writer = write(joined, job);
  return {
    advance: (count) => writer.advance(count),
    stop: (rows) => writer.stop(rows),
    dispose() {
      writer.dispose();
      for (const name of ['wte.weight', 'wpe.weight']) joined.params[name].dispose();
    },
  };
}

function rolloutsOf(job: GenerateJob, { tokens, totalLength, logProb }: WrittenRows): Rollouts {
  const { prompts, samplesPerPrompt, maxLength } = job;
  const rows = totalLength.length;
  const promptLength = new Int32Array(rows);
  const starts = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    promptLength[row] = prompts[Math.floor(row / samplesPerPrompt)].length;
    starts[row + 1] = starts[row] + totalLength[row] - promptLength[row];
  }
  const ragged = new Float32Array(starts[rows]);
  for (let row = 0; row < rows; row++) {
    const from = row * maxLength;
    ragged.set(logProb.subarray(from + promptLength[row], from + totalLength[row]), starts[row]);
  }
  return { tokens, promptLength, totalLength, logProb: ragged, starts };
}

/** Whether row `row` ended by itself rather than at the length limit. */
export function finished({ tokens, totalLength }: Rollouts, row: number): boolean {
  const stride = tokens.length / totalLength.length;
  return tokens[row * stride + totalLength[row] - 1] === endToken;
}

function checkOptions({ config }: Transformer, options: GenerateOptions): GenerateJob {
  const softRows = options.soft?.shape[0] ?? 0;
  const longest = config.maxLength + softRows;
  const job: GenerateJob = {
    prompts: options.prompts.map((prompt) => prompt.slice()),
    samplesPerPrompt: options.samplesPerPrompt,
    temperature: options.temperature ?? 1,
    topK: options.topK ?? 0,
    topP: options.topP ?? 1,
    greedy: options.greedy ?? false,
    banned: options.banned ?? [padToken],
    seed: options.seed >>> 0,
    streamId: options.streamId >>> 0,
    maxLength: options.maxLength ?? longest,
    guide: options.guide,
  };
  const require = (holds: boolean, message: string) => {
    if (!holds) throw new RangeError(`generate: ${message}`);
  };
  const { samplesPerPrompt, temperature, topK, topP, banned, maxLength } = job;
  require(Number.isInteger(samplesPerPrompt) &&
    samplesPerPrompt >= 1, '"samplesPerPrompt" must be a whole number of 1 or more.');
  require(temperature > 0 &&
    Number.isFinite(temperature), `"temperature" must be above 0, not ${temperature}.`);
  require(Number.isInteger(topK) && topK >= 0, `"topK" must be a whole number of 0 or more, not ${topK}.`);
  require(topP > 0 && topP <= 1, `"topP" must lie in (0, 1], not ${topP}.`);
  require(Number.isInteger(maxLength) &&
    maxLength >= 1 &&
    maxLength <= longest, `"maxLength" must lie in 1 to ${longest}, not ${maxLength}.`);
  if (job.guide) {
    const { inverse, candidates, model } = job.guide;
    require(inverse >= 0 &&
      Number.isFinite(inverse), `"inverse" of the guide must be 0 or more, not ${inverse}.`);
    require(Number.isInteger(candidates) &&
      candidates >= 1, `"candidates" of the guide must be a whole number of 1 or more, not ${candidates}.`);
    const sameSize = (['vocab', 'width', 'layers', 'heads'] as const).every(
      (f) => model.config[f] === config[f],
    );
    require(sameSize &&
      model.config.maxLength >=
        maxLength, 'the value network must have the size of the policy: train it again.');
  }
  const known = (token: number) => Number.isInteger(token) && token >= 0 && token < config.vocab;
  require(banned.every(known), `"banned" has a token outside the vocabulary of ${config.vocab}.`);
  require(new Set(banned).size < config.vocab, '"banned" leaves no token to draw.');
  const rows = config.vocab + softRows;
  const readable = (token: number) => Number.isInteger(token) && token >= 0 && token < rows;
  job.prompts.forEach((prompt, p) => {
    require(prompt.length >= 1 &&
      prompt.length <= maxLength, `prompt ${p} has ${prompt.length} tokens; 1 to ${maxLength} are allowed.`);
    require(prompt.every(readable), `prompt ${p} has a token outside the vocabulary of ${rows}.`);
  });
  return job;
}
