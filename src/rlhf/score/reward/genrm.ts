/** The reward of a model that compares a program with an anchor, in both orders. */
import type { Transformer } from '../../../nn/model/transformer.ts';
import { type Nn, type Reward, type RewardLook, reward } from '../../slots.ts';
import { comparison } from '../comparison.ts';
import { BestOfStart } from './bestOfStart.ts';
import { steepness } from './model.ts';

/** Comparisons that are read in one go, so that a look at all held-out problems fits into memory. */
const atOnce = 256;

const anchors = [
  {
    value: 'truth',
    label: 'the ground truth',
    what: 'The reference program, which passes every test: no program can be better.',
  },
  {
    value: 'sft-best',
    label: 'the best of the start',
    what: 'Of N programs that the starting policy writes for the same prompt, the one that the strong reward model likes best. It may fail.',
  },
] as const;
export type Anchor = (typeof anchors)[number]['value'];

export const genrm = reward({
  id: 'genrm',
  label: 'GenRM',
  short: 'compares with an anchor',
  what: 'A transformer that reads the request, an anchor program and the candidate, and says which is better, in both orders.',
  source: {
    arxiv: '2503.22230',
    where:
      'section 3: a generative reward model with a reference; the formula and a small transformer for a language model are a construction of this project',
  },
  formula: 's = ½ [P(A ≻ anchor | A first) + P(A ≻ anchor | A second)],  r = 2 s − 1',
  cost: 'two passes over each response, each with an anchor beside it; anchored by the start, N programs of the starting policy for each problem, once, before its first response',
  knobs: {
    anchor: {
      kind: 'choice',
      label: 'Anchor',
      initial: 'truth',
      what: 'What each program is compared with.',
      expect:
        'Anchored by the ground truth, a look at a right answer; anchored by the start, only at a likely one.',
      options: anchors,
    },
    anchorSamples: {
      kind: 'integer',
      label: 'Programs per anchor (N)',
      min: 1,
      max: 16,
      step: 1,
      initial: 5,
      what: 'Of how many programs of the starting policy the anchor is the best. Without effect where the anchor is the ground truth.',
      expect: 'A better anchor, as long as the reward model that chooses it is not fooled.',
    },
  },
  models: ({ anchor }) => modelsOfGenrm(anchor),
  open: ({ nn, seed, models }, { anchor, anchorSamples }) =>
    openGenrm({ nn, seed, models }, anchor, anchorSamples),
});

/** The models that it reads. Where the anchor is the start's, the strong reward model chooses among the policy's programs. */
export const modelsOfGenrm = (anchor: Anchor): readonly string[] =>
  anchor === 'truth' ? ['genrm'] : ['genrm', 'strong', 'policy'];

export function openGenrm(
  { nn, seed, models }: { nn: Nn; seed: number; models: Readonly<Record<string, Transformer>> },
  anchor: Anchor,
  samples: number,
): Reward {
  const best = anchor === 'truth' ? null : new BestOfStart(nn, models.policy, models.strong, samples, seed);
  return {
    needsVerdicts: false,
    passes: (rows) => 2 * rows,
    ...(best && { prepare: (look: RewardLook) => best.prepare(look) }),
    grade: (look) =>
      compare(nn, models.genrm, look, (row) => best?.anchor(look.problems[row].id) ?? look.reference(row)),
  };
}

/** r = 2 s − 1 of each response, [B]. With s = ½ (p + 1 − q) and p = ½ (1 + tanh(½ log-odds)), it is half a difference of tanhs. */
function compare(
  nn: Nn,
  model: Transformer,
  { batch }: RewardLook,
  anchor: (row: number) => ArrayLike<number>,
) {
  const { sequences, starts, promptLengths, tokens } = batch.host;
  const positions = model.config.maxLength;
  const programs = Array.from({ length: sequences }, (_, row) => {
    const code = starts[row] + promptLengths[row];
    return [tokens.subarray(starts[row], code), tokens.subarray(code, starts[row + 1])] as const;
  });
  const rows = [
    ...programs.map(([request, program], row) => comparison(request, program, anchor(row), positions)),
    ...programs.map(([request, program], row) => comparison(request, anchor(row), program, positions)),
  ];
  return nn.tf.tidy(() => {
    const preferences = [];
    for (let from = 0; from < rows.length; from += atOnce) {
      const some = nn.upload(nn.packSequences(rows.slice(from, from + atOnce)));
      preferences.push(nn.pooledReward(nn.scalars(model, some), some.host, steepness / 2));
      some.dispose();
    }
    const all = nn.tf.concat(preferences) as ReturnType<typeof nn.pooledReward>;
    const read = (from: number) => nn.tf.slice1d(all, from, sequences);
    return nn.tf.mul(nn.tf.sub(read(0), read(sequences)), 0.5) as typeof all;
  });
}
