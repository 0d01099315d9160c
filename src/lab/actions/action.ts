/** What a command of the page is. */
import type { Laboratory } from '../laboratory.ts';
import type { LabState } from '../state/store.ts';
import type { Bounds } from '../view/teaching.ts';

export const actionGroups = ['Run', 'Compare', 'Look', 'Learn', 'Page'] as const;

export interface Action extends Bounds {
  id: string;
  group: (typeof actionGroups)[number];
  label: string | ((state: LabState) => string);
  /** One line: what it does. */
  description: string;
  /** Keys, the first of which is shown. "mod" is Ctrl, or ⌘ on Apple machines. */
  keys: readonly string[];
  /** Never while a teacher's link leaves out its part or locks it. */
  enabled(state: LabState): boolean;
  perform(laboratory: Laboratory): void;
}

/** An action that is possible at any time. */
export const always = () => true;
/** An action that needs something to act on: an arm on the page. */
export const live = ({ arms }: LabState) => arms.length > 0;
