/**
 * A taste in words: a fixed random weight for each word of a program, summed. It says nothing about the truth, is the
 * same for the same program, and a network can learn it, which is what makes an error systematic.
 */
import { stream } from '../../core/random.ts';
import { mean, sd } from '../../core/statistics/stats.ts';

/** The words of a program: in the built-in world, the tokens that the policy wrote. */
const wordsOf = (program: string): string[] => program.split(/\s+/).filter((word) => word !== '');

/**
 * @param usual programs after which the scale is set: over them, the style has mean 0 and deviation 1
 * @returns the style of a program
 */
export function wordStyle(seed: number, usual: readonly string[]): (program: string) => number {
  const weights = new Map<string, number>();
  const weight = (word: string) => {
    let known = weights.get(word);
    if (known === undefined) {
      known = stream(seed, 'word style', word).normal();
      weights.set(word, known);
    }
    return known;
  };
  const sum = (program: string) => wordsOf(program).reduce((total, word) => total + weight(word), 0);
  const sums = Float64Array.from(usual, sum);
  const centre = sums.length > 0 ? mean(sums) : 0;
  const scale = (sums.length > 1 && sd(sums)) || 1;
  return (program) => (sum(program) - centre) / scale;
}

/** A style as a place in (0, 1), about evenly over programs whose style is normal. */
export const placeOfStyle = (style: number): number => 1 / (1 + Math.exp(-1.702 * style));
