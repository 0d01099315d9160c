/** Lesson 6: the paper's criterion for choosing a filter. */
import { lesson, paper } from './frame/lesson.ts';

export const rSquared = lesson('r-squared', [
  {
    title: 'A number to choose by',
    open: 'open=filters',
    look: 'decision-table',
    text: [
      'Trying every filter by training is expensive. Is there a number that tells beforehand which is best?',
      {
        from: 'paper',
        text: 'The paper proposes R². Take what the filter keeps, fit a straight line from reward R to true score s, and see how much of the variance of s the line explains. On the fine-tuned policy: 0.886 for no filter, 0.454 for BoN, 0.922 for BR, 0.952 for BW (Table 1).',
      },
      'It is computed *before* training, on rollouts with known scores. The [[decision-table|table]] does it for the responses on this page.',
    ],
    formula: 'rSquared',
    sources: [{ ...paper, text: `${paper.text}, section 4 and Table 1` }],
  },
  {
    title: 'Points or groups',
    look: 'decision-table',
    text: [
      {
        from: 'paper',
        text: 'The paper groups responses with similar rewards and treats each group’s mean as one point. It does not say how many groups, nor whether they are of equal width or equal count.',
      },
      'Averaging removes scatter, so grouped values are much higher than per response, and how much higher depends on the grouping. Change the grouping at the [[decision-table|table]] and watch the column move while no response changes.',
    ],
    predict: {
      question:
        'A reward explains little of the score, response by response: R² is 0.1. Can R² over ten groups be 0.9?',
      options: ['No, it is the same data', 'Yes'],
      answer: 1,
      because:
        'A group’s mean over many responses has little scatter left, so a weak but straight trend fits it well. Both numbers are right; they answer different questions.',
    },
  },
  {
    title: 'A statistic of range',
    look: 'decision-table',
    predict: {
      question:
        'A reward is equally noisy everywhere. A filter keeps only its highest and lowest values. What happens to R²?',
      options: ['It stays the same: the noise is the same', 'It rises', 'It falls'],
      answer: 1,
      because:
        'The line has the same slope b and the same scatter σ², but the variance of R is larger among the extremes, and R² grows with it.',
    },
    text: [
      'So best-worst gets a higher R² for stretching the range, even from a reward that is no better at its ends; and BoN, whose rewards lie close together, gets a low one.',
      'The table’s column *by range alone* is the R² that the filter would have if the reward were equally noisy everywhere. What is above it is the filter’s own merit.',
    ],
    formula: 'range',
  },
  {
    title: 'How sure is it?',
    look: 'decision-table',
    text: [
      'The responses to one prompt are no independent evidence: an easy prompt has five passes, a hard one none. The intervals in the [[decision-table|table]] therefore draw whole prompts anew.',
      'Overlapping intervals are no ranking. A few hundred prompts rarely tell BR from BW; BoN usually stands out.',
    ],
  },
  {
    title: 'Does it choose well?',
    text: [
      {
        from: 'paper',
        text: 'Table 3 gives R² and pass@1 for eleven strategies. On HumanEval, BoN has the lowest of both: 0.454 and 75.8. BW has the highest R², 0.952, with 82.4; BR the highest pass@1, 82.9, with 0.841. The paper itself says that R² is not a perfect tool.',
      },
      { from: 'paper', text: 'For BR the printed values differ: 0.922 in Table 1, 0.841 in Table 3.' },
      {
        from: 'here',
        text: 'From the paper’s Table 3 we compute a correlation of 0.80 between R² and HumanEval pass@1. Without BoN and the filter that keeps only high rewards, it is 0.60: the number mostly singles out those two.',
      },
      {
        from: 'here',
        text: 'In our runs R² singles out BoN as well, and does not order the other filters by what they learn.',
      },
    ],
    sources: [{ ...paper, text: `${paper.text}, Tables 1 and 3` }],
  },
  {
    title: 'To take along',
    text: [
      'R² is cheap, computed before training, and good at warning of a filter that keeps only the top.',
      'Give it with its grouping and its interval, or it says less than it seems to. Compare it with what range alone gives.',
      'And do not let it replace the experiment: what a filter *teaches* depends on more than how well a line fits what it keeps.',
    ],
  },
]);
