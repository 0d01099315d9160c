/** Which problems an iteration works on. Depends on the seed and the iteration alone, never on the arm. */
import { stream } from '../../../core/random.ts';

/**
 * The problems of one iteration: a pool of training problems, shuffled anew for each pass over it,
 * and every problem used once before any is used again.
 * @param problems how many training problems the world has
 * @param pool how many of them the run uses
 * @param count prompts wanted in each iteration
 * @param iteration 1 is the first
 * @returns [count] indices of training problems
 */
export function choosePrompts(
  seed: number,
  { problems, pool, count, iteration }: { problems: number; pool: number; count: number; iteration: number },
): Int32Array {
  return inTurn(seed, poolOf(seed, { problems, pool }), (iteration - 1) * count, count);
}

/** The training problems of a run, in the order in which larger pools would take them in. */
export const poolOf = (seed: number, { problems, pool }: { problems: number; pool: number }): Int32Array =>
  allInOrder(seed, problems).subarray(0, Math.min(pool, problems));

/** All training problems: a pool is the first of them. */
export const allInOrder = (seed: number, problems: number): Int32Array =>
  permutation(problems, seed, 'prompt pool');

/**
 * `count` of the endless sequence that goes through `members` again and again, shuffled anew for each pass.
 * @param from where in the sequence to begin
 */
export function inTurn(seed: number, members: Int32Array, from: number, count: number): Int32Array {
  const chosen = new Int32Array(count);
  let pass = -1;
  let order = members;
  for (let i = 0; i < count; i++) {
    const position = from + i;
    if (Math.floor(position / members.length) !== pass) {
      pass = Math.floor(position / members.length);
      order = permutation(members.length, seed, 'prompt order', pass).map((at) => members[at]);
    }
    chosen[i] = order[position % members.length];
  }
  return chosen;
}

function permutation(n: number, seed: number, ...path: (string | number)[]): Int32Array {
  return stream(seed, ...path).shuffle(Int32Array.from({ length: n }, (_, i) => i));
}
