/**
 * What the name of a column says about it, word by word. Names are a hint: what a column holds decides
 * (judging/facts.ts).
 */

export type NameClass =
  /** An answer, written or expected: no judgement of it. */
  | 'answer'
  /** A count, a length, a time, a number of something. */
  | 'count'
  /** What a trainer makes of rewards, or keeps beside them. */
  | 'trainer'
  | 'judgement';

const set = (words: string) => new Set(words.split(' '));

const truthWords = set(
  'acc accuracy correct correctness pass passed passes passing success successful solved resolved verified exact match em test tests truth true gold',
);
const rewardWords = set('reward rewards rm orm prm preference judge');
const styleWords = set(
  'format formatting length len penalty repetition repeat overlong bonus cosine style truncated truncation clipped eos finished complete completed aborted stop kept',
);
const answerWords = set(
  'ground gt gts answer answers solution target reference ref expected pred preds prediction predicted parsed extracted',
);
const referenceWords = set('ref reference');
const countWords = set(
  'num n count counts len length lengths token tokens time ms sec secs seconds duration latency idx index id ids seed rank version size turns steps step lines chars words epoch iteration',
);
const trainerWords = set(
  'advantage advantages logprob logprobs logp kl entropy value values return returns prob probs ratio loss lr temperature weight weights mask uses remove removed timestamp',
);

/** The words of a name: "MathAccuracy", "pass_rate" and "extra.is-correct" are two words and three. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const any = (words: readonly string[], of: ReadonlySet<string>) => words.some((word) => of.has(word));

export function classOf(name: string): NameClass {
  const words = wordsOf(name).filter((word) => !/^v?\d+$/.test(word));
  // "Ground truth" and "gold answer" are answers; "answer correct" judges one.
  const judges = words.some((word) => truthWords.has(word) && word !== 'truth' && word !== 'gold');
  // A "token reward" is a reward, "reward tokens" are counted.
  const last = words.at(-1) ?? '';
  const isReward = rewardWords.has(last) || ['penalty', 'score', 'scores'].includes(last);
  const isValue = ['value', 'values'].includes(last) && any(words, rewardWords);
  // The reward of a reference is not that of a response.
  if (any(words, rewardWords) && any(words, referenceWords)) return 'trainer';
  if (any(words, answerWords) && !judges && !isReward) return 'answer';
  if (isReward || isValue) return 'judgement';
  if (any(words, trainerWords)) return 'trainer';
  return any(words, countWords) ? 'count' : 'judgement';
}

/** The innermost part of a nested name, where that says something: "acc" of "reward.acc". */
function leafOf(name: string): string {
  const leaf = name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
  return /[a-z]{2}/i.test(leaf) ? leaf : name;
}

/** Whether a name says that the column judges whether a response is right. */
export const saysTruth = (name: string): boolean => any(wordsOf(name), truthWords);
/** Whether a name says that the column is a reward, or a part of one. What stands in a reward may be a truth. */
export const saysReward = (name: string): boolean =>
  any(wordsOf(saysTruth(leafOf(name)) ? leafOf(name) : name), rewardWords);
/** Whether a name says that the column judges how a response looks, or how it ended. */
export const saysStyle = (name: string): boolean => any(wordsOf(name), styleWords);
export const saysScore = (name: string): boolean => wordsOf(name).includes('score');
/** Whether a name says that the column is the whole reward. */
export const saysWhole = (name: string): boolean =>
  /^(total_?|final_?)?rewards?(_?(total|sum))?$/i.test(leafOf(name));
