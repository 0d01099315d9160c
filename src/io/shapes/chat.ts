/** Conversations as trainers write them: lists of messages with a role and a content. */
import { type Fields, textOf } from '../values.ts';
import { isObject } from './shape.ts';

export const messagesOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

const isAnswer = ({ role }: Fields) => role === 'assistant';

/** The text of a message; of a list of parts, those that are text. */
export function contentOf({ content }: Fields): string {
  if (!Array.isArray(content)) return textOf(content);
  const texts = content.map((part) => (isObject(part) ? part.text : part));
  return texts.filter((text) => typeof text === 'string').join('\n');
}

/** What came before the first answer: the prompt. */
export function promptOf(messages: readonly Fields[]): readonly Fields[] {
  const first = messages.findIndex(isAnswer);
  return first < 0 ? messages : messages.slice(0, first);
}

/** Everything that the policy answered. */
export const answersOf = (messages: readonly Fields[]): string =>
  messages.filter(isAnswer).map(contentOf).join('\n');

/** The fields that have a value. */
export const present = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
