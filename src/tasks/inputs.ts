/**
 * Arguments for tests. Each kind has classes of inputs that programs get wrong (empty, negative, duplicates, values
 * right at the constant, odd spacing …); a problem's tests draw one input from each class, so that a wrong idiom has
 * somewhere to fail whatever the seed.
 */
import type { Rng } from '../core/random.ts';
import type { StartKind } from './chain.ts';

const between = (rng: Rng, low: number, high: number): number => low + rng.int(high - low + 1);
const listOf = (rng: Rng, length: number, low: number, high: number): number[] =>
  Array.from({ length }, () => between(rng, low, high));

type NumberClass = (rng: Rng, k: number) => number[];
const numberClasses: readonly NumberClass[] = [
  () => [],
  (rng) => [between(rng, 2, 14)],
  // Few values, often repeated, at least one of them not beside its twin.
  (rng) => {
    const [a, b] = [between(rng, -9, 3), between(rng, 4, 12)];
    return [a, b, a, ...listOf(rng, 4, 0, 1).map((bit) => (bit ? b : a)), between(rng, -9, 12)];
  },
  (rng) => [...listOf(rng, between(rng, 3, 6), -15, -1), -between(rng, 0, 6) * 2 - 1],
  (rng) => rng.shuffle([0, between(rng, 1, 12), ...listOf(rng, between(rng, 3, 6), -12, 15), 0]),
  // Nothing above the constant, the constant among it.
  (rng, k) => rng.shuffle([k, ...listOf(rng, between(rng, 3, 6), k - 14, k - 1)]),
  // Nothing below the constant, the constant among it.
  (rng, k) => rng.shuffle([k, ...listOf(rng, between(rng, 3, 5), k + 1, k + 9)]),
  (rng, k) => rng.shuffle([k - 1, k, k + 1, ...listOf(rng, between(rng, 3, 6), -12, 15)]),
  // Two digits and one digit: where sorting as text goes wrong.
  (rng) => rng.shuffle([between(rng, 10, 30), between(rng, 2, 9), ...listOf(rng, between(rng, 1, 3), 3, 30)]),
  (rng) => listOf(rng, between(rng, 6, 10), -14, 14),
  (rng) => listOf(rng, between(rng, 6, 10), -9, 15),
  // Everything above the constant.
  (rng, k) => listOf(rng, between(rng, 3, 6), k + 1, k + 18),
];

const wordPool = (
  'a I at go up ox The cat Sun big Owl key Tree apple lamp Even iron quick brown Under stone river ' +
  'Orange window planet Island garden'
).split(' ');
const palindromes = [
  'noon',
  'level',
  'racecar',
  'kayak',
  'civic',
  'radar',
  'refer',
  'abba',
  'stats',
  'rotor',
];

const wordFrom = (rng: Rng): string => wordPool[rng.int(wordPool.length)];
const sentence = (rng: Rng, count: number): string =>
  Array.from({ length: count }, () => wordFrom(rng)).join(' ');
const digits = (rng: Rng): string => `${between(rng, 1, 9)}0${between(rng, 1, 99)}`;
const palindrome = (rng: Rng): string => palindromes[rng.int(palindromes.length)];

const textClasses: readonly ((rng: Rng) => string)[] = [
  () => '',
  palindrome,
  (rng) => `${palindrome(rng)} `.repeat(2).trim(),
  (rng) => 'xyzaQE'[rng.int(6)],
  (rng) => ` ${wordFrom(rng)} ${wordFrom(rng)}${' '.repeat(between(rng, 1, 2))}`,
  (rng) => `${sentence(rng, 2)}  ${wordFrom(rng)}`,
  // Vowels of both cases.
  (rng) => `${['AEIOU', 'Ooze', 'UpAndIn'][rng.int(3)]} ${sentence(rng, 2)}`,
  (rng) => `${wordFrom(rng)}${digits(rng)} ${wordFrom(rng)} ${digits(rng)}`,
  // Words of one to seven letters, so that every length limit has a word right at it.
  (rng) => rng.shuffle(['a', 'up', 'Owl', 'tree', 'stone', 'garden', wordFrom(rng)]).join(' '),
  (rng) => sentence(rng, between(rng, 3, 5)),
  (rng) => `${digits(rng)}${wordFrom(rng)}`,
  (rng) => sentence(rng, between(rng, 1, 2)),
];

const pick = (constants: readonly number[], rng: Rng): number =>
  constants.length > 0 ? constants[rng.int(constants.length)] : between(rng, 2, 9);

/** How often a class is asked for a usable input before the plain random lists are asked instead. */
const patience = 12;

/**
 * Twelve arguments in random order, each `usable`; null when there are none to be had. `constants` are the chain's
 * own: one of them is aimed at.
 */
export function drawInputs(
  kind: StartKind,
  constants: readonly number[],
  rng: Rng,
  usable: (input: number[] | string) => boolean = () => true,
): (number[] | string)[] | null {
  const k = pick(constants, rng);
  const draws: (() => number[] | string)[] =
    kind === 'text'
      ? textClasses.map((draw) => () => draw(rng))
      : numberClasses.map((draw) => () => draw(rng, k));
  const plain = draws[9];
  const inputs: (number[] | string)[] = [];
  for (const draw of draws) {
    let input = draw();
    for (let attempt = 0; !usable(input); attempt++) {
      if (attempt === 2 * patience) return null;
      input = attempt < patience ? draw() : plain();
    }
    inputs.push(input);
  }
  return rng.shuffle(inputs);
}

/** One plain input of each kind: what a person would give as an example. */
export function drawExample(kind: StartKind, rng: Rng): number[] | string {
  return kind === 'text' ? sentence(rng, between(rng, 2, 4)) : listOf(rng, between(rng, 4, 7), -6, 12);
}
