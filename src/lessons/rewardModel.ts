/** Lesson 2: reliability, and what chance alone draws. */
import { percent } from '../core/numberText.ts';
import { lesson, paper } from './frame/lesson.ts';
import { passByEnds } from './frame/readPage.ts';

export const rewardModel = lesson('reward-model', [
  {
    title: 'A grade without a test',
    open: 'open=&at=1',
    text: [
      'A ((reward-model|reward model)) learns from comparisons. It is shown two programs for one request, told which is better, and adjusted until the better one gets the higher reward. The formula is the Bradley-Terry model: the larger the difference in reward, the surer the preference.',
      {
        from: 'paper',
        text: 'The reward model starts from the fine-tuned policy with one more output layer, and gives rewards between −1 and 1.',
      },
      {
        from: 'here',
        text: 'The same, at our scale: pairs of the policy’s own programs, ordered by how many tests they pass. The reward is the tanh of three times the mean over the program’s tokens.',
      },
      'Nothing in this asks that 0.8 be twice as good as 0.4, or that the same difference mean the same everywhere.',
    ],
    formula: 'bradleyTerry',
    sources: [{ ...paper, text: `${paper.text}, equations 1 and 2` }],
  },
  {
    title: 'Look at the grades',
    look: 'strips',
    text: [
      'The [[strips|rank strips]] show each request’s programs from the highest reward to the lowest. Their colour is the truth.',
      'If the reward model were perfect, all passing programs would stand on one side. Look for lines where they do not, and choose a failing program near the top: what did the reward model like about it?',
    ],
    predict: {
      question:
        'Over the whole recorded run: how often does the program with the highest reward of its group pass?',
      options: [
        'Nearly always',
        'More often than the one with the lowest reward, but far from always',
        'No more often than the one with the lowest',
      ],
      answer: 1,
      because:
        'The numbers are below, counted from the programs of the first arm that this page holds. The policy itself improves during the run, so they mix early and late iterations.',
    },
    live: ({ arms }) => {
      const ends = passByEnds(arms[0]);
      return (
        ends &&
        `Of ${ends.groups} groups, the program with the highest reward passes in ${percent(ends.top)}, the one with the lowest in ${percent(ends.bottom)}.`
      );
    },
    holds: {
      whole: true,
      what: 'the highest reward passes more often than the lowest, and not always',
      test: ({ arms }) => {
        const ends = passByEnds(arms[0]);
        return ends !== null && ends.top > ends.bottom && ends.top < 0.95;
      },
    },
  },
  {
    title: 'Ten lines',
    open: 'open=filters',
    look: 'ten-lines',
    text: [
      {
        from: 'paper',
        text: 'Figure 1 of the paper groups responses of similar reward and plots the mean score of each group; this is repeated ten times, with ten responses to each of 164 prompts of HumanEval, for ten lines. The lines agree at high and at low reward and spread out in between. Where they agree, the paper calls the reward model reliable.',
      },
      'The [[ten-lines|same picture]] from the responses on this page: they are dealt out to ten lines at random. The [[filter-lab|filter lab]] around it is where filters are tried on them.',
    ],
    sources: [{ ...paper, text: `${paper.text}, Figure 1` }],
  },
  {
    title: 'What chance alone draws',
    look: 'ten-lines',
    predict: {
      question:
        'Two coins, one that falls heads 95 times in 100, one 50 times in 100. Each is thrown ten times, again and again. Whose average jumps about more?',
      options: ['The 95 % coin', 'The 50 % coin', 'Both the same'],
      answer: 1,
      because:
        'The spread of an average of n throws is √(p(1 − p)/n): largest at one half, and small near 0 and near 1. No coin is more reliable than the other.',
    },
    text: [
      'A group’s mean score is such an average. Where nearly all programs fail, or nearly all pass, ten lines agree *even if the reward says nothing at all within that band*.',
      'The shaded band in the [[ten-lines|figure]] is what chance alone gives. Lines that fill the band and no more are no evidence about the reward model; the strip below it compares the two spreads.',
      {
        from: 'here',
        text: 'At our scale the spread is about what chance predicts. The reward model is surest at the bottom: it recognises bad code better than good code.',
      },
    ],
    formula: 'chance',
  },
  {
    title: 'Place the errors yourself',
    open: 'preset=unreliable-middle&open=settings',
    look: 'presets',
    text: [
      'To know what an unreliable region does, one must be able to make one. The preset *Unreliable middle* replaces the reward model by a ((synthetic|synthetic reward)): the true score, except that four programs of five get a meaningless reward in the middle of the scale.',
      'Under *Reward* in the settings you can draw where the noise lies, bar by bar. The same program always gets the same noise, as from a reward model that is wrong in the same way every time.',
      {
        from: 'here',
        text: 'Numbers that come from a synthetic reward are labelled as such wherever they appear.',
      },
    ],
    holds: {
      what: 'every arm of the preset has a synthetic reward',
      test: ({ arms }) =>
        arms.length === 3 && arms.every((arm) => arm.settings.reward.method === 'synthetic'),
    },
  },
  {
    title: 'To take along',
    text: [
      'A reward model orders programs more often right than wrong, and not equally well everywhere.',
      'Before believing that it is *reliable* somewhere, ask what chance alone would have drawn there.',
      'And ask at which end it is reliable. A filter that leans on the end where the reward model errs learns its errors: that is the next lesson.',
    ],
  },
]);
