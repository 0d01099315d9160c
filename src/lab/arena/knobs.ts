/** What can be set in the arena, as a table like those of methods. */
import type { Knobs, ValuesOf } from '../../rlhf/catalogue/knobs.ts';

export const arenaKnobs = {
  lanes: {
    kind: 'integer',
    label: 'Responses begun (N)',
    min: 2,
    max: 64,
    step: 1,
    initial: 32,
    what: 'How many responses to each prompt both sides begin.',
    expect: 'A better best response, at a higher price.',
  },
  alpha: {
    kind: 'number',
    label: 'Share cut (α)',
    min: 0,
    max: 0.9,
    step: 0.05,
    initial: 0.5,
    what: 'Which share of its responses Speculative Rejection cuts at a decision.',
    expect: 'Cheaper, and more good responses are lost. 0 cuts none: both sides are the same.',
  },
  memory: {
    kind: 'integer',
    label: 'Memory (tokens × lanes)',
    min: 16,
    max: 1024,
    step: 8,
    initial: 160,
    what: 'How many tokens the lanes under way to a prompt may hold together; when it is full, the worst are cut.',
    expect: 'Later, better informed, dearer decisions.',
  },
  cutBy: {
    kind: 'choice',
    label: 'Cut by',
    initial: 'reward',
    what: 'What scores a response that is not finished. Answers are always chosen by the reward model.',
    expect: 'The likelihood costs nothing to know.',
    options: [
      { value: 'reward', label: 'reward', what: 'The reward model reads the program so far.' },
      {
        value: 'value',
        label: 'value',
        what: 'What the critic of the chosen arm expects of the program so far.',
      },
      {
        value: 'likelihood',
        label: 'likelihood',
        what: 'Mean log-probability of its tokens under the policy.',
      },
    ],
  },
  rewardModel: {
    kind: 'choice',
    label: 'Reward model',
    initial: 'strong',
    what: 'Which trained reward model scores responses and chooses the answers.',
    expect: 'The weak one saw few labelled pairs.',
    options: [
      { value: 'strong', label: 'strong', what: '2,000 prompts, all differing pairs.' },
      { value: 'weak', label: 'weak', what: '400 prompts, one pair each.' },
    ],
  },
  prompts: {
    kind: 'integer',
    label: 'Prompts',
    min: 2,
    max: 64,
    step: 1,
    initial: 16,
    what: 'How many held-out problems are answered.',
    expect: 'Narrower intervals.',
  },
  seed: {
    kind: 'integer',
    label: 'Seed',
    min: 1,
    max: 9999,
    step: 1,
    initial: 1,
    what: 'Which problems are drawn, and which random numbers both sides use.',
    expect: 'Another sample.',
  },
} as const satisfies Knobs;
export type ArenaKnobs = ValuesOf<typeof arenaKnobs>;
