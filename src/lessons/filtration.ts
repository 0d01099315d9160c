/** Lesson 4: best-random, best-worst, and the control that looks at no reward. */
import { grouped, percent } from '../core/numberText.ts';
import { lesson, paper } from './frame/lesson.ts';
import { armNamed, newest, values } from './frame/readPage.ts';

const small = [1, 2, 3]
  .map(
    (arm) =>
      `${arm}.prompts=8&${arm}.iterations=12&${arm}.minibatches=2&${arm}.evaluateEvery=1000&${arm}.evaluationSamples=1`,
  )
  .join('&');

export const filtration = lesson('filtration', [
  {
    title: 'A filter is a list of weights',
    open: 'preset=six-methods&open=',
    look: 'station-filter',
    text: [
      'Rank the N programs of a group by reward. A filter gives each *rank* a weight; one draws from the weights which program is learned from. What gets through is distributed as ((mu|μ)), which is no longer the policy ((pi|π)).',
      {
        from: 'paper',
        text: 'The filtered programs are then treated as if π itself had written them, without a correction. The paper argues for it by its results: reward on π rises as it should.',
      },
    ],
    formula: 'filtered',
    sources: [{ ...paper, text: `${paper.text}, equation 5 and Algorithm 2` }],
  },
  {
    title: 'Best-random and best-worst',
    open: `arms=bon,br,bw&${small}&open=`,
    run: { do: 'until', iteration: 1 },
    look: 'strips',
    text: [
      '*Best-random* ((br|BR)) keeps the best and one of the others by chance. *Best-worst* ((bw|BW)) keeps the two ends. Both bring back the contrast that ((bon|BoN)) lacks.',
      'Choose the [[arms|arms]] one after the other and compare the marks in the [[strips|rank strips]]: same requests, same programs in the first iteration, different programs kept.',
    ],
    formula: 'weights',
    holds: {
      what: 'BoN keeps one program of five, BR and BW keep two',
      test: (state) =>
        (['BoN', 'BR', 'BW'] as const).every(
          (name) =>
            Math.abs((newest(armNamed(state, name), 'keptShare') ?? 0) - (name === 'BoN' ? 0.2 : 0.4)) < 1e-6,
        ),
    },
  },
  {
    title: 'What it costs',
    open: 'x=updateTokens&open=',
    look: 'x-axis',
    predict: {
      question: 'BW keeps two programs of five. How much of PPO-M’s work at the station Update does it need?',
      options: ['As much', 'About 40 %', 'About 20 %'],
      answer: 1,
      because:
        'Policy and critic go forward and backward through two programs of five. Sampling, scoring and running cost the same as before: all five must be written and graded before two are chosen.',
    },
    text: [
      'The [[x-axis|x-axis]] now counts *update tokens* in place of iterations. A filter’s merit is what it reaches for what it spends.',
      {
        from: 'paper',
        text: 'Table 6 counts the passes of one iteration: 5nm through policy and critic for PPO-M, 2nm for BR and BW, with n prompts and m epochs.',
      },
    ],
    live: (state) => {
      const [all, kept] = ['PPO-M', 'BW'].map((name) => newest(armNamed(state, name), 'updateTokens'));
      return all === undefined || kept === undefined
        ? null
        : `So far, on this page: ${grouped(all)} update tokens for PPO-M, ${grouped(kept)} for BW, ${percent(kept / all)} of it.`;
    },
    holds: {
      what: 'the curves are drawn against update tokens',
      test: ({ xAxis }) => xAxis === 'updateTokens',
    },
    sources: [{ ...paper, text: `${paper.text}, Table 6` }],
  },
  {
    title: 'The control',
    open: 'preset=unreliable-middle&open=',
    look: 'arms',
    text: [
      'Suppose BW does well with 40 % of the work. Is it the *filter*, or do two programs of five simply suffice?',
      'That takes a control: ((rand2|Rand2)) keeps two of five by chance, without looking at the reward. It has the same budget. What Rand2 reaches, the smaller budget alone explains; only what BW reaches beyond it is the filter’s merit.',
      { from: 'here', text: 'Rand2 is not in the paper. We add it wherever a filter is judged.' },
    ],
    holds: {
      what: 'PPO-M, BW and Rand2 stand side by side',
      test: (state) => ['PPO-M', 'BW', 'Rand2'].every((name) => armNamed(state, name) !== undefined),
    },
  },
  {
    title: 'When the middle is noise',
    look: 'curves',
    predict: {
      question:
        'Four programs of five get a meaningless middling reward. Which of the two does better, BW or Rand2?',
      options: [
        'BW, since it learns from the ends, where the reward is true',
        'Rand2, since it is not fooled by noise',
        'Neither',
      ],
      answer: 0,
      because:
        'This is the case that filtration is made for, and the fairest picture of what a filter buys. One seed can still show anything: run it again with another.',
    },
    text: [
      'This preset’s reward is ((synthetic|synthetic)), so we know where it is wrong: in the middle. BW learns from the ends.',
      {
        from: 'here',
        text: 'Where most of the middle is noise, BW comes level with PPO-M at 40 % of its update work, and two random programs do not.',
      },
    ],
    live: (state) => {
      const ends = ['PPO-M', 'BW', 'Rand2'].map(
        (name) => [name, values(armNamed(state, name), 'heldPass')] as const,
      );
      if (ends.some(([, list]) => list.length < 2)) return null;
      return `Held-out pass rate on this page, one seed, first and last look: ${ends.map(([name, list]) => `${name} ${percent(list[0])} to ${percent(list.at(-1)!)}`).join(', ')}.`;
    },
  },
  {
    title: 'What the paper found',
    open: 'open=finding',
    look: 'panel-finding',
    text: [
      {
        from: 'paper',
        text: 'With deepseek-6.7B and five programs per request, pass@1 on HumanEval is 80.2 for PPO-M, 82.9 for BR and 82.4 for BW; on MBPP 75.0, 75.9 and 76.2; on LeetCode 29.8, 33.0 and 30.4.',
      },
      {
        from: 'paper',
        text: 'For each method the best score of five epochs is reported, chosen on the benchmark itself.',
      },
      'The [[panel-finding|table]] puts it beside ours.',
    ],
    sources: [{ ...paper, text: `${paper.text}, Table 2 and section 5.1` }],
  },
  {
    title: 'What we find',
    look: 'panel-finding',
    text: [
      {
        from: 'here',
        text: 'At our scale, with a learned reward model, the costs hold, the warning about BoN holds, and that BR or BW learn *more* than PPO-M does not.',
      },
      'Why might that be? PPO’s whitened advantages already give middling rewards little weight, so that dropping them saves work but removes little noise. And two of five rows make a noisier step. Both are guesses that you can test here: change one thing in one arm, and use several seeds.',
    ],
    results: true,
  },
]);
