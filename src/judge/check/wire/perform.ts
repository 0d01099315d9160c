/** Does what the other side asks: a call, a construction, a step of an iterator. */
import type { Verb } from './wireText.ts';

const { apply, construct } = Reflect;

type Callable = (...args: unknown[]) => unknown;

export function perform(verb: Verb, values: readonly unknown[]): unknown {
  const args: unknown[] = [];
  const first = verb === 'new' ? 1 : 2;
  for (let i = first; i < values.length; i++) args[i - first] = values[i];
  switch (verb) {
    case 'call':
      return apply(values[0] as Callable, values[1], args);
    case 'new':
      return construct(values[0] as Callable, args);
    case 'step':
      return apply((values[0] as Record<string, Callable>)[values[1] as string], values[0], args);
    default:
      throw new TypeError(`a message "${verb}" out of turn`);
  }
}
