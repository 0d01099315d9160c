/** From weights to rows: the four ways in which a filter's weights become a training set. */
import { counter32, type Rng } from '../random.ts';
import { type Ranking, sortRange } from './ranking.ts';

/** Salts the second use of a seed, so that the starting point of a group says nothing about the order of its rows. */
const startSalt = 0x5bd1e995;

/**
 * A fixed number of rows from each group, without repeats, each with its own probability: systematic sampling over
 * a random order of the candidates. Which rows of a group are chosen depends on `seed` and their row numbers alone.
 * @param probabilities inclusion probabilities of group g, in the order of `ranking`, summing to a whole number
 * @returns chosen rows, ascending
 */
export function keepGroups(
  ranking: Ranking,
  probabilities: (g: number) => Float64Array,
  seed: number,
): Int32Array {
  const { order, starts, first } = ranking;
  const chosen = new Uint8Array(order.length);
  for (let g = 0; g < first.length; g++) {
    const probability = probabilities(g);
    let open = 0;
    let sum = 0;
    for (let i = 0; i < probability.length; i++) {
      if (probability[i] === 1) chosen[order[starts[g] + i]] = 1;
      else if (probability[i] > 0) open++;
    }
    if (open === 0) continue;
    const positions = new Int32Array(open);
    for (let i = 0, at = 0; i < probability.length; i++) {
      if (probability[i] > 0 && probability[i] < 1) {
        positions[at++] = i;
        sum += probability[i];
      }
    }
    const key = (i: number) => counter32(seed, order[starts[g] + i]);
    sortRange(positions, 0, open, (a, b) => key(a) - key(b) || a - b);
    // Candidate i is chosen when a whole number lies in (cumulative before, cumulative after], shifted at random.
    const total = Math.round(sum);
    let cumulative = counter32(seed ^ startSalt, first[g]) / 2 ** 32;
    let taken = 0;
    for (let at = 0; at < open; at++) {
      cumulative += probability[positions[at]];
      const due = at === open - 1 ? total : Math.min(total, Math.floor(cumulative));
      if (due > taken) chosen[order[starts[g] + positions[at]]] = 1;
      taken = due;
    }
  }
  return rowsOf(chosen);
}

/** Each row on its own with its own probability. @returns chosen rows, ascending */
export function keepEach(probability: ArrayLike<number>, seed: number): Int32Array {
  const chosen = new Uint8Array(probability.length);
  for (let row = 0; row < chosen.length; row++) {
    chosen[row] = counter32(seed, row) < probability[row] * 2 ** 32 ? 1 : 0;
  }
  return rowsOf(chosen);
}

/**
 * Independent draws from each group (PF-PPO, section 4.1: z ~ Categorical(w)). A group without weight gives none.
 * @param weights weights of group g, in the order of `ranking`
 * @param draws how many from group g
 */
export function drawGroups(
  ranking: Ranking,
  weights: (g: number) => Float64Array,
  draws: (g: number) => number,
  rng: Rng,
): Int32Array {
  const rows: number[] = [];
  for (let g = 0; g + 1 < ranking.starts.length; g++) {
    const draw = categorical(weights(g));
    if (draw === null) continue;
    for (let i = draws(g); i > 0; i--) rows.push(ranking.order[ranking.starts[g] + draw(rng)]);
  }
  return Int32Array.from(rows);
}

/** Draws as many rows with replacement as the buffer has. A buffer without weight gives none. */
export function drawBuffer(weights: Float64Array, rng: Rng): Int32Array {
  const draw = categorical(weights);
  if (draw === null) return new Int32Array(0);
  const rows = new Int32Array(weights.length);
  for (let i = 0; i < rows.length; i++) rows[i] = draw(rng);
  return rows;
}

/** Draws indices in proportion to `weights`, or null when they are all 0. */
function categorical(weights: Float64Array): ((rng: Rng) => number) | null {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  let lastPositive = -1;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] > 0) lastPositive = i;
    cumulative[i] = sum += weights[i];
  }
  if (lastPositive < 0) return null;
  // Where the search begins for each even part of [0, 1): a look-up among many weights stays within few of them.
  const parts = lastPositive < 64 ? 1 : 2 ** Math.min(16, Math.ceil(Math.log2(lastPositive)));
  const begin = new Int32Array(parts + 1).fill(lastPositive);
  for (let i = 0, part = 0; i <= lastPositive; i++) {
    while (part < parts && cumulative[i] > (part / parts) * sum) begin[part++] = i;
  }
  return (rng) => {
    const share = rng.uniform();
    const target = share * sum;
    let low = begin[Math.floor(share * parts)];
    let high = begin[Math.floor(share * parts) + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

function rowsOf(chosen: Uint8Array): Int32Array {
  let count = 0;
  for (const one of chosen) count += one;
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < chosen.length; row++) if (chosen[row]) rows[at++] = row;
  return rows;
}
