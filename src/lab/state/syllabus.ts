/**
 * The lessons by name: what links, commands and the table of contents need before a lesson is loaded. Their text is
 * in src/lessons/, which comes to the page when somebody opens one.
 */

export interface LessonEntry {
  title: string;
  /** About how long it takes with its questions and runs. */
  minutes: number;
  steps: number;
  /** What one knows afterwards, in one line. */
  what: string;
}

export const syllabus = {
  loop: {
    title: 'The loop, station by station',
    minutes: 6,
    steps: 8,
    what: 'What happens in one iteration, from a request in words to a changed policy.',
  },
  'reward-model': {
    title: 'What a reward model knows',
    minutes: 8,
    steps: 6,
    what: 'Reliability, and the band that chance alone draws.',
  },
  'best-of-n': {
    title: 'Why the best of N is not enough',
    minutes: 6,
    steps: 5,
    what: 'Learning only from the winners leans on the reward model’s mistakes.',
  },
  filtration: {
    title: 'Policy filtration',
    minutes: 9,
    steps: 7,
    what: 'Best-random, best-worst, and the control with the same budget.',
  },
  hacking: {
    title: 'Reward hacking',
    minutes: 7,
    steps: 6,
    what: 'The reward goes up, the truth goes down, and what beta does about it.',
  },
  'r-squared': {
    title: 'What R² tells, and what it does not',
    minutes: 8,
    steps: 6,
    what: 'The paper’s criterion for choosing a filter, its range and its limits.',
  },
  preferences: {
    title: 'Learning from preferences',
    minutes: 8,
    steps: 6,
    what: 'What DPO does without a reward model in its loop, where stored pairs go stale, and why a group without contrast teaches nothing.',
  },
  graders: {
    title: 'Graders can be fooled',
    minutes: 9,
    steps: 8,
    what: 'A careless judge beside the true one, programs that cheat, and a policy that learns to.',
  },
  'reward-parts': {
    title: 'What the reward is made of',
    minutes: 8,
    steps: 6,
    what: 'Tests, likeness and taste: what each is paid for, and when a filter can live with the errors.',
  },
  'choosing-prompts': {
    title: 'Choosing prompts',
    minutes: 6,
    steps: 6,
    what: 'The hardest of new prompts, the simplest first, and groups that teach nothing.',
  },
  'decoding-budget': {
    title: 'Spending a decoding budget',
    minutes: 6,
    steps: 5,
    what: 'Best of N against cutting the worst while they are written, and what that costs.',
  },
  steering: {
    title: 'Steering without training',
    minutes: 8,
    steps: 7,
    what: 'A value network leans the draw of a frozen policy, and why the mean is not enough.',
  },
  'pocket-student': {
    title: 'A pocket student with a knowledge store',
    minutes: 6,
    steps: 5,
    what: 'A frozen model is made to say what it knows; one of a few per cent of its size looks it up.',
  },
  'fooled-first': {
    title: 'Who is fooled first',
    minutes: 8,
    steps: 6,
    what: 'A verifier, models that compare, a model that does not, and annotators who look away.',
  },
  'noise-mask': {
    title: 'Noise before training',
    minutes: 6,
    steps: 6,
    what: 'A mask that a policy draws, and whether a reward model keeps anything of it.',
  },
  'take-home': {
    title: 'Tune a filter and take it home',
    minutes: 9,
    steps: 6,
    what: 'Your own rollouts, a filter for them, and the way into a trainer.',
  },
} as const satisfies Record<string, LessonEntry>;

export type LessonId = keyof typeof syllabus;
export const lessonIds = Object.keys(syllabus) as LessonId[];

/** What the guide beside the page shows. */
export type Guide =
  | { view: 'contents' }
  | { view: 'glossary' }
  | {
      view: 'lesson';
      id: LessonId;
      /** Counted from 0. */
      step: number;
      /** False when the page is already as somebody left it, and the step shall not arrange it. */
      arrange: boolean;
    };

/** A place in a lesson, kept within it. */
export function lessonPlace(id: LessonId, step: number, arrange = true): Guide {
  return { view: 'lesson', id, step: Math.max(0, Math.min(syllabus[id].steps - 1, step)), arrange };
}
