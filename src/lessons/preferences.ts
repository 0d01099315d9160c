/** Lesson 7: learning from which of two is better, from the loss to the store that goes stale. */
import { fixed, percent } from '../core/numberText.ts';
import { lesson, paper, type Source } from './frame/lesson.ts';
import { armNamed, newest, values } from './frame/readPage.ts';

const dpoPaper: Source = {
  text: 'Rafailov et al., Direct Preference Optimization: Your Language Model is Secretly a Reward Model',
  url: 'https://arxiv.org/abs/2305.18290',
};

export const preferences = lesson('preferences', [
  {
    title: 'Two answers, no number',
    open: 'preset=table-2&open=',
    look: 'arms',
    text: [
      'PPO asks *how good* an answer is. People find it easier to say *which of two* is better, and a whole family of methods learns from that alone: no critic, no advantage, no reward in the loss.',
      'Here the same reward model says which of two programs is better, so that all arms know as much as each other. What differs is what they make of it.',
    ],
    holds: {
      what: 'methods of all families stand side by side',
      test: (state) => ['RAFT', 'DPO', 'PPO-M'].every((name) => armNamed(state, name) !== undefined),
    },
  },
  {
    title: 'The policy as its own reward model',
    look: 'station-update',
    predict: {
      question: 'Before the first step policy and reference are the same. What is the loss of DPO then?',
      options: ['0', 'log 2, about 0.69', 'It depends on the pairs'],
      answer: 1,
      because:
        'Both log-ratios are 0, so their difference is, and −log σ(0) = log 2, whatever the pairs are. A loss of 0.69 at the start is no sign of trouble.',
    },
    text: [
      'DPO raises log π/π_ref of the better program above that of the worse. A pair that is far apart already hardly counts: the sigmoid has had enough.',
      'Nothing in it says that the better program becomes *likelier*. The margin can grow while both become less likely, the worse one faster. Compare the two log-probabilities among the update’s numbers.',
    ],
    formula: 'dpo',
    live: (state) => {
      const [loss, margin] = [
        newest(armNamed(state, 'DPO'), 'policyLoss'),
        newest(armNamed(state, 'DPO'), 'pairMargin'),
      ];
      return loss === undefined || margin === undefined
        ? null
        : `In DPO’s newest iteration the loss is ${fixed(loss)} and the better program is ${fixed(margin)} nats ahead.`;
    },
    sources: [dpoPaper],
  },
  {
    title: 'What was written once',
    look: 'curves',
    predict: {
      question:
        'An arm with a store learns from what the *starting* policy wrote. What becomes of those programs while it trains?',
      options: [
        'They stay typical of what it writes',
        'They become less and less like what it writes now',
        'They are written anew',
      ],
      answer: 1,
      because:
        'The policy moves, the store does not. It goes on being told about mistakes that it no longer makes, and hears nothing about those that it makes now.',
    },
    text: [
      'DPO and KTO here are *offline*: the reference writes for the first ten iterations, and later ones learn from the same programs again. Their samples cost nothing any more; set the axis to samples and see their curves end.',
      'Iterative-DPO begins a new round every ten iterations: the policy becomes the reference and fills a store of its own. Online DPO writes anew each time: the same loss, another *decoding*. You can make each from the other in the settings, at the station *Sample*.',
    ],
    live: (state) => {
      const [offline, rounds] = [
        newest(armNamed(state, 'DPO'), 'samples'),
        newest(armNamed(state, 'Iterative-DPO'), 'samples'),
      ];
      return offline === undefined || rounds === undefined
        ? null
        : `So far DPO has paid for ${offline} programs, Iterative-DPO for ${rounds}.`;
    },
  },
  {
    title: 'A group without contrast',
    look: 'station-filter',
    predict: {
      question:
        'All programs to a prompt get the same reward. What does a pair, a group’s advantage, or a rank teach?',
      options: ['Nothing', 'That all are good', 'That all are bad'],
      answer: 0,
      because:
        'None is better than another. The pair does not exist, the advantages are 0, the ranks are ties. The prompt has cost its samples and teaches nothing.',
    },
    text: [
      'Pairs come from the filter: the best and the worst of each prompt, the two that differ most in their words, or everything that was kept, each with each. So every filter is also a way of making pairs.',
      'The update reports how many prompts had no contrast. Dynamic sampling replaces them; a filter of prompts leaves them out.',
    ],
    live: (state) => {
      const flat = newest(armNamed(state, 'Iterative-DPO'), 'flatPrompts');
      return flat === undefined
        ? null
        : `In Iterative-DPO’s newest iteration ${percent(flat)} of the prompts had no contrast among what was kept.`;
    },
  },
  {
    title: 'One map for all of them',
    open: 'preset=table-2&open=atlas',
    look: 'panel-atlas',
    text: [
      'What tells these methods apart fits on a map of thirteen directions: is there a reward of its own, pair or list, with a reference or without, once or in rounds. Choose two in the [[panel-atlas|atlas]] and read their formulas side by side.',
      'Most differ in one place only: a margin, a length, a penalty where the better answer becomes less likely.',
    ],
  },
  {
    title: 'What came out',
    open: 'preset=table-2&open=',
    look: 'curves',
    text: [
      {
        from: 'paper',
        text: 'In Table 2 of the paper, on HumanEval, DPO, IPO and KTO reach 78.4, 78.2 and 77.9, Iterative-DPO 78.1, RAFT 76.9 and BOND 80.8, where PPO-M has 80.2 and PF-PPO with BR 82.9. No intervals are given.',
      },
      {
        from: 'here',
        text: 'The curves are one run with one seed. Look at them against iterations, samples and update tokens before you call one of them better.',
      },
    ],
    live: (state) => {
      const [start, ...ends] = ['RAFT', 'DPO', 'PPO-M', 'BW'].map((name) =>
        values(armNamed(state, name), 'heldPass').at(-1),
      );
      if (start === undefined || ends.some((end) => end === undefined)) return null;
      const [dpo, ppo, bw] = ends as number[];
      return `At the newest look RAFT passes ${percent(start)} of the held-out problems, DPO ${percent(dpo)}, PPO-M ${percent(ppo)}, BW ${percent(bw)}.`;
    },
    sources: [paper],
  },
]);
