/** Lesson 3: the winner’s luck, and what is lost with the losers. */
import { fixed, percent } from '../core/numberText.ts';
import { lesson, paper } from './frame/lesson.ts';
import { armNamed, newest, values } from './frame/readPage.ts';

export const bestOfN = lesson('best-of-n', [
  {
    title: 'The obvious filter',
    open: 'preset=best-of-n&open=',
    look: 'station-filter',
    text: [
      'Five programs, one reward each. Why not learn only from the best? That is the filter ((bon|BoN)), best of N, beside PPO-M, which learns from all five.',
      'Choosing the best of several answers *when answering* works well in practice. Here it is something else: the only thing that training gets to see.',
    ],
    holds: {
      what: 'PPO-M and BoN stand side by side',
      test: (state) => armNamed(state, 'PPO-M') !== undefined && armNamed(state, 'BoN') !== undefined,
    },
  },
  {
    title: 'The winner’s luck',
    look: 'strips',
    predict: {
      question:
        'The reward is truth plus error. Of five programs, the one with the highest reward is taken. What do you know of its error?',
      options: [
        'Nothing: errors are as often up as down',
        'It is probably upwards',
        'It is probably downwards',
      ],
      answer: 1,
      because:
        'Errors are as often up as down over all programs, but not among winners: being overrated helps to win. The more programs compete, the more the winner owes to its error.',
    },
    text: [
      'A program can win because it is good, or because the reward model errs in its favour. Choosing the maximum favours both. Economists call it the winner’s curse.',
      'So BoN collects exactly the programs about which the reward model errs upwards, and the policy learns to write more of them.',
    ],
    formula: 'winner',
    live: (state) => {
      const [all, kept] = [
        newest(armNamed(state, 'BoN'), 'rewardPi'),
        newest(armNamed(state, 'BoN'), 'rewardMu'),
      ];
      return all === undefined || kept === undefined
        ? null
        : `In BoN’s newest iteration the mean reward is ${fixed(all)} over everything sampled and ${fixed(kept)} over what was kept.`;
    },
  },
  {
    title: 'Nothing bad to learn from',
    look: 'station-update',
    text: [
      'PPO learns from contrast: this program did better than expected, that one worse. The *advantage* of a token is positive or negative, and both teach.',
      'Keep only winners, and nearly everything that the policy sees is good. It is told what to do more often and hardly ever what to avoid.',
      {
        from: 'paper',
        text: 'The paper gives this as the reason for BoN’s poor results: reinforcement learning needs bad samples for contrast.',
      },
    ],
    sources: [paper],
  },
  {
    title: 'What came out',
    look: 'curves',
    predict: {
      question: 'In the paper, on HumanEval: where does PF-PPO with BoN finish?',
      options: ['Above PPO-M', 'Between the fine-tuned start and PPO-M', 'Below the fine-tuned start'],
      answer: 1,
      because: 'pass@1: 74.2 at the start (SFT), 75.8 with BoN, 80.2 with PPO-M (Table 2 of the paper).',
    },
    text: [
      {
        from: 'paper',
        text: 'PF-PPO with BoN is the weakest of the reinforcement learning methods in Table 2, on all three benchmarks: 75.8 on HumanEval, 71.7 on MBPP and 16.8 on LeetCode, where PPO-M has 80.2, 75.0 and 29.8.',
      },
      {
        from: 'here',
        text: 'The [[curves|curves]] are one run with one seed: look at both lines and at their bands before judging. What several seeds allow to be said stands below.',
      },
    ],
    results: true,
    live: (state) => {
      const [ppo, bon] = ['PPO-M', 'BoN'].map((name) => values(armNamed(state, name), 'heldPass').at(-1));
      return ppo === undefined || bon === undefined
        ? null
        : `Last look on this page, one seed: held-out pass rate ${percent(ppo)} for PPO-M, ${percent(bon)} for BoN.`;
    },
    sources: [{ ...paper, text: `${paper.text}, Table 2` }],
  },
  {
    title: 'To take along',
    text: [
      'Selecting by a noisy measure selects noise too, and the harder the selection, the more of it.',
      'A filter should keep something to contrast the winners with. Which something? Any other program, or the worst one: the next lesson.',
    ],
  },
]);
