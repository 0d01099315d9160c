/** The policy writes as it is: N independent responses to each prompt. */
import { hash32 } from '../../../core/random.ts';
import { responsesOf } from '../../loop/responses.ts';
import { decode } from '../../slots.ts';

export const plain = decode({
  id: 'plain',
  label: 'Plain sampling',
  short: 'token by token',
  what: 'The policy writes N independent responses to each prompt, token by token.',
  source: { arxiv: '2409.06957', where: 'Algorithm 2' },
  formula: 'y ~ π(· | x)',
  cost: 'one forward pass per token',
  knobs: {
    temperature: {
      kind: 'number',
      label: 'Temperature',
      min: 0.05,
      max: 3,
      step: 0.05,
      initial: 1,
      what: 'Randomness of sampling.',
      expect: 'More varied, more broken programs.',
    },
    topP: {
      kind: 'number',
      label: 'Top-p',
      min: 0.05,
      max: 1,
      step: 0.05,
      initial: 1,
      what: 'Sample only from the most likely tokens that make up this share of probability.',
      expect: '1 samples from the policy itself, which is what PPO assumes.',
    },
  },
  byReference: false,
  revisits: (iteration) => iteration,
  async write({ nn, seed, tasks }, { networks }, { chosen, perPrompt, iteration }, { temperature, topP }) {
    const rollouts = await nn.generate(networks.policy.model, {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: perPrompt,
      temperature,
      topP,
      seed: hash32(seed, 'sampling'),
      streamId: iteration,
    });
    return responsesOf(rollouts, tasks, chosen, perPrompt);
  },
});
