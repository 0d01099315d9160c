/** What can be read off the messages between tests and programs without a realm to make their values in. */
import type { NodeText, ValueText, Verb } from './wireText.ts';

/** References to what was shown earlier. */
const farReference = /\["[MT]",\d+\]/g;
/** What behaves: its answers may change. */
const behaving = /"kind":"(?:function|promise|iterator)"/;

/**
 * Whether a call says all that its answer may depend on, as far as can be seen: a function under test and data. Such a
 * call, made again, is likely to be answered alike.
 */
export function isPlainExchange(said: string, answer: string): boolean {
  return (
    /^\["call",\[\["T",\d+\]/.test(said) &&
    said.match(farReference)?.length === 1 &&
    !behaving.test(said) &&
    /^\["(?:return|throw)"/.test(answer) &&
    !farReference.test(answer) &&
    !behaving.test(answer)
  );
}

/** The first error that the program threw, in words, or null. */
export function thrownIn(answers: readonly string[]): string | null {
  const thrown = answers.find((answer) => answer.startsWith('["throw"'));
  if (thrown === undefined) return null;
  const [, [value], nodes] = JSON.parse(thrown) as [Verb, ValueText[], NodeText[]];
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const node = nodes.find(({ at }) => JSON.stringify(at) === JSON.stringify(value));
  const message = node?.own.find(([key]) => key === 'message')?.[1];
  const [, name] = (node?.proto ?? []) as [string?, string?];
  const kind = node?.kind === 'error' ? String(name ?? 'Error').replace(/\.prototype$/, '') : 'an object';
  return typeof message === 'string' ? `${kind}: ${message.slice(0, 200)}` : kind;
}
