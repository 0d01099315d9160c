/** Lesson 5: the reward goes up, the truth goes down. */
import { fixed, percent } from '../core/numberText.ts';
import { lesson, paper } from './frame/lesson.ts';
import { armNamed, newest, values } from './frame/readPage.ts';

const hacked = 'beta 0.02';
const held = 'beta 0.2';

export const hacking = lesson('hacking', [
  {
    title: 'A reward with a price',
    open: 'preset=reward-hacking&at=1&open=',
    text: [
      'The policy is not told to write correct programs. It is told to maximise the reward, minus ((beta|beta)) times its distance from where it started, the ((kl|KL)).',
      'Without the second term it is free to look for whatever the reward model happens to like. Near its start the reward model has seen such programs; far away it is guessing.',
      'Two [[arms|arms]] differ in nothing but beta: 0.02 and 0.2.',
    ],
    formula: 'objective',
    holds: {
      what: 'the two arms differ in beta alone',
      test: (state) =>
        armNamed(state, hacked)?.settings.price.beta === 0.02 &&
        armNamed(state, held)?.settings.price.beta === 0.2,
    },
    sources: [{ ...paper, text: `${paper.text}, equations 3 and 4` }],
  },
  {
    title: 'Predict',
    predict: {
      question:
        'Moving away from the start costs ten times less in one arm. What will its reward and its pass rate do over the run?',
      options: [
        'Both rise further than in the other arm',
        'The reward rises further; the pass rate falls',
        'Both fall',
      ],
      answer: 1,
      because: 'Go on to see the whole run.',
    },
    text: [
      'So far you see the first iteration. Make a guess before you go on: it is easy to find what follows obvious once one has seen it.',
    ],
  },
  {
    title: 'Reward up, truth down',
    open: 'preset=reward-hacking&open=',
    look: 'curves',
    text: [
      'Compare the [[metric-heldPass|held-out pass rate]] with the [[metric-rewardPi|reward on π]] below it. For the arm with the small beta they part: the reward keeps rising, the truth falls.',
      'If the curves are empty, this build has no recording of the preset: press play, and this tab computes it in a few minutes.',
      'Nobody told the policy to cheat. It found programs that the reward model likes and that do not work, and was rewarded for them.',
      'Drag the [[transport|scrubber]] to the place where the two part; the key J goes there by a rule that knows how noisy each curve is.',
    ],
    live: (state) => {
      const pass = values(armNamed(state, hacked), 'heldPass');
      const reward = values(armNamed(state, hacked), 'rewardPi');
      return pass.length < 2 || reward.length < 2
        ? null
        : `beta 0.02: pass rate ${percent(pass[0])} at the start, ${percent(Math.max(...pass))} at its best, ${percent(pass.at(-1)!)} at the end; reward from ${fixed(reward[0])} to ${fixed(reward.at(-1)!)}.`;
    },
    holds: {
      whole: true,
      what: 'with beta 0.02 the reward ends above its start and the pass rate below its best',
      test: (state) => {
        const pass = values(armNamed(state, hacked), 'heldPass');
        const reward = values(armNamed(state, hacked), 'rewardPi');
        return reward.at(-1)! > reward[0] + 0.1 && pass.at(-1)! < Math.max(...pass) - 0.05;
      },
    },
  },
  {
    title: 'The first to fall',
    look: 'strips',
    text: [
      'The dotted line is the *greedy* pass rate: of the single most likely program. It falls first. The policy’s favourite moves to what the reward model prefers while most samples are still sound.',
      'Look at the last iteration in the [[strips|rank strips]] and open a program with a high reward that fails. What is it that the reward model likes?',
    ],
    live: (state) => {
      const greedy = values(armNamed(state, hacked), 'heldGreedy');
      return greedy.length < 2
        ? null
        : `beta 0.02, greedy pass rate: ${greedy.map((share) => percent(share)).join(', ')} at the looks so far.`;
    },
  },
  {
    title: 'What beta does',
    look: 'metric-kl',
    text: [
      'The [[metric-kl|KL]] shows how far each arm has gone. Beta is the price of a nat; the cheap arm went further, into regions where the reward model guesses.',
      'A larger beta is no cure. It keeps the policy near its start, where there is also less to gain. One looks for the price at which the truth still rises.',
      {
        from: 'paper',
        text: 'The paper does not print its beta; the authors’ script uses 0.01, with another reward model and on another scale.',
      },
    ],
    live: (state) => {
      const [a, b] = [hacked, held].map((name) => newest(armNamed(state, name), 'kl'));
      return a === undefined || b === undefined
        ? null
        : `Newest KL: ${fixed(a)} nats with beta 0.02, ${fixed(b)} with beta 0.2.`;
    },
    holds: {
      whole: true,
      what: 'the arm with the smaller beta has moved further',
      test: (state) =>
        (newest(armNamed(state, hacked), 'kl') ?? 0) > (newest(armNamed(state, held), 'kl') ?? Infinity),
    },
  },
  {
    title: 'Does filtering help?',
    text: [
      {
        from: 'paper',
        text: 'Figure 2: PF-PPO reaches a similar reward as PPO-M and a clearly higher pass@1, which the paper reads as less over-optimisation.',
      },
      {
        from: 'here',
        text: 'We do not find that at our scale. A filter of the extremes makes the rewards that PPO sees larger while the price stays the same, so that it acts a little like a smaller beta. Add BW to this comparison and see for yourself.',
      },
      'To take along: whenever a reward rises, ask what truth it stands for, and measure that truth on something that training cannot see.',
    ],
    sources: [{ ...paper, text: `${paper.text}, Figure 2` }],
  },
]);
