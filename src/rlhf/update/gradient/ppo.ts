/** Proximal policy optimisation with a critic, as the paper trains. */
import { explainedVariance, gae, tokenRewards, whiten } from '../../../core/advantage.ts';
import { update } from '../../slots.ts';
import { discount } from './discount.ts';
import { approxKl, clip, clipFraction } from './ratio.ts';

export const ppo = update({
  id: 'ppo',
  label: 'PPO',
  short: 'clipped steps, with a critic',
  what: 'A critic says what was to be expected; each token becomes likelier when its program did better, within a clip.',
  source: {
    arxiv: '1707.06347',
    where: 'equation 7; with the token rewards of arXiv 2409.06957, equation 4',
  },
  formula: '−min(ρ Â, clip(ρ, 1 − ε, 1 + ε) Â), ρ = π/π_old',
  cost: 'a pass of the critic over each response; forward and backward passes of policy and critic over what was kept',
  priced: true,
  compares: false,
  knobs: {
    clip,
    criticLearningRate: {
      kind: 'number',
      label: 'Critic learning rate',
      min: 1e-6,
      max: 1e-1,
      step: 1e-5,
      initial: 1e-3,
      log: true,
      what: 'Step size of the critic.',
      expect: 'A critic that follows the reward sooner, or overshoots.',
    },
    valueClip: {
      kind: 'number',
      label: 'Value clip',
      min: 0.01,
      max: 10,
      step: 0.01,
      initial: 0.2,
      what: 'How far one update may move a value.',
      expect: 'A critic that moves faster.',
    },
    gamma: discount,
    lambda: {
      kind: 'number',
      label: 'GAE lambda',
      min: 0,
      max: 1,
      step: 0.01,
      initial: 0.95,
      what: 'Between trusting the critic (0) and the observed reward (1).',
      expect: 'Less bias, more noise.',
    },
  },
  metrics: {
    explainedVariance: {
      group: 'update',
      label: 'Critic explained variance',
      unit: '',
      digits: 3,
      what: 'Share of the variance of returns that the critic predicts.',
      formula: '1 − Var(R − V) / Var(R)',
    },
    ...clipFraction,
    ...approxKl,
    valueLoss: {
      group: 'update',
      label: 'Value loss',
      unit: '',
      digits: 4,
      what: 'Clipped squared error of the critic.',
      formula: 'mean ½ max((V − R)², (V_clip − R)²)',
    },
    criticGradNorm: {
      group: 'update',
      label: 'Critic gradient norm',
      unit: '',
      digits: 3,
      what: 'Norm of the critic gradient before clipping, mean over steps.',
      formula: '‖g‖₂',
    },
  },

  networks: ({ criticLearningRate }) => ({
    critic: { from: 'reward', learningRate: criticLearningRate, loss: 'valueLoss' },
  }),

  examples({ logProb, refLogProb, starts, standardised, beta, values }, kept, { gamma, lambda }) {
    // Equation 4 of the paper: the normalised reward at the last token, minus beta times the KL of every token.
    const rewards = tokenRewards({ logProb, refLogProb, starts, score: standardised, beta });
    const { advantages, returns } = gae({ rewards, values: values.critic, starts, gamma, lambda });
    return {
      rows: Array.from(kept, (row) => [row]),
      perToken: {
        logProb,
        // Over the whole buffer and before any filtering, as the authors' code does.
        advantage: whiten(advantages),
        value: values.critic,
        returns,
      },
      metrics: { explainedVariance: explainedVariance(values.critic, returns) },
    };
  },

  losses: {
    // Filtered samples are treated as if the policy itself had drawn them: no importance correction (section 4).
    policy({ clippedPolicyLoss }, { now, old }, knobs) {
      const { loss, ...watch } = clippedPolicyLoss(now, old.logProb, old.advantage, knobs.clip);
      return { loss, watch };
    },
    critic: ({ clippedValueLoss }, { now, old }, { valueClip }) => ({
      loss: clippedValueLoss(now, old.value, old.returns, valueClip),
    }),
  },
});
