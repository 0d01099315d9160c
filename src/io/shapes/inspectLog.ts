/**
 * A log of Inspect, as `inspect log dump` writes it: samples of an evaluation, each as often as there were epochs,
 * with one score or several. What Inspect counts as a number is one here.
 */
import { type Fields, numberOf } from '../values.ts';
import { answersOf, contentOf, messagesOf, present } from './chat.ts';
import { isObject, type Shape } from './shape.ts';

export const inspectLog: Shape = {
  wholeFile: true,

  fits: ({ eval: about, samples }) => isObject(about) && Array.isArray(samples),

  rows({ samples }) {
    if (!Array.isArray(samples) || samples.length === 0) return 'a log without samples';
    return samples.map((sample) => (isObject(sample) ? rowOf(sample) : 'a sample that is no object'));
  },
};

function rowOf(sample: Fields): Fields | string {
  const { id, epoch, input, target, messages, output, scores, metadata, error } = sample;
  if (isObject(error)) return 'a sample that failed (it has an error)';
  if (!isObject(scores) || Object.keys(scores).length === 0) return 'a sample without scores';
  const [choice] = isObject(output) ? messagesOf(output.choices) : [];
  const answer = isObject(choice?.message) ? contentOf(choice.message) : '';
  return present({
    sample_id: id,
    epoch,
    input,
    target,
    output: answersOf(messagesOf(messages)) || answer,
    ...Object.fromEntries(Object.entries(scores).flatMap(([name, score]) => scoresOf(name, score))),
    metadata,
  });
}

const grades: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0, yes: 1, no: 0 };

function scoresOf(name: string, score: unknown): [string, number][] {
  const value = isObject(score) ? score.value : score;
  const parts: [string, unknown][] = isObject(value)
    ? Object.entries(value).map(([part, one]) => [`scores.${name}.${part}`, one])
    : [[`scores.${name}`, value]];
  return parts.flatMap(([column, one]) => {
    const number = (typeof one === 'string' ? grades[one] : undefined) ?? numberOf(one);
    return number === null ? [] : [[column, number]];
  });
}
