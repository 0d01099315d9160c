/** Lesson: which prompts are worth an iteration. */
import { grouped, percent } from '../core/numberText.ts';
import { lesson } from './frame/lesson.ts';
import { armNamed, newest } from './frame/readPage.ts';

const scaling = {
  text: 'Exploring Data Scaling Trends and Effects in Reinforcement Learning from Human Feedback',
  url: 'https://arxiv.org/abs/2503.22230',
};
const dapo = {
  text: 'DAPO: An Open-Source LLM Reinforcement Learning System at Scale',
  url: 'https://arxiv.org/abs/2503.14476',
};

/** So little work that an iteration takes a moment. */
const small = (arm: number): string =>
  ['iterations=3', 'prompts=6', 'pool=60', 'minibatches=2', 'evaluateEvery=1000', 'evaluationSamples=1']
    .map((knob) => `${arm}.${knob}`)
    .join('&');

export const choosingPrompts = lesson('choosing-prompts', [
  {
    title: 'More prompts, or better ones',
    open: [
      'arms=ppo-m,pre-ppo,curriculum,dynamic',
      ...[1, 2, 3, 4].map(small),
      '2.fresh=60',
      'open=settings',
    ].join('&'),
    look: 'station-sample',
    text: [
      'Before the reward and before the filter there is another choice: which requests the policy works on. The four arms differ in nothing else.',
      {
        from: 'paper',
        text: 'The authors of Pre-PPO added millions of prompts to one million and saw no gain: the best policy came early, and then it declined. About nine in ten of the new prompts were rewarded well before any training, partly because the reward was being fooled.',
      },
    ],
    holds: {
      what: 'an arm stands there for each order of prompts',
      test: ({ arms }) =>
        ['uniform', 'pre-ppo', 'curriculum', 'dynamic'].every((id) =>
          arms.some(({ settings }) => settings.order.method === id),
        ),
    },
    sources: [scaling],
  },
  {
    title: 'The hardest of the new',
    look: 'station-sample',
    predict: {
      question: 'A prompt is rewarded highly before training begins. What is it worth to training?',
      options: [
        'Much: the policy is good at it',
        'Little: there is not much to learn, or the reward is being fooled there',
        'Nothing can be said',
      ],
      answer: 1,
      because:
        'Either the program is right already, or the reward is wrong about it. In the first case there is nothing to learn, in the second the wrong thing.',
    },
    text: [
      'Pre-PPO looks before it trains: the starting policy answers each new prompt once, and the tenth that is rewarded least joins the original prompts.',
      'Rewards are compared within a kind of prompt. Otherwise a kind that is graded low as a whole would be all that is chosen.',
      {
        from: 'here',
        text: 'The look is paid for: its samples and passes of the reward model are in the costs of the first iteration. As in the paper, a small policy may look for a larger one: *Selected by* has the small policy that ships, for an arm that starts from another. With one response a prompt, a larger policy agrees with the small one as well as the small one with itself (docs/selection.md).',
      },
    ],
    sources: [scaling],
  },
  {
    title: 'The simplest first',
    look: 'station-sample',
    text: [
      'A ((curriculum|curriculum)) begins with one kind of prompt; others join at the switches.',
      {
        from: 'paper',
        text: 'The same authors begin with coding, then mathematics joins, then everything. When they switched they do not say.',
      },
      {
        from: 'here',
        text: 'Kinds are the three tiers of the built-in world, or what a program is given: lists or texts.',
      },
    ],
    sources: [scaling],
  },
  {
    title: 'Groups that teach nothing',
    run: { do: 'until', iteration: 2 },
    look: 'station-sample',
    text: [
      'An update that compares the programs of a group learns nothing from a group in which all are rewarded alike. DAPO throws such groups away and samples other prompts in their places.',
      'What was thrown away was sampled and graded all the same. A method that hides this looks cheaper than it is; here the ((samples|samples so far)) count it.',
    ],
    live: (state) => {
      const arm = state.arms.find(({ settings }) => settings.order.method === 'dynamic');
      const [thrown, samples] = [newest(arm, 'thrownShare'), newest(arm, 'samples')];
      const uniform = newest(armNamed(state, 'PPO-M'), 'samples');
      return thrown === undefined || samples === undefined || uniform === undefined
        ? null
        : `So far dynamic sampling has sampled ${grouped(samples)} programs where PPO-M has sampled ${grouped(uniform)}; of its newest iteration’s tokens ${percent(thrown)} were thrown away.`;
    },
    sources: [dapo],
  },
  {
    title: 'Forty iterations of each',
    open: 'preset=choosing-prompts&open=',
    look: 'curves',
    text: [
      'The [[arms|five arms]] of this recorded run work on 24 requests an iteration. The fifth keeps to a *band*: requests that are neither always nor never rewarded.',
      'Compare the [[metric-heldPass|held-out pass rates]], and then put samples on the [[x-axis|horizontal axis]]: a look at new requests moves a curve to the right.',
      {
        from: 'here',
        text: 'This is one seed; the same arms over eight seeds stand in docs/results.md.',
      },
    ],
    live: (state) => {
      const told = state.arms.flatMap((arm) => {
        const [pass, samples] = [newest(arm, 'heldPass'), newest(arm, 'samples')];
        return pass === undefined || samples === undefined
          ? []
          : [`${arm.name} ${percent(pass)} from ${grouped(samples)} samples`];
      });
      return told.length === 0 || told.length < state.arms.length
        ? null
        : `Held-out pass rate so far: ${told.join(', ')}.`;
    },
    sources: [scaling],
  },
  {
    title: 'To take along',
    look: 'arms',
    text: [
      'Arms that choose their own prompts do not see the same ones. The page says so below the [[arms|arms]]: what they sample is no longer compared on equal terms. The held-out problems are.',
      'A good order of prompts saves samples. Count all of them.',
    ],
  },
]);
