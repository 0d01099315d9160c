/**
 * NeMo-RL cuts its batch into slices of one, so that every value is a list of one; `content` holds the texts of the
 * conversation without their roles, the response last.
 */
import { type Fields, textOf } from '../values.ts';
import type { Shape } from './shape.ts';

const isOne = (value: unknown): value is [unknown] => Array.isArray(value) && value.length === 1;

export const listsOfOne: Shape = {
  fits: ({ content, rewards }) => isOne(content) && Array.isArray(content[0]) && Array.isArray(rewards),

  rows(record) {
    const { content } = record;
    if (!isOne(content) || !Array.isArray(content[0]) || content[0].length === 0)
      return 'content is not one list of texts';
    for (const [name, value] of Object.entries(record)) {
      if (/rewards$/.test(name) && !isOne(value))
        return `${name} holds ${Array.isArray(value) ? `${value.length} values` : 'no list'} where a list of one is expected`;
    }
    const texts = content[0].map(textOf);
    const rest: Fields = Object.fromEntries(
      Object.entries(record)
        .filter(([name]) => name !== 'content')
        .map(([name, value]) => [name, isOne(value) ? value[0] : value]),
    );
    return [{ prompt: texts.slice(0, -1).join('\n'), response: texts[texts.length - 1], ...rest }];
  },
};
