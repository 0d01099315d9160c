/** Lesson 1: one iteration of the loop, slowly. */
import { fixed, percent } from '../core/numberText.ts';
import { lesson, paper } from './frame/lesson.ts';
import { newest } from './frame/readPage.ts';

/** One arm, small enough that a station takes a moment. */
const small =
  'arms=bw&1.prompts=8&1.iterations=12&1.minibatches=2&1.evaluateEvery=1000&1.evaluationSamples=1&open=';

export const loop = lesson('loop', [
  {
    title: 'A model that writes programs',
    open: 'open=',
    text: [
      'This page trains a small language model to write JavaScript. It is given a request in words, such as keeping the even numbers of a list, and writes a function. It starts out mediocre on purpose, so that there is something to learn.',
      'Training goes round a loop of five stations: [[loop|sample, score, run, filter, update]]. One turn is one *iteration*. This lesson goes round once, station by station.',
      'What you see now was recorded. From the next step on, this tab computes.',
      'Words like [[station-sample|Sample]] light up their part of the page when you point at them. The space bar goes on.',
    ],
    look: 'loop',
  },
  {
    title: 'Sample',
    open: small,
    run: { do: 'station' },
    look: 'loop',
    text: [
      'The first station is [[station-sample|Sample]]. The model that is trained, called the *policy* ((pi|π)), reads eight requests and writes five programs for each. The five programs for one request are a ((group|group)).',
      'It does not write its favourite program five times: it draws each token at random, with the probabilities that it gives them. Without this chance there would be nothing to compare.',
      'The dot on a station shows where the [[arms|arm]] stands. An arm is one way of training; later lessons put several side by side.',
    ],
    holds: {
      what: 'one arm computes in this tab',
      test: ({ mode, arms }) => mode === 'live' && arms.length === 1,
    },
  },
  {
    title: 'Score',
    run: { do: 'station' },
    look: 'loop',
    text: [
      'At [[station-score|Score]] a second network, the ((reward-model|reward model)), reads each program and gives it a number between −1 and 1: the ((reward|reward)) r. It has never run the program. It has learned from pairs of programs which one tends to be better.',
      'A copy of the policy as it was at the start, the *reference*, reads the programs too. The distance from it will be charged for: that is the ((kl|KL)) term. A fourth network, the ((critic|critic)), guesses what reward was to be expected.',
    ],
    formula: 'objective',
    sources: [{ ...paper, text: `${paper.text}, equation 3` }],
  },
  {
    title: 'Run',
    run: { do: 'station' },
    look: 'loop',
    text: [
      'At [[station-run|Run]] every program is executed on hidden tests, in a sandbox. The share of tests that it passes is the ((score|score)) s. That is the truth, and the policy is *not* told: it is there for us.',
      'In practice this station is often missing. Nobody can execute an essay. That is why one trains on a reward model, and why it matters how far the reward can be trusted.',
    ],
    predict: {
      question: 'The reward says 0.9. How many of the hidden tests does the program pass?',
      options: ['All of them', 'About 90 %', 'The reward does not say'],
      answer: 2,
      because:
        'The reward is a grade by a network, on a scale of its own. It orders programs, more or less well; it does not count tests. How well it orders them is what lesson 2 is about.',
    },
  },
  {
    title: 'Filter',
    run: { do: 'station' },
    look: 'loop',
    text: [
      'At [[station-filter|Filter]] it is decided which programs may be learned from. This arm uses ((bw|best-worst)): of each group only the program with the highest and the one with the lowest reward.',
      {
        from: 'paper',
        text: 'This station is the paper’s contribution. Everything else is PPO as it is usually done.',
      },
      'The filter looks at rewards only. It cannot know which of the programs really pass.',
    ],
    sources: [paper],
  },
  {
    title: 'Update',
    run: { do: 'until', iteration: 1 },
    look: 'strips',
    text: [
      'At [[station-update|Update]] the policy learns from what was kept. Tokens of programs that did better than the critic expected become more likely, the others less. The *clip* keeps one update from going far: beyond it, the gain is cut off.',
      'The [[strips|rank strips]] show what happened: one line for each request, its five programs in order of reward, coloured by what the tests said, the kept ones marked. Choose one to read it.',
    ],
    formula: 'clip',
    live: ({ arms }) => {
      const [arm] = arms;
      const [kept, passed] = [newest(arm, 'keptShare'), newest(arm, 'passRate')];
      return kept === undefined || passed === undefined
        ? null
        : `In iteration ${arm.iterations.length}, ${percent(passed)} of the programs passed all tests and ${percent(kept)} were kept.`;
    },
    holds: {
      what: 'best-worst has kept two of the five programs of each group',
      test: ({ arms }) => Math.abs((newest(arms[0], 'keptShare') ?? 0) - 0.4) < 1e-6,
    },
  },
  {
    title: 'And round again',
    run: { do: 'until', iteration: 3 },
    look: 'curves',
    predict: {
      question: 'Three iterations on eight requests each: will the pass rate be visibly higher?',
      options: ['Yes, every iteration adds a little', 'Probably not: three steps are lost in chance'],
      answer: 1,
      because:
        'Forty programs an iteration pass more or less often by luck alone. One run over a few iterations shows almost nothing; a longer run with several seeds does. Watch for this in every comparison, here and elsewhere.',
    },
    text: [
      'The loop goes on: new requests, new programs, another small step. The [[curves|curves]] get a point in each iteration.',
    ],
    live: ({ arms }) => {
      const [arm] = arms;
      const [reward, kl] = [newest(arm, 'rewardPi'), newest(arm, 'kl')];
      return reward === undefined || kl === undefined
        ? null
        : `Now, after ${arm.iterations.length} iterations: mean reward ${fixed(reward)}, KL ${fixed(kl, 3)} nats from the start.`;
    },
    holds: {
      what: 'three iterations have been computed',
      test: ({ arms }) => arms[0].iterations.length >= 3,
    },
  },
  {
    title: 'What to watch',
    open: 'open=',
    look: 'curves',
    text: [
      'Back to a whole run. The large curve is the [[metric-heldPass|held-out pass rate]]: how often a program passes all tests, on problems that were never trained on. It is the truth, and the number that matters.',
      'The dotted line is the same for the single most likely program. The small figures below show the [[metric-rewardPi|reward]], the [[metric-kl|KL]], and what the filter did.',
      'Every number of the page is explained by the small i beside it, and in the ((held-pass|glossary)).',
      {
        from: 'here',
        text: 'Reward and pass rate are never the same word on this page. The reward is what the model is told; the score is what is true.',
      },
    ],
  },
]);
