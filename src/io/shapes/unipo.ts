/** A run in the schema of UNIPO: a header, and for each step prompts with their responses. */
import type { Fields } from '../values.ts';
import { present } from './chat.ts';
import { isObject, type Shape } from './shape.ts';

export const unipo: Shape = {
  wholeFile: true,

  fits: ({ header, entries }) => isObject(header) && Array.isArray(entries),

  rows({ entries }) {
    if (!Array.isArray(entries) || entries.length === 0) return 'a run without entries';
    return entries.flatMap((entry: unknown): (Fields | string)[] => {
      if (!isObject(entry)) return ['an entry that is no object'];
      const { step, prompts } = entry;
      if (!Array.isArray(prompts)) return ['an entry without its prompts'];
      return prompts.flatMap((one: unknown, group) => responsesOf(one, group, step));
    });
  },
};

function responsesOf(given: unknown, group: number, step: unknown): (Fields | string)[] {
  if (!isObject(given) || !Array.isArray(given.responses)) return ['a prompt without its responses'];
  const { prompt, responses } = given;
  return responses.map((response: unknown) => {
    if (!isObject(response)) return 'a response that is no object';
    const { id, reward, advantage, response_text, response_length } = response;
    return present({ step, group, prompt, id, response: response_text, reward, advantage, response_length });
  });
}
