/** Messages between tests and programs as JSON: what wire.ts writes and reads. */

/**
 * start: the functions under test, from the program. call: [function, this, …arguments]. new: [function, …arguments].
 * step: [iterator, method, …arguments]. return, throw: how a call ended. idle: nothing is left to do until the other
 * side goes on: [time, from the tests the time of what they do next, …promises that settled, each as promise, whether it
 * was fulfilled, and value]. cannot: why something has no copy.
 */
export type Verb = 'start' | 'call' | 'new' | 'step' | 'return' | 'throw' | 'idle' | 'cannot';

/** A value: itself, or a list that begins with a letter. */
export type ValueText = string | number | boolean | null | readonly [string, ...unknown[]];

/** [key, value], [key, value, flags] where they are not all set, or [key, getter, setter, flags]. */
export type PropertyText =
  | readonly [ValueText, ValueText]
  | readonly [ValueText, ValueText, number]
  | readonly [ValueText, ValueText, ValueText, number];

/** An object. */
export interface NodeText {
  at: ValueText;
  kind: string;
  proto: ValueText;
  /** Own properties. */
  own: PropertyText[];
  /** Items of a list. */
  items?: ValueText[];
  /** What it has inside. */
  inside?: unknown;
  /** No property can be added to it. */
  isClosed?: true;
}
