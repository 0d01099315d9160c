/**
 * The programs that supervised fine-tuning imitates: right and realistically wrong ones, as people write them. Each
 * operation has its own bug habit, so the policy learns some things well and others badly, and about two programs in
 * five pass.
 */
import { stream } from '../core/random.ts';
import { writeProgram } from './chain.ts';
import { ops } from './ops/ops.ts';
import type { Problem } from './problem.ts';
import { encodeProgram, encodePrompt, maxSequence } from './tokenizer.ts';

export interface CorpusSettings {
  seed: number;
  /** Number of programs. */
  size: number;
  /** Bug rates of the operations are uniform in [0.05, bugRate]. */
  bugRate: number;
}

export interface CorpusEntry {
  /** Index into `problems`. */
  problem: number;
  /** Tokens of the body, end of sequence included. */
  program: Int32Array;
}

const lowestBugRate = 0.05;

export function buildCorpus(problems: readonly Problem[], settings: CorpusSettings): CorpusEntry[] {
  const { seed, size, bugRate } = settings;
  const habits = stream(seed, 'habits');
  const rates = new Map(
    ops.map((op) => [op.name, lowestBugRate + (bugRate - lowestBugRate) * habits.uniform()]),
  );
  const rng = stream(seed, 'corpus');
  const out: CorpusEntry[] = [];
  while (out.length < size) {
    const index = rng.int(problems.length);
    const problem = problems[index];
    const text = writeProgram(problem.chain!, (op) => {
      const templates = rng.uniform() < rates.get(op.name)! ? op.wrong : op.right;
      return templates[rng.int(templates.length)];
    });
    const program = encodeProgram(text);
    if (encodePrompt(problem).length + program.length > maxSequence) continue;
    out.push({ problem: index, program });
  }
  return out;
}

/** Programs that are all right, written in the many ways that an operation can be written. */
export function rightPrograms(
  problems: readonly Problem[],
  { seed, size }: Pick<CorpusSettings, 'seed' | 'size'>,
): CorpusEntry[] {
  const rng = stream(seed, 'right programs');
  const out: CorpusEntry[] = [];
  while (out.length < size) {
    const index = rng.int(problems.length);
    const text = writeProgram(problems[index].chain!, ({ right }) => right[rng.int(right.length)]);
    const program = encodeProgram(text);
    if (encodePrompt(problems[index]).length + program.length <= maxSequence)
      out.push({ problem: index, program });
  }
  return out;
}
