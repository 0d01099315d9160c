/** The true score seen through a reliability curve that a person draws. */
import { fixed, short } from '../../../core/numberText.ts';
import { hash32, stream } from '../../../core/random.ts';
import { reward } from '../../slots.ts';

export const synthetic = reward({
  id: 'synthetic',
  label: 'Synthetic',
  short: 'errors where you draw them',
  what: 'The true score seen through a reliability curve that you draw.',
  source: { where: 'a construction of this project, after Figure 1 of arXiv 2409.06957' },
  formula:
    'r ~ U(0.8, 1) if s = 1, U(−1, −0.8) if not; a share nᵢ of all programs gets r ~ U(band i) whatever s',
  cost: 'the judge answers before the update instead of beside it',
  knobs: {
    syntheticNoise: {
      kind: 'numbers',
      label: 'Noise by reward band',
      min: 0,
      max: 1,
      maxCount: 10,
      initial: [0, 0, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0.4 / 3, 0, 0],
      what: 'Synthetic reward: the share of all programs that get a meaningless reward in each tenth of [−1, 1].',
      expect: 'The reward says less about the truth in that band.',
      bar(index, count) {
        const edge = (place: number) => fixed(-1 + (2 * place) / count, 1);
        return {
          short: edge(index),
          long: `Share of programs with a meaningless reward between ${edge(index)} and ${edge(index + 1)}`,
        };
      },
    },
    syntheticFresh: {
      kind: 'toggle',
      label: 'Fresh noise each time',
      initial: false,
      what: 'Synthetic reward: draw the noise anew for each sample instead of once per program.',
      expect: 'Noise that averages out instead of errors that can be exploited.',
    },
  },
  conflicts({ syntheticNoise }) {
    const noise = syntheticNoise.reduce((sum, share) => sum + share, 0);
    if (noise <= 1 + 1e-9) return [];
    return [
      {
        path: 'reward.syntheticNoise',
        message: `syntheticNoise must add up to at most 1 (all programs), and adds up to ${short(noise, 3)}.`,
        repair: { 'reward.syntheticNoise': syntheticNoise.map((share) => share / noise) },
      },
    ];
  },
  models: () => [],
  /** A program that is not hit by noise is graded truthfully. Noise is drawn once per program unless it is fresh. */
  open({ seed }, { syntheticNoise, syntheticFresh }) {
    const width = 2 / syntheticNoise.length;
    const own = stream(seed, 'synthetic reward').uint32();
    return {
      needsVerdicts: true,
      passes: () => 0,
      grade: ({ programs, problems, look }, verdicts) =>
        Float32Array.from(programs, (program, i) => {
          const path = ['synthetic reward', hash32(problems[i].id), hash32(program)];
          const rng = syntheticFresh ? stream(own, ...path, look, i) : stream(own, ...path);
          let u = rng.uniform();
          for (let band = 0; band < syntheticNoise.length; band++) {
            if (u < syntheticNoise[band]) return -1 + width * (band + rng.uniform());
            u -= syntheticNoise[band];
          }
          const size = 0.8 + 0.2 * rng.uniform();
          return verdicts!.score[i] === 1 ? size : -size;
        }),
    };
  },
});
