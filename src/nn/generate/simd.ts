/** Sampling on the CPU: one call into WebAssembly per rollout. See simd/assembly/generate.ts. */
import type { SimdBackend } from '../simd/backend.ts';
import { tf } from '../tf.ts';
import type { Transformer } from '../transformer.ts';
import { type CompletedRows, type GenerateJob, registerGenerator } from './generator.ts';

/** Rows per call: bounds the memory of the key-value cache. Rows know their number, so the split changes nothing. */
const rowsPerCall = 1024;

export function registerGeneratorOnSimd(): void {
  registerGenerator('simd', async (model, job) => {
    const backend = tf.backend() as SimdBackend;
    const { prompts, samplesPerPrompt, maxLength } = job;
    const rows = prompts.length * samplesPerPrompt;
    const completed: CompletedRows = {
      tokens: new Int32Array(rows * maxLength),
      totalLength: new Int32Array(rows),
      logProb: new Float32Array(rows * maxLength),
    };
    for (let first = 0; first < rows; first += rowsPerCall)
      generateRows(backend, model, job, first, Math.min(rows, first + rowsPerCall), completed);
    return completed;
  });
}

/** Completes the rows from `first` to `end`. */
function generateRows(
  backend: SimdBackend,
  model: Transformer,
  job: GenerateJob,
  first: number,
  end: number,
  completed: CompletedRows,
): void {
  const { heap, kernels } = backend;
  const { maxLength, samplesPerPrompt } = job;
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
  const header = inputs.add(new Int32Array(28));
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
  inputs.set(header, [...words, 0, ...steering]);
  inputs.copyTo(kernels.memory, block);
  const arena = heap.allocate(kernels.generateBytes(block + header));
  inputs.set(header, [...words, arena, ...steering]);
  inputs.copyTo(kernels.memory, block);
  kernels.generate(block + header);

  const { buffer } = kernels.memory;
  completed.tokens.set(new Int32Array(buffer, outTokens, rows * maxLength), first * maxLength);
  completed.totalLength.set(new Int32Array(buffer, outLengths, rows), first);
  completed.logProb.set(new Float32Array(buffer, outLogProb, rows * maxLength), first * maxLength);
  for (const pointer of [block, results, arena]) heap.release(pointer);

  /** Prompts that the rows continue, each once, and which of them each row continues. */
  function uniquePrompts({ prompts }: GenerateJob, from: number, to: number) {
    const found = new Map<string, number>();
    const list: Int32Array[] = [];
    const owner = new Int32Array(to - from);
    for (let row = from; row < to; row++) {
      const prompt = prompts[Math.floor(row / samplesPerPrompt)];
      const key = prompt.join();
      if (!found.has(key)) {
        found.set(key, list.length);
        list.push(prompt);
      }
      owner[row - from] = found.get(key)!;
    }
    return { unique: list, rowPrompt: owner };
  }
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
