/** Sampling on the CPU: one call into WebAssembly per piece of a rollout. See simd/assembly/generate.ts. */
import type { Transformer } from '../model/transformer.ts';
import { binsOf } from '../model/valueHead.ts';
import type { SimdBackend } from '../simd/backend.ts';
import { tf } from '../tensors/tf.ts';
import {
  type GenerateJob,
  promptRows,
  registerGenerator,
  type Writer,
  type WrittenRows,
} from './generator.ts';

/** Rows per call: bounds the memory of the key-value cache. Rows know their number, so the split changes nothing. */
const rowsPerCall = 1024;

export function registerGeneratorOnSimd(): void {
  registerGenerator('simd', writeOnSimd);
}

function writeOnSimd(model: Transformer, job: GenerateJob): Writer {
  const backend = tf.backend() as SimdBackend;
  const written = promptRows(job);
  const rows = written.totalLength.length;
  const calls: Call[] = [];
  for (let first = 0; first < rows; first += rowsPerCall)
    calls.push(new Call(backend, model, job, first, Math.min(rows, first + rowsPerCall)));
  return {
    async advance(count) {
      for (const call of calls) call.advance(count, written);
      return written;
    },
    stop(stopped) {
      for (const call of calls) call.stop(stopped);
    },
    dispose() {
      for (const call of calls) call.dispose();
    },
  };
}

/** The rows from `first` to `end` under way. Holds memory from its first token to its last. */
class Call {
  readonly #backend: SimdBackend;
  readonly #model: Transformer;
  readonly #job: GenerateJob;
  readonly #first: number;
  readonly #end: number;
  #memory: { header: number; results: number; blocks: number[] } | null = null;
  /** Rows that go on; −1 before the first token. */
  #going = -1;

  constructor(backend: SimdBackend, model: Transformer, job: GenerateJob, first: number, end: number) {
    this.#backend = backend;
    this.#model = model;
    this.#job = job;
    this.#first = first;
    this.#end = end;
  }

  advance(count: number, written: WrittenRows): void {
    if (count < 1 || this.#going === 0) return;
    const { kernels } = this.#backend;
    let left = count;
    if (this.#going < 0) {
      this.#memory = placeJob(this.#backend, this.#model, this.#job, this.#first, this.#end);
      this.#going = kernels.generateFirst(this.#memory.header);
      left--;
    }
    const { header, results } = this.#memory!;
    this.#going = kernels.generateOn(header, this.#going, left);
    const { maxLength } = this.#job;
    const first = this.#first;
    const rows = this.#end - first;
    const { buffer } = kernels.memory;
    const lengths = results + 4 * rows * maxLength;
    written.tokens.set(new Int32Array(buffer, results, rows * maxLength), first * maxLength);
    written.totalLength.set(new Int32Array(buffer, lengths, rows), first);
    written.logProb.set(new Float32Array(buffer, lengths + 4 * rows, rows * maxLength), first * maxLength);
    if (this.#going === 0) this.dispose();
  }

  stop(rows: readonly number[]): void {
    if (this.#going <= 0) return;
    const { heap, kernels } = this.#backend;
    const count = this.#end - this.#first;
    const marks = heap.allocate(count);
    const flags = new Uint8Array(kernels.memory.buffer, marks, count).fill(0);
    for (const row of rows) if (row >= this.#first && row < this.#end) flags[row - this.#first] = 1;
    this.#going = kernels.generateStop(this.#memory!.header, this.#going, marks);
    heap.release(marks);
    if (this.#going === 0) this.dispose();
  }

  dispose(): void {
    for (const pointer of this.#memory?.blocks ?? []) this.#backend.heap.release(pointer);
    this.#memory = null;
    this.#going = 0;
  }
}

/** Writes the job for the rows from `first` to `end` into memory, with room for what it needs and what it gives. */
function placeJob(backend: SimdBackend, model: Transformer, job: GenerateJob, first: number, end: number) {
  const { heap, kernels } = backend;
  const { maxLength } = job;
  const { vocab, width, layers, heads } = model.config;
  const rows = end - first;
  const { unique, rowPrompt } = uniquePrompts(job, first, end);
  const starts = new Int32Array(unique.length + 1);
  unique.forEach((prompt, p) => {
    starts[p + 1] = starts[p] + prompt.length;
  });
  const weightsOf = ({ params }: Transformer) =>
    Object.keys(params)
      .filter((name) => !name.startsWith('score.'))
      .map((name) => backend.pointer(params[name]));
  const { guide } = job;

  const inputs = new Inputs();
  const promptTokens = inputs.add(unique.flatMap((prompt) => Array.from(prompt)));
  const promptStarts = inputs.add(starts);
  const rowPrompts = inputs.add(rowPrompt);
  const banned = inputs.add(job.banned);
  const pointers = inputs.add(weightsOf(model));
  const guidePointers = guide ? inputs.add(weightsOf(guide.model)) : null;
  const header = inputs.add(new Int32Array(31));
  const block = heap.allocate(inputs.bytes);
  const results = heap.allocate(4 * rows * (2 * maxLength + 1));
  const outTokens = results;
  const outLengths = outTokens + 4 * rows * maxLength;
  const outLogProb = outLengths + 4 * rows;
  // The order of the words at the top of simd/assembly/generate.ts.
  const words = [vocab, width, layers, heads, maxLength, unique.length, rows, first, job.seed, job.streamId];
  words.push(job.topK, job.greedy ? 1 : 0, job.banned.length);
  words.push(floatBits(job.greedy ? 1 : 1 / job.temperature), floatBits(job.topP));
  words.push(...[pointers, promptTokens, promptStarts, rowPrompts, banned].map((offset) => block + offset));
  words.push(outTokens, outLengths, outLogProb);
  const steering = guide
    ? [block + guidePointers!, floatBits(guide.inverse), guide.candidates, guide.rule === 'cd' ? 1 : 0]
    : [0, 0, 0, 0];
  const bins = guide ? binsOf(guide.model) : 1;
  if (bins > 1) {
    const { params } = guide!.model;
    steering.push(bins, backend.pointer(params['score.weight']), backend.pointer(params['score.bias']));
  } else steering.push(0, 0, 0);
  inputs.set(header, [...words, 0, ...steering]);
  inputs.copyTo(kernels.memory, block);
  const arena = heap.allocate(kernels.generateBytes(block + header));
  inputs.set(header, [...words, arena, ...steering]);
  inputs.copyTo(kernels.memory, block);
  return { header: block + header, results, blocks: [block, results, arena] };
}

/** Prompts that the rows continue, each once, and which of them each row continues. */
function uniquePrompts({ prompts, samplesPerPrompt }: GenerateJob, from: number, to: number) {
  const found = new Map<string, number>();
  const unique: Int32Array[] = [];
  const rowPrompt = new Int32Array(to - from);
  for (let row = from; row < to; row++) {
    const prompt = prompts[Math.floor(row / samplesPerPrompt)];
    const key = prompt.join();
    if (!found.has(key)) {
      found.set(key, unique.length);
      unique.push(prompt);
    }
    rowPrompt[row - from] = found.get(key)!;
  }
  return { unique, rowPrompt };
}

/** Integer arrays laid out one after the other, each at a multiple of 16 bytes. */
class Inputs {
  readonly #parts: { offset: number; values: ArrayLike<number> }[] = [];
  bytes = 0;

  /** Returns the offset at which the array will lie. */
  add(values: ArrayLike<number>): number {
    const offset = this.bytes;
    this.#parts.push({ offset, values });
    this.bytes += Math.ceil((4 * values.length + 1) / 16) * 16;
    return offset;
  }

  set(offset: number, values: ArrayLike<number>): void {
    this.#parts.find((part) => part.offset === offset)!.values = values;
  }

  copyTo({ buffer }: WebAssembly.Memory, at: number): void {
    for (const { offset, values } of this.#parts)
      new Int32Array(buffer, at + offset, values.length).set(values);
  }
}

function floatBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}
