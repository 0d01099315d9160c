/** Lesson 14: noise before training, and what it leaves behind in a reward model. */
import { percent } from '../core/numberText.ts';
import { lesson, type Source } from './frame/lesson.ts';
import { armNamed, values } from './frame/readPage.ts';

const noiseMaskPaper: Source = {
  text: 'Policy Gradient-Driven Noise Mask',
  url: 'https://arxiv.org/abs/2406.14568',
};
export const noiseMask = lesson('noise-mask', [
  {
    title: 'A model that is made to squint',
    open: 'open=training',
    look: 'panel-training',
    text: [
      'Before a model reads anything, each token becomes a list of numbers, its embedding. ((pre-heating|Pre-heating)) multiplies these numbers by factors between 0 and 1 for the first part of training. Then the factors are dropped, and training goes on as usual.',
      'The hope: a model that had to do with half-seen tokens leans less on any one of them.',
      'In [[panel-training|Train models here]] that is *Noise before training*: none, dropout (a factor is 0 or 1), fixed Beta noise (every factor from one distribution), or a learned mask.',
    ],
  },
  {
    title: 'A policy that chooses the noise',
    look: 'panel-training',
    formula: 'noiseMask',
    text: [
      {
        from: 'paper',
        text: 'A small network reads an image and gives α and β of a Beta distribution for every cell of a 64 × 64 grid, mixed with a running base. A mask is drawn, blurred, and multiplied with the image.',
      },
      {
        from: 'here',
        text: 'Tokens stand where the pixels are: four factors each, one for each quarter of the embedding. A table of token embeddings and the mean over the request stand where a ResNet is. The mask leaves the positions alone and is not blurred.',
      },
      'A draw has no gradient, so the policy learns as yours does: by the reward, with REINFORCE. Its reward is minus the loss of the model under the mask.',
    ],
    sources: [noiseMaskPaper],
  },
  {
    title: 'One loss or two',
    look: 'panel-training',
    predict: {
      question:
        'The authors’ code multiplies the model’s loss by log Σ p(mask), summed over all cells, and goes down. Over 4,096 cells the logarithm is positive. What happens when there are few cells, all with densities below one?',
      options: [
        'The model learns a little more slowly',
        'The logarithm is negative, and the model climbs its own loss',
        'Nothing: a factor never changes a direction',
      ],
      answer: 1,
      because:
        'A factor below zero turns the gradient round. A sentence has few cells, so this laboratory keeps the two apart: the model goes down its loss, and the policy climbs the reward −loss, less a running mean.',
    },
    text: [
      'The part for the policy is the same either way: a mask under which the loss was high becomes less likely.',
      {
        from: 'here',
        text: 'Each sequence has a reward of its own. In the authors’ code one mean stands for the whole batch, so no mask is praised or blamed for itself.',
      },
    ],
    sources: [noiseMaskPaper],
  },
  {
    title: 'Watch it learn',
    open: 'open=training',
    look: 'panel-training',
    text: [
      'Choose *learned mask*. A recorded picture appears at once: every token with the mean of its factors, and the Beta curves of the token that you choose. Press *Train a policy*, and the picture becomes that of your own run, as it trains. *Stop and keep what was learned* ends it at any time.',
      'What the policy finds first is not which words matter but which *parts of the embedding*: all four curves move, and they move for all tokens together.',
    ],
  },
  {
    title: 'A more reliable middle?',
    look: 'panel-training',
    predict: {
      question:
        'Small reward models began under dropout, fixed Beta noise or a learned mask, with as many steps in all as others that did not. Over eight seeds, is their middle more reliable?',
      options: [
        'Yes, under every noise',
        'Yes, under the learned mask alone',
        'No: under none of them, and their ends are worse',
      ],
      answer: 2,
      because:
        'Order in the middle is not told apart from none under fixed Beta noise and the learned mask, and lower under dropout. At the ends, where a reward model knows most, all three are lower.',
    },
    text: [
      'The middle are the six middle tenths of the rewards of held-out programs, the ends the lowest and the highest fifth; what is counted is how often a passing program stands above a failing one. The steps under noise are counted, so that noise buys no further training.',
      {
        from: 'here',
        text: 'Without noise the middle is ordered rightly in 53 %, the ends in 64 %; under the learned mask in 51 % and 52 %. These models learned from 160 prompts, with about fifty steps of pre-heating, in which the mask hardly moved. Longer training may tell another story: `npm run preparations` asks it again, and docs/preparations.md has every interval.',
      },
      'Noise that is not paid for by further training has to earn its steps first. Here it did not.',
    ],
  },
  {
    title: 'Does PPO notice?',
    open: 'preset=pre-heated&open=',
    look: 'metric-heldPass',
    text: [
      'The page ships four reward models of one recipe, from the same 13,189 pairs: one as usual, and three that were begun under noise. In each of the four arms PPO learns from one of them, and everything else is the same.',
      {
        from: 'here',
        text: 'They order 77 % of held-out pairs as execution does without noise, 70 % after dropout, 74 % after fixed Beta noise and 77 % after the learned mask. In the recorded run, one seed, the pass rate begins at 39 % and ends at 62 %, 54 %, 58 % and 59 %. With more pairs than the small models of the step before had, the learned mask costs little. It gains nothing.',
      },
      'Whatever noise did to a reward model, PPO learns from its *order* of five programs for one request. Compare the [[metric-heldPass|held-out pass rates]] with the reward that each arm is paid.',
    ],
    live: (state) => {
      const ends = ['no noise', 'dropout', 'fixed Beta', 'learned mask'].map(
        (name) => [name, values(armNamed(state, name), 'heldPass')] as const,
      );
      if (ends.some(([, list]) => list.length < 2)) return null;
      return `Held-out pass rate on this page, one seed, first and last look: ${ends.map(([name, list]) => `${name} ${percent(list[0])} to ${percent(list.at(-1)!)}`).join(', ')}.`;
    },
    holds: {
      what: 'the arms differ in their reward model',
      test: ({ arms }) =>
        arms.map(({ settings }) => settings.reward.rewardModel).join() ===
        'strong,strong-dropout,strong-beta,strong-mask',
    },
  },
]);
