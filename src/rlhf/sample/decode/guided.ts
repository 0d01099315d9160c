/**
 * Value guidance: a value network says of every next token how likely success is once it is written, and the draw leans
 * that way. The policy itself stays as it is.
 */
import type { GuideRule } from '../../../core/decoding/guidance.ts';
import { hash32 } from '../../../core/random.ts';
import { responsesOf } from '../../loop/responses.ts';
import { decode } from '../../slots.ts';
import { plain } from './plain.ts';

/** What a value network says of each next token: the odds that all tests pass, or a histogram of their share. */
export type Values = 'pass' | 'share';
/** The model that says it. */
export const networkOf = (values: Values) => (values === 'share' ? 'histogram' : 'value');

export const guided = decode({
  id: 'guided',
  label: 'Value guidance (Q#, CD)',
  short: 'steered, not trained',
  what: 'A value network, trained on what became of rollouts, re-weights the policy’s likely tokens at every draw.',
  source: {
    arxiv: '2502.20548',
    where:
      'equation 5; CD: arXiv 2310.17022. Log-odds of all tokens from one vocabulary head, for the cost of one more network',
  },
  formula:
    'π(y|x) ∝ π_θ(y|x) · E[e^(r/η)], offset ln(1 + p(e^(1/η) − 1)), or ln Σ p_k e^(k/10η) over a histogram; CD: E[r]/η',
  cost: 'one more forward pass per token, of the value network',
  knobs: {
    rule: {
      kind: 'choice',
      label: 'Offset',
      initial: 'q-sharp',
      what: 'What is added to the logit of a token with probability p of success.',
      expect: 'Q# is the optimum of reward minus η times KL; CD leans to what succeeds on average.',
      options: [
        { value: 'q-sharp', label: 'Q#', what: 'ln(1 + p(e^(1/η) − 1))' },
        { value: 'cd', label: 'CD', what: 'p/η, after controlled decoding.' },
      ],
    },
    values: {
      kind: 'choice',
      label: 'Value network',
      initial: 'pass',
      what: 'What the value network says of a token: how likely all tests pass, or how the share of tests is distributed over 11 bins.',
      expect: 'The reward of guidance is the share of tests then: a near miss counts, too.',
      options: [
        { value: 'pass', label: 'pass or fail', what: 'One probability, learned by binary cross-entropy.' },
        {
          value: 'share',
          label: 'histogram of tests',
          what: 'Eleven bins, learned by cross-entropy; E over the bins.',
        },
      ],
    },
    eta: {
      kind: 'number',
      label: 'η of guidance',
      min: 0.02,
      max: 20,
      step: 0.01,
      initial: 0.2,
      log: true,
      what: 'How dear it is to move away from the policy; some scripts of the paper call 1/η eta.',
      expect: 'Less guidance; the largest leaves the policy nearly as it is.',
    },
    candidates: {
      kind: 'integer',
      label: 'Candidates',
      min: 1,
      max: 512,
      step: 1,
      initial: 20,
      what: 'How many of the policy’s most likely tokens are re-weighted; the others keep their logit.',
      expect: 'Rarer tokens are raised too, of which the value network has seen little.',
    },
    ...plain.knobs,
  },
  byReference: false,
  revisits: (iteration) => iteration,
  models: ({ values }) => [networkOf(values)],
  guide: (models, { rule, values, eta, candidates }) => ({
    model: models[networkOf(values)],
    rule: rule as GuideRule,
    inverse: 1 / eta,
    candidates,
  }),
  async write({ nn, seed, tasks, models, methods }, { networks }, asked, knobs) {
    const { chosen, perPrompt, iteration } = asked;
    const rollouts = await nn.generate(networks.policy.model, {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: perPrompt,
      temperature: knobs.temperature,
      topP: knobs.topP,
      seed: hash32(seed, 'sampling'),
      streamId: iteration,
      guide: methods.decode.guide!(models, knobs),
    });
    return responsesOf(rollouts, tasks, chosen, perPrompt);
  },
});
