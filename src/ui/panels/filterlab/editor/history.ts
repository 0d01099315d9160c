/** Undo and redo over whole values. A drag is one step, however many times it changed the value. Pure. */

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** The gesture that made the present value, so that the next change of the same gesture replaces it. */
  gesture: string | null;
}

const longest = 200;

export const startHistory = <T>(present: T): History<T> => ({ past: [], present, future: [], gesture: null });

/** A new present. Changes of one gesture (a drag, typing in one field) are one step; null starts a new one. */
export function record<T>(history: History<T>, present: T, gesture: string | null): History<T> {
  const same = gesture !== null && gesture === history.gesture;
  return {
    past: same ? history.past : [...history.past, history.present].slice(-longest),
    present,
    future: [],
    gesture,
  };
}

/** Ends a gesture: the next change is a step of its own. */
export const settle = <T>(history: History<T>): History<T> => ({ ...history, gesture: null });

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    gesture: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, gesture: null };
}
