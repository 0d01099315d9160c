/**
 * Seeded randomness without history. A stream is named by a seed and a path ("sampling", iteration 12 …), so any
 * iteration's stream can be made again without replaying the ones before it, and no two purposes share numbers.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

export interface Rng {
  /** Uniform over the integers of [0, 2³²). */
  uint32(): number;
  /** Uniform over [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform over the integers of [0, n). @throws RangeError unless n is a positive integer */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Permutes `array` in place, every order equally likely, and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(array: T): T;
}

/** The stream that `seed` and `path` name. Numbers and strings of a path are never confused. */
export function stream(seed: number, ...path: (string | number)[]): Rng {
  // Four differently salted hashes fill the 128 bits of state; all four being 0 would be a dead generator.
  const state: number[] = [0, 1, 2, 3].map((word) => hash32(word, seed, ...path) | 0);
  if (!state.some((word) => word !== 0)) state[0] = 1;
  const generator = xoroshiro128plusFromState(state);
  const uniform = () => uniformFloat64(generator);
  return {
    uint32: () => generator.next() >>> 0,
    uniform,
    int(n) {
      if (!Number.isInteger(n) || n < 1)
        throw new RangeError(`int(n) needs a positive integer, and got ${n}.`);
      return uniformInt(generator, 0, n - 1);
    },
    normal() {
      // Marsaglia's polar method; the second value of each pair is thrown away to keep the stream stateless.
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const square = x * x + y * y;
        if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
      }
    },
    shuffle(array) {
      const items = array as { length: number; [index: number]: unknown };
      for (let i = items.length - 1; i > 0; i--) {
        const j = uniformInt(generator, 0, i);
        const held = items[i];
        items[i] = items[j];
        items[j] = held;
      }
      return array;
    },
  };
}

const float = new Float64Array(1);
const floatWords = new Uint32Array(float.buffer);

/** A well-mixed 32-bit hash of a path; equal paths, and only they (up to chance), give equal hashes. */
export function hash32(...path: (string | number)[]): number {
  let hash = 0x9747b28c;
  for (const part of path) {
    if (typeof part === 'string') {
      hash = absorb(hash, 0x53747200 ^ part.length);
      for (let i = 0; i < part.length; i++) hash = absorb(hash, part.charCodeAt(i));
    } else if (Number.isInteger(part) && part >= 0 && part <= 0xffffffff) {
      hash = absorb(absorb(hash, 0x55333200), part);
    } else {
      float[0] = part;
      hash = absorb(absorb(absorb(hash, 0x46363400), floatWords[0]), floatWords[1]);
    }
  }
  return mix32(hash ^ path.length);
}

/** One round of MurmurHash3. */
function absorb(hash: number, word: number): number {
  word = Math.imul(word, 0xcc9e2d51);
  word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  hash ^= word;
  return (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
}

/** MurmurHash3's finaliser: a bijection of the 32-bit integers in which every input bit reaches every output bit. */
export function mix32(word: number): number {
  word ^= word >>> 16;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  word = Math.imul(word, 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

/**
 * The `index`-th number of a counter-based stream, uniform over [0, 2³²). Simple enough to be written again in
 * another language: the exported Python filters do.
 */
export function counter32(seed: number, index: number): number {
  return mix32(mix32((index + 0x9e3779b9) | 0) ^ seed);
}
