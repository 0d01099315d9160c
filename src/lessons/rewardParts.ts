/** Lesson: what a reward is made of, what each part is paid for, and which kind of error a filter can live with. */
import { fixed, percent } from '../core/numberText.ts';
import type { LabState } from '../lab/state/store.ts';
import { lesson, paper, type Source } from './frame/lesson.ts';
import { armNamed, newest } from './frame/readPage.ts';

const scaling: Source = {
  text: 'Shen and others, Exploring Data Scaling Trends and Effects in RLHF',
  url: 'https://arxiv.org/abs/2503.22230',
};
const coder: Source = {
  text: 'Shojaee and others, Execution-based Code Generation using Deep Reinforcement Learning (PPOCoder)',
  url: 'https://arxiv.org/abs/2301.13816',
};

/** "PPO-M: pass rate 51 %, reward 0.20." for each of the arms that has come so far. */
function sideBySide(state: LabState, names: readonly string[]): string | null {
  const said = names.flatMap((name) => {
    const [pass, reward] = [
      newest(armNamed(state, name), 'heldPass'),
      newest(armNamed(state, name), 'heldReward'),
    ];
    return pass === undefined || reward === undefined
      ? []
      : [`${name}: held-out pass rate ${percent(pass)}, reward ${fixed(reward)}`];
  });
  return said.length === 0 ? null : `${said.join('; ')}.`;
}

const parts = ['execution', 'all three', 'likeness'];
const tests = ['empty input', 'one visible test', 'hidden tests'];
const middle = ['PPO-M', 'top-bott', 'BW', 'Rand2'];

export const rewardParts = lesson('reward-parts', [
  {
    title: 'One number, many makers',
    open: 'preset=reward-parts&at=1&open=',
    look: 'station-score',
    text: [
      'The policy sees one number for each program. Somebody made it: a network, tests, a comparison with a known answer, or a sum of such things. What is in it decides what is learned.',
      'Here are three [[arms|arms]] with the reward of ((ppocoder|PPOCoder)). It has three parts: what *execution* says, how much of a hidden reference’s *syntax* a program has, and how much of its *data flow*. One arm is paid for execution, one for all three, one for likeness alone.',
      {
        from: 'paper',
        text: 'The authors’ code adds a 1 for a program that compiles (−1 for one that does not) to the two matches, each between 0 and 1, without weights. The ladder from pass to error that this page offers is CodeRL’s.',
      },
    ],
    holds: {
      what: 'the three arms differ in the weights alone',
      test: (state) => parts.every((name) => armNamed(state, name)?.settings.reward.method === 'ppocoder'),
    },
    sources: [coder],
  },
  {
    title: 'Pretty but wrong',
    look: 'strips',
    predict: {
      question:
        'Syntax counts shapes: names, numbers and operators are left out. Can a program have all of the reference’s syntax and data flow, and fail its tests?',
      options: ['No: the same shape does the same', 'Yes: x + 1 and x − 2 have the same shape'],
      answer: 1,
      because:
        'A filter in place of a map, a 2 in place of a 1, a smaller-than in place of a greater-than: all of them have the shape of the right answer.',
    },
    text: [
      'Choose a program in the [[strips|rank strips]] that stands high and is not a pass. Under its tokens the inspector says what its reward is a sum of, and says *pretty but wrong* where likeness is whole and a test fails.',
      'Likeness is a good teacher of form for a model that writes broken code. For one that writes sound code with small mistakes it says little, and it says it loudly.',
    ],
    sources: [coder],
  },
  {
    title: 'What each arm learned',
    open: 'preset=reward-parts&open=',
    look: 'curves',
    text: [
      'Compare the [[metric-heldPass|held-out pass rate]] of the three. Their rewards are not to be compared with each other: they are different numbers of different things.',
      'In the recorded run the arm that is paid for likeness alone becomes nearly perfect at it, and passes no more tests than at the start. Beside execution, likeness does no harm here and adds nothing either: this policy writes programs that parse.',
      'If the curves are empty, this build has no recording of the preset: press play.',
    ],
    live: (state) => sideBySide(state, parts),
    holds: {
      whole: true,
      what: 'likeness alone is paid more at the end and passes hardly more, where execution does',
      test: (state) => {
        const passes = (name: string) => newest(armNamed(state, name), 'heldPass') ?? 0;
        return (
          (newest(armNamed(state, 'likeness'), 'heldReward') ?? 0) > 0.85 &&
          passes('execution') > passes('likeness') + 0.1
        );
      },
    },
  },
  {
    title: 'A verifier is as good as its tests',
    open: 'preset=visible-tests&open=',
    look: 'curves',
    text: [
      'A ((rtv|verifier)) runs tests. One [[arms|arm]] is paid when a program gives the right answer to the empty input, one when it answers a single example of its request, one when it passes every hidden test.',
      'What an arm is paid and what is true part by the distance between its ((held-reward|held-out reward)) and twice its pass rate less one. For hidden tests that is nothing.',
      {
        from: 'here',
        text: 'For the empty input it grows: fewer steps are safer, and a program that does little seldom fails there. Nobody cheated; the test asked for too little. A single example of real input is hard to fool in this world, where a wrong program hardly ever answers it by chance. Put *KL to the start* on the [[x-axis|x-axis]] to compare the arms where they are equally far.',
      },
      {
        from: 'paper',
        text: 'The paper on data scaling finds verifiers the last to be hacked, after generative reward models that know the right answer. Its verifiers are not made of one example.',
      },
    ],
    live: (state) => sideBySide(state, tests),
    sources: [scaling],
  },
  {
    title: 'A wrong middle with honest ends',
    open: 'preset=systematic-middle&at=1&open=',
    look: 'strips',
    predict: {
      question:
        'Four programs of five get a reward by a taste in words, which can be learned; the others are told truthfully, beyond ±0.8. What learns best?',
      options: ['Everything: PPO-M', 'Best and worst of five', 'Only what lies beyond ±0.7'],
      answer: 2,
      because: 'Go on: the whole run is next.',
    },
    text: [
      'Here the error is no noise. A fixed weight for each word, summed, decides of the reward in the middle: the same for the same program, and easy for a policy to learn.',
      'Of five responses often none is told truthfully. Then best and worst are the best and the worst *by taste*.',
    ],
    holds: {
      what: 'errors are systematic in every arm',
      test: ({ arms }) => arms.every(({ settings }) => settings.reward.syntheticErrors === 'systematic'),
    },
  },
  {
    title: 'Where a filter pays',
    open: 'preset=systematic-middle&open=',
    look: 'curves',
    text: [
      'The threshold keeps the honest ends and drops the taste. It learns from a fifth of the tokens and ends far above the others; PPO from everything is busy learning words.',
      {
        from: 'here',
        text: 'This is the paper’s claim where it holds: extremes that stay honest while the policy moves. With a learned reward model, whose extremes the policy can move too, we do not find it; the page of results has both.',
      },
      'To take along: ask of a reward which errors it makes, whether they can be learned, and where it can be trusted *after* the policy has moved. A verifier, even for a few, is what makes ends honest.',
    ],
    live: (state) => sideBySide(state, middle),
    holds: {
      whole: true,
      what: 'the threshold filter ends above PPO-M on fewer tokens',
      test: (state) => {
        const of = (name: string, key: 'heldPass' | 'updateTokens') =>
          newest(armNamed(state, name), key) ?? 0;
        return (
          of('top-bott', 'heldPass') > of('PPO-M', 'heldPass') + 0.05 &&
          of('top-bott', 'updateTokens') < 0.3 * of('PPO-M', 'updateTokens')
        );
      },
    },
    sources: [paper],
  },
]);
