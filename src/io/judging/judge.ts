/**
 * Which column is the reward and which the true score, by what the columns hold first and by their names second. Where
 * two guesses are close there is a question instead of an answer.
 */
import { writeReward } from '../../core/analysis/rewardExpression.ts';
import type { ColumnQuestion } from './columnQuestion.ts';
import { agree, type ColumnFacts } from './facts.ts';
import { classOf, saysReward, saysScore, saysStyle, saysTruth, saysWhole } from './names.ts';

/** What a format says about its reward. */
export type RewardSaid =
  /** A column of this name, whatever else there is. */
  | { column: string }
  /** A column for each reward function; the trainer adds them up by weights that the file does not hold. */
  | 'functions'
  | 'unknown';

export interface Judged {
  /** The reward as a person would write it; null where nothing looks like one. */
  reward: string | null;
  score: string | null;
  questions: ColumnQuestion[];
  /** What a person should know who trusts the guess. */
  notes: string[];
}

/** Fewer values show nothing about a column that never changes. */
const enough = 8;

/** @param columns columns with numbers that have no other role */
export function judge(columns: readonly ColumnFacts[], said: RewardSaid): Judged {
  const reward = judgeReward(columns, said);
  const taken = reward.parts.length === 1 ? reward.parts[0] : null;
  const score = judgeScore(
    columns.filter((column) => column !== taken),
    taken,
    // Of reward functions only one that says so can be a truth.
    said === 'functions' ? 2 : 1,
  );
  return {
    reward: reward.reward,
    score: score.score,
    questions: [reward.question, score.question].filter((question) => question !== null),
    notes:
      score.score === null && score.question === null
        ? [...outside(columns, taken), ...constantScores(columns, taken)]
        : [],
  };
}

interface JudgedReward {
  reward: string | null;
  parts: ColumnFacts[];
  question: ColumnQuestion | null;
}

const term = ({ name, isList }: ColumnFacts, weight = 1) => ({ column: name, weight, sum: isList });
const written = (...columns: ColumnFacts[]) => writeReward(columns.map((column) => term(column)));
const list = (names: readonly string[], last: string) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names[names.length - 1]}`;

function judgeReward(columns: readonly ColumnFacts[], said: RewardSaid): JudgedReward {
  const nothing: JudgedReward = { reward: null, parts: [], question: null };
  const taken = (...parts: ColumnFacts[]): JudgedReward => ({
    reward: written(...parts),
    parts,
    question: null,
  });
  const judgements = columns.filter(({ name }) => classOf(name) === 'judgement');
  const varied = judgements.filter((column) => !column.isConstant && column.differsWithin !== false);
  if (said === 'functions') return fromFunctions(judgements, varied);
  if (said !== 'unknown') {
    const column = columns.find(({ name }) => name === said.column);
    if (column === undefined) return { ...nothing, reward: said.column };
    const others = varied.filter((other) => other !== column && !saysTruth(other.name) && grade(other) >= 3);
    return { ...taken(column), question: column.isConstant ? doubt(column, others) : null };
  }
  // By its name nothing else is the reward, even where it never changes.
  const still = judgements.find(({ name, isConstant }) => isConstant && saysWhole(name));
  if (still !== undefined && !varied.some(({ name }) => saysWhole(name))) {
    const others = varied.filter(({ name }) => !saysTruth(name));
    return { ...taken(still), question: doubt(still, others) };
  }
  const among = varied.length > 0 ? varied : judgements;
  const best = Math.max(...among.map(grade));
  const first = among.filter((column) => grade(column) === best);
  const parts = among.filter(({ name }) => saysReward(name));
  // A reward by its name alone is the whole of it; beside others that are called rewards it may be one of several.
  const mayBePart = best === 3 && parts.some((column) => !agree(column, first[0]));
  if (best >= 2 && !mayBePart && first.every((column) => agree(column, first[0]))) return taken(first[0]);
  const names = (
    mayBePart ? parts : best >= 2 ? first : among.filter((column) => !saysTruth(column.name))
  ).map((one) => written(one));
  if (names.length === 0) return nothing;
  return {
    ...(best >= 2 ? taken(first[0]) : nothing),
    question: {
      role: 'reward',
      text: `Which column did the trainer maximise: ${list(names, 'or')}?`,
      // Several rewards are often added up.
      candidates: best >= 2 ? [...new Set([...names, written(...(mayBePart ? parts : first))])] : names,
    },
  };
}

/** Asks whether the reward is another column than one that never changes. */
function doubt(constant: ColumnFacts, others: readonly ColumnFacts[]): ColumnQuestion | null {
  if (constant.count < enough || others.length === 0) return null;
  const names = others.map((other) => written(other));
  return {
    role: 'reward',
    text: `${constant.name} is ${onlyValue(constant)} in all of the first ${constant.count} rows. Is the reward ${list(names, 'or')}?`,
    candidates: [...names, written(constant)],
  };
}

/** The value of a column that never changes. */
const onlyValue = ({ values }: ColumnFacts) => values.find((value) => value !== null);

/** How much a name says that a column is the whole reward, from 0 to 4. */
function grade({ name }: ColumnFacts): number {
  if (saysWhole(name)) return 4;
  if (saysReward(name)) return saysStyle(name) ? 1 : 3;
  if (saysTruth(name)) return 0;
  return saysScore(name) ? 2 : 1;
}

/** A column that says whether a response is right, and nothing about a reward. */
const isPlainTruth = ({ name, isShare }: ColumnFacts) => isShare && saysTruth(name) && !saysReward(name);

function fromFunctions(judgements: readonly ColumnFacts[], varied: readonly ColumnFacts[]): JudgedReward {
  const functions = varied.length > 0 ? varied : judgements.slice(0, 1);
  const whole = functions.find(({ name }) => saysWhole(name));
  const truths = functions.filter(isPlainTruth);
  const others = functions.filter((column) => !isPlainTruth(column));
  const one = whole ?? (functions.length === 1 ? functions[0] : null);
  // A learned reward beside tests is what a trainer logs to compare the two.
  const model =
    truths.length === 1 && others.length === 1 && grade(others[0]) >= 3 && !others[0].isBinary
      ? others[0]
      : null;
  const alone = one ?? model;
  if (alone !== null) return { reward: written(alone), parts: [alone], question: null };
  if (functions.length === 0) return { reward: null, parts: [], question: null };
  const names = functions.map((column) => written(column));
  // Anything can be logged beside the rewards: what is named like a judgement comes first.
  const named = functions.filter(({ name }) => saysReward(name) || saysTruth(name) || saysStyle(name));
  const likely = named.length > 0 ? named : functions;
  const sums = [written(...likely), written(...functions)];
  return {
    reward: sums[0],
    parts: [...likely],
    question: {
      role: 'reward',
      text: `${list(names, 'and')} may all be reward functions. The trainer adds those up by its reward weights, which the file does not hold. Which of them, with which weights?`,
      candidates: [...new Set([...sums, ...names])],
    },
  };
}

/** Counts and percentages by the name of a truth. */
function outside(columns: readonly ColumnFacts[], reward: ColumnFacts | null): string[] {
  const named = columns.filter(
    (column) =>
      column !== reward &&
      classOf(column.name) === 'judgement' &&
      saysTruth(column.name) &&
      !saysReward(column.name) &&
      !column.isShare,
  );
  if (named.length === 0) return [];
  const names = list(
    named.map(({ name }) => name),
    'and',
  );
  return [
    `${names} ${named.length === 1 ? 'lies outside [0, 1] and is' : 'lie outside [0, 1] and are'} not taken for the true score.`,
  ];
}

/** Columns by the name of a score that have one value: nothing in them says that it is the truth. */
const constantScores = (columns: readonly ColumnFacts[], reward: ColumnFacts | null): string[] =>
  columns
    .filter((column) => column !== reward && column.isConstant && column.isShare)
    .filter(({ name }) => classOf(name) === 'judgement' && saysScore(name) && !saysReward(name))
    .map(
      (column) =>
        `${column.name} is ${onlyValue(column)} wherever it was looked at, and is not taken for the true score.`,
    );

/**
 * @param reward the column that is the whole reward; null where the reward is made of several
 * @param least how sure a guess must be, from 1 to 3
 */
function judgeScore(
  columns: readonly ColumnFacts[],
  reward: ColumnFacts | null,
  least: number,
): { score: string | null; question: ColumnQuestion | null } {
  const candidates = columns.filter(
    (column) =>
      classOf(column.name) === 'judgement' &&
      !column.isList &&
      column.isShare &&
      (column.isConstant ? saysTruth(column.name) : column.differsWithin !== false) &&
      (saysTruth(column.name) || reward === null || !agree(column, reward)),
  );
  const sureness = ({ name }: ColumnFacts) => {
    if (saysTruth(name)) return saysReward(name) || saysStyle(name) ? 2 : 3;
    if (saysReward(name) || saysStyle(name)) return 0;
    return saysScore(name) ? 2 : 1;
  };
  const best = Math.max(0, ...candidates.map(sureness));
  if (best < least) return { score: null, question: null };
  const first = candidates.filter((column) => sureness(column) === best);
  if (best >= 2 && first.every((column) => agree(column, first[0])))
    return { score: first[0].name, question: null };
  const names = first.map(({ name }) => name);
  const what = names.length === 1 ? `${names[0]} lies` : `${list(names, 'and')} lie`;
  const ask =
    names.length === 1 ? 'Is it the true score of a response?' : 'Which of them is the true score, if any?';
  return {
    score: best >= 2 ? first[0].name : null,
    question: {
      role: 'score',
      text: `${what} in [0, 1] and ${names.length === 1 ? 'differs' : 'differ'} between the responses to a prompt. ${ask}`,
      candidates: names,
    },
  };
}
