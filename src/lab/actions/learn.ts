/** Lessons, glossary, and the demo that plays. */
import type { Laboratory } from '../laboratory.ts';
import { lessonIds, lessonPlace, syllabus } from '../state/syllabus.ts';
import { type Action, always } from './action.ts';

/** To another step of the lesson that is open. */
function turnPage(laboratory: Laboratory, by: number): void {
  const { guide } = laboratory.store.getState();
  if (guide?.view !== 'lesson') return;
  const last = guide.step + by >= syllabus[guide.id].steps;
  laboratory.view.setGuide(last ? { view: 'contents' } : lessonPlace(guide.id, guide.step + by));
}

/** Turning the pages of the lesson that is open. */
export const pageTurns: readonly Action[] = [
  {
    id: 'lesson-next',
    group: 'Learn',
    label: 'Next step of the lesson',
    description: 'While a lesson is open: goes on, and lets the step run what it shows.',
    keys: ['Space'],
    enabled: ({ guide }) => guide?.view === 'lesson',
    perform: (laboratory) => turnPage(laboratory, 1),
  },
  {
    id: 'lesson-back',
    group: 'Learn',
    label: 'Step before in the lesson',
    description: 'While a lesson is open: goes back one step.',
    keys: ['Backspace', 'Shift+Space'],
    enabled: ({ guide }) => guide?.view === 'lesson' && guide.step > 0,
    perform: (laboratory) => turnPage(laboratory, -1),
  },
];

export const learnActions: readonly Action[] = [
  {
    id: 'lessons',
    group: 'Learn',
    label: 'Lessons',
    description: 'Lessons on the live page, five to ten minutes each.',
    keys: ['n'],
    part: 'lessons',
    enabled: always,
    perform: (laboratory) => {
      const { guide } = laboratory.store.getState();
      laboratory.view.setGuide(guide && guide.view !== 'glossary' ? null : { view: 'contents' });
    },
  },
  {
    id: 'glossary',
    group: 'Learn',
    label: 'Glossary',
    description: 'Every word and number of the page: one line, one formula.',
    keys: ['g'],
    part: 'lessons',
    enabled: always,
    perform: (laboratory) => {
      const { guide } = laboratory.store.getState();
      laboratory.view.setGuide(guide?.view === 'glossary' ? null : { view: 'glossary' });
    },
  },
  ...lessonIds.map(
    (id, index): Action => ({
      id: `lesson-${id}`,
      group: 'Learn',
      label: `Lesson ${index + 1}: ${syllabus[id].title}`,
      description: syllabus[id].what,
      keys: [],
      part: 'lessons',
      enabled: always,
      perform: (laboratory) => laboratory.view.setGuide(lessonPlace(id, 0)),
    }),
  ),
  {
    id: 'stop-demo',
    group: 'Learn',
    label: 'Stop the demo',
    description: 'Leaves the page as the demo has it now.',
    keys: ['Escape'],
    enabled: ({ demo }) => demo !== null,
    perform: (laboratory) => laboratory.view.stopDemo(),
  },
];
