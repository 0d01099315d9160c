/** One test as text: its arguments, as source that may enter a sandbox, and its expectation, which may not. */
import { encode } from '../frame/encode.ts';
import type { TestSet } from '../protocol.ts';
import { listSource, listText, valueSource } from './valueSource.ts';

export interface TestText {
  /** Source of an array of the arguments. */
  args: string;
  /** The arguments for people to read. */
  argumentText: string;
  /** Canonical text of what is expected, and source of it. */
  expected: string;
  expectedSource: string;
}

/**
 * @param where names the test in messages, such as `tests[0]`
 * @throws TypeError naming the place of what cannot be handed to a program, or not be compared
 */
export function testText({ args, expected }: TestSet['tests'][0], where: string): TestText {
  if (!Array.isArray(args)) throw new TypeError(`${where}.args is not an array.`);
  const text = {
    args: listSource(args, `${where}.args`),
    argumentText: listText(args, `${where}.args`),
    expected: encode(expected),
    expectedSource: valueSource(expected, `${where}.expected`),
  };
  if (text.expected.startsWith('!'))
    throw new TypeError(`${where}.expected cannot be compared: it ${text.expected.slice(1)}.`);
  return text;
}
