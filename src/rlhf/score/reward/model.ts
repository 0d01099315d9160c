/** The reward of a trained model. */
import type { Transformer } from '../../../nn/model/transformer.ts';
import { type Nn, type Reward, reward } from '../../slots.ts';

/** Steepness of the squashing and of the preference: an informative reward fills [−1, 1] after a few steps. */
export const steepness = 3;

export const model = reward({
  id: 'model',
  label: 'Learned model',
  short: 'trained on pairs',
  what: 'A reward model trained on pairs of programs.',
  source: { arxiv: '2409.06957', where: 'section 3.1, equations 1 and 2' },
  formula: 'r = tanh(3 · mean of the scalar head over the program’s tokens)',
  cost: 'one pass of the reward model over each response',
  knobs: {
    rewardModel: {
      kind: 'choice',
      label: 'Reward model',
      initial: 'strong',
      what: 'Which trained reward model grades the programs.',
      expect:
        'The weak one saw few labelled pairs and is easier to fool. The careless one has learned a taste beside the truth. Those that began under noise know less than the strong one, or as much.',
      options: [
        { value: 'strong', label: 'strong', what: '2,000 prompts, all differing pairs.' },
        { value: 'weak', label: 'weak', what: '400 prompts, one pair each by maximum edit distance.' },
        {
          value: 'careless',
          label: 'careless',
          what: 'The strong one’s programs, labelled by style where scores differ by less than a half.',
        },
        {
          value: 'strong-dropout',
          label: 'strong, dropout',
          what: 'The strong one’s recipe; parts of the token embeddings were left out in the first 40 % of its steps.',
        },
        {
          value: 'strong-beta',
          label: 'strong, fixed Beta',
          what: 'The same under factors from one Beta distribution.',
        },
        {
          value: 'strong-mask',
          label: 'strong, learned mask',
          what: 'The same under a mask that a small policy learned to draw.',
        },
      ],
    },
  },
  models: ({ rewardModel }) => [rewardModel],
  open: ({ nn, models }, { rewardModel }) => openModel(nn, models[rewardModel]),
});

export const openModel = (nn: Nn, network: Transformer): Reward => ({
  needsVerdicts: false,
  passes: (rows) => rows,
  grade: ({ batch }) => nn.tf.tidy(() => nn.pooledReward(nn.scalars(network, batch), batch.host, steepness)),
});
