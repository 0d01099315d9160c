/**
 * What a demo is: one typed list of steps that the page plays with captions and that the tests play too. It fails
 * where the page no longer is or does what the demo says.
 */
import type { LabState } from '../lab/state/store.ts';
import { type LessonId, lessonIds, syllabus } from '../lab/state/syllabus.ts';
import type { PartId } from '../lessons/frame/parts.ts';
import { lessons } from '../lessons/index.ts';
import type { KnobValue } from '../rlhf/catalogue/knobs.ts';

export type DemoStep =
  /** Opens a page: the fragment of a link. */
  | { do: 'open'; link: string }
  /** A caption, with a part of the page lit up. */
  | { do: 'say'; text: string; at?: PartId }
  /** Sets a knob of the arm of that name, as the settings form does. */
  | { do: 'set'; arm: string; knob: string; value: KnobValue }
  /** Performs a command of the page, by its id in the list of actions. */
  | { do: 'action'; id: string }
  /** Presses the button of that name within a part. */
  | { do: 'press'; part: PartId; name: string }
  /** Goes on until every arm shows an iteration. */
  | { do: 'until'; iteration: number }
  /** Moves all panels to an iteration. */
  | { do: 'look'; iteration: number | null }
  /** Opens a lesson at a step (from 0), and checks that every part that it points at is there. */
  | { do: 'lesson'; id: LessonId; step: number }
  /** Waits until this is so; the demo fails when it does not become so. */
  | { do: 'expect'; what: string; holds: (state: LabState) => boolean }
  /** Waits until a part shows this text. */
  | { do: 'see'; part: PartId; text: RegExp };

export interface Demo {
  id: string;
  title: string;
  /** For whom or for what, in one line. */
  what: string;
  steps: readonly DemoStep[];
}

/** The demo of a lesson: its steps one after the other, and what must hold after each. */
function lessonDemo(id: LessonId): Demo {
  const steps = lessons[id].parts.flatMap((part, step): DemoStep[] => {
    const { holds } = part;
    return [
      { do: 'lesson', id, step },
      { do: 'say', text: part.title, ...(part.look ? { at: part.look } : {}) },
      ...(holds
        ? [
            {
              do: 'expect' as const,
              what: holds.what,
              holds: (state: LabState) => (holds.whole && !whole(state)) || holds.test(state),
            },
          ]
        : []),
    ];
  });
  return { id: `lesson-${id}`, title: syllabus[id].title, what: `Lesson: ${syllabus[id].what}`, steps };
}

const whole = ({ arms }: LabState): boolean =>
  arms.every((arm) => arm.iterations.length >= arm.settings.training.iterations);

export const lessonDemos: readonly Demo[] = lessonIds.map(lessonDemo);
