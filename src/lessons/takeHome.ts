/** Lesson 8: from one's own rollouts to a filter in one's own trainer. */
import { lesson, paper } from './frame/lesson.ts';

export const takeHome = lesson('take-home', [
  {
    title: 'Bring your rollouts',
    open: 'open=filters',
    look: 'filter-source',
    text: [
      'The [[filter-lab|filter lab]] works on any responses that have a prompt and a reward: those of the run on this page, or [[filter-source|your own]]. Files from verl, TRL, OpenRLHF and others are recognised; anything else can be mapped by hand. They are read in this tab and go nowhere.',
      'If you have none at hand, go on with the run on this page: everything that follows works the same.',
    ],
  },
  {
    title: 'One question that no file answers',
    look: 'filter-source',
    predict: {
      question: 'A verl dump has a column called score. Is it the true score?',
      options: ['Yes, by its name', 'No: it is the reward that was trained on'],
      answer: 1,
      because:
        'In a verl dump score is the reward. The true score must come from something that the policy does not train on: unit tests, exact match, people.',
    },
    text: [
      'Which column is the reward that training maximised, and which, if any, is the truth? Without a true score the lab shows what a filter keeps, and not what that is worth. It says so instead of guessing.',
    ],
  },
  {
    title: 'Look before you filter',
    look: 'ten-lines',
    text: [
      'Read the [[ten-lines|ten lines]] with the band of chance, as in lesson 2. Where does the mean score climb? Where do the lines stay within the band?',
      'Then the figure *Truth by rank*: does the best-ranked response pass more often than the second? If ranks one and two are alike, a filter that lives on the best has nothing to work with. If the last rank is clearly bad, one that uses the worst has.',
    ],
  },
  {
    title: 'Make a filter',
    look: 'filter-editor',
    text: [
      'In the [[filter-editor|editor]], drag the weights of the ranks, or choose thresholds on the reward and drag them in the histogram. The counts beside it follow at once.',
      'The [[decision-table|table]] compares your filter with the standard ones on the same responses, with intervals. Look at *gain* and at *by range alone* before you look at R².',
      {
        from: 'paper',
        text: 'The paper finds filters by rank more robust to the distribution of the rewards than thresholds and powers.',
      },
    ],
    sources: [{ ...paper, text: `${paper.text}, Table 3` }],
  },
  {
    title: 'Try it',
    look: 'filter-editor',
    text: [
      '*Start an arm with this filter* puts it beside the arms of the page, on the same seed. Add ((rand2|Rand2)) with as many kept responses: without that control you will not know what the filter did and what the smaller budget did.',
      'One seed is an anecdote. `npm run experiment` runs several on your machine and writes the table with its intervals.',
    ],
  },
  {
    title: 'Take it home',
    look: 'take-away',
    text: [
      'Open [[take-away|Take it away]]. For verl there is an advantage estimator that selects, row by row, what the lab selects; for TRL a reward function that abstains; for slime a filter of samples; each begins with what it cannot do. Or take the kept rows as a file, or a link that opens this page with your filter.',
      'Mind one difference: verl’s own `reweight_method` looks for the extremes of the whole *batch*, not of each prompt’s group. With many prompts in a batch that is another filter.',
      'That was the last lesson. The ((held-pass|glossary)) has every word and number in one line.',
    ],
  },
]);
