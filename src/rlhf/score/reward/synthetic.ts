/**
 * The true score seen through a reliability that a person draws, or that was fitted to a rollout file. A share of all
 * programs gets a reward that says nothing of their truth; the others get one that comes from what a pass or a fail
 * gets. What decides of the first kind is the kind of error: chance, once per program or at each look, or a taste in
 * words that can be learned.
 */
import { fixed, short } from '../../../core/numberText.ts';
import { hash32, type Rng, stream } from '../../../core/random.ts';
import { reward } from '../../slots.ts';
import { placeOfStyle, wordStyle } from '../wordStyle.ts';

/** How bars over tenths of the range of rewards are called. */
const bandNames = (what: string) => (index: number, count: number) => {
  const edge = (place: number) => fixed(-1 + (2 * place) / count, 1);
  return { short: edge(index), long: `${what} between ${edge(index)} and ${edge(index + 1)}` };
};
const shares = { kind: 'numbers', min: 0, max: 1, maxCount: 10 } as const;

export const synthetic = reward({
  id: 'synthetic',
  label: 'Synthetic',
  short: 'errors where you draw them',
  what: 'The true score seen through a reliability curve that you draw.',
  source: { where: 'a construction of this project, after Figure 1 of arXiv 2409.06957' },
  formula:
    'a share nᵢ of all programs: r in band i, whatever s; the others: band i with chance ∝ pᵢ if s = 1, ∝ fᵢ if not',
  cost: 'the judge answers before the update instead of beside it',
  knobs: {
    syntheticNoise: {
      ...shares,
      label: 'Noise by reward band',
      initial: [0, 0, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0, 0],
      what: 'Synthetic reward: the share of all programs that get a meaningless reward in each tenth of [−1, 1].',
      expect: 'The reward says less about the truth in that band.',
      bar: bandNames('Share of programs with a meaningless reward'),
    },
    syntheticErrors: {
      kind: 'choice',
      label: 'What decides a meaningless reward',
      initial: 'program',
      what: 'Synthetic reward: where within the noise a meaningless reward lies.',
      expect: 'fresh noise averages out; a systematic error can be learned and exploited.',
      options: [
        { value: 'program', label: 'once', what: 'Chance, drawn once for each program to each problem.' },
        { value: 'fresh', label: 'fresh', what: 'Chance, drawn anew each time a program is graded.' },
        {
          value: 'systematic',
          label: 'systematic',
          what: 'A taste in words: a fixed random weight for each word, summed. The policy can learn it.',
        },
      ],
    },
    syntheticPass: {
      ...shares,
      label: 'Otherwise, given a pass',
      initial: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      what: 'Synthetic reward: how often a program that passes gets a reward in each tenth of [−1, 1], where its reward is no noise.',
      expect: 'A pass lies there more often, beside the other tenths.',
      bar: bandNames('How often a pass gets a reward'),
    },
    syntheticFail: {
      ...shares,
      label: 'Otherwise, given a fail',
      initial: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      what: 'Synthetic reward: the same for a program that does not pass.',
      expect: 'A fail lies there more often, beside the other tenths.',
      bar: bandNames('How often a fail gets a reward'),
    },
  },
  conflicts({ syntheticNoise, syntheticPass, syntheticFail }) {
    const noise = sum(syntheticNoise);
    const tooMuch = noise > 1 + 1e-9 && {
      path: 'reward.syntheticNoise',
      message: `syntheticNoise must add up to at most 1 (all programs), and adds up to ${short(noise, 3)}.`,
      repair: { 'reward.syntheticNoise': syntheticNoise.map((share) => share / noise) },
    };
    const empty = (name: string, values: readonly number[]) =>
      sum(values) === 0 && {
        path: `reward.${name}`,
        message: `${name} must have a bar above 0: a program needs some reward.`,
        repair: { [`reward.${name}`]: values.map(() => 1) },
      };
    return [tooMuch, empty('syntheticPass', syntheticPass), empty('syntheticFail', syntheticFail)].filter(
      (each) => each !== false,
    );
  },
  models: () => [],
  open({ seed, problems: world }, { syntheticNoise, syntheticErrors, syntheticPass, syntheticFail }) {
    const own = stream(seed, 'synthetic reward').uint32();
    const noise = sum(syntheticNoise);
    const style =
      syntheticErrors === 'systematic'
        ? wordStyle(
            own,
            world.map(({ reference }) => reference),
          )
        : null;
    // A fail is a pass in a mirror, so that one random number means the same distance from the end for both.
    const informed = (place: number, rng: Rng, passed: boolean) =>
      passed
        ? within(syntheticPass, sum(syntheticPass) * place, () => rng.uniform())
        : -within(syntheticFail.toReversed(), sum(syntheticFail) * place, () => rng.uniform());
    return {
      needsVerdicts: true,
      passes: () => 0,
      grade: ({ programs, problems, look }, verdicts) =>
        Float32Array.from(programs, (program, i) => {
          const path = ['synthetic reward', hash32(problems[i].id), hash32(program)];
          const rng = syntheticErrors === 'fresh' ? stream(own, ...path, look, i) : stream(own, ...path);
          const u = rng.uniform();
          if (u >= noise) return informed((u - noise) / (1 - noise), rng, verdicts!.score[i] === 1);
          if (!style) return within(syntheticNoise, u, () => rng.uniform());
          return within(syntheticNoise, noise * placeOfStyle(style(program)));
        }),
    };
  },
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * The reward at `place` of a distribution over bands of [−1, 1], laid one after another from the lowest: `place` runs
 * from 0 to the sum of the shares. Where in the band, `inBand` says; without it, as far as `place` has come in it.
 */
function within(bands: readonly number[], place: number, inBand?: () => number): number {
  const width = 2 / bands.length;
  let left = place;
  let last = 0;
  for (let band = 0; band < bands.length; band++) {
    if (bands[band] <= 0) continue;
    if (left < bands[band]) return -1 + width * (band + (inBand ? inBand() : left / bands[band]));
    left -= bands[band];
    last = band;
  }
  // Rounding alone leads here: the place is the end of the last band.
  return -1 + width * (last + (inBand ? inBand() : 1));
}
