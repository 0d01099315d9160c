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
  if (
    !/^\["call",\[\["T",\d+\]/.test(said) ||
    said.match(farReference)?.length !== 1 ||
    behaving.test(said) ||
    !/^\["(?:return|throw)"/.test(answer)
  )
    return false;
  const shown = withoutCallee(said, answer);
  return shown.match(farReference) === null && !behaving.test(shown);
}

/** The answer to a call shows the function that was called, as it is afterwards. */
function withoutCallee(said: string, answer: string): string {
  const [, [callee]] = JSON.parse(said) as [Verb, [[string, number]]];
  const [, values, nodes] = JSON.parse(answer) as [Verb, ValueText[], NodeText[]];
  const isCallee = (at: ValueText): boolean => Array.isArray(at) && at[0] === 'M' && at[1] === callee[1];
  return JSON.stringify([values, nodes.filter(({ at }) => !isCallee(at))]);
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
