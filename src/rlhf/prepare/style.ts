/**
 * A taste without a reason: how much somebody likes the words of a program, whatever it computes. Careless annotators
 * label by it where two programs are about equally right. A reward model can learn it, and a policy can learn to please
 * it.
 */
import type { SequenceRow } from '../../nn/batch/batch.ts';
import { wordStyle } from '../score/wordStyle.ts';

/** @returns how much the style of this seed likes a program: the mean weight of its tokens, 0 on average */
export function styleTaste(seed: number): (row: SequenceRow) => number {
  const sum = wordStyle(seed, []);
  return ({ tokens, promptLength }) => {
    const program = Array.from(tokens).slice(promptLength);
    return sum(program.join(' ')) / Math.max(1, program.length);
  };
}
