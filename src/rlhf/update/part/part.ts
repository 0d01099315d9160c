/**
 * One token's part in an update: what the loss does to it, from the rows of an iteration and the loss that trains. The
 * update is taken as one step on the response and some forty others, at the policy that wrote the rows, where every ratio is 1; or,
 * with a shift, where the log-probability of the one token has already moved by so much.
 *
 * What cannot be known from the rows is said instead of guessed: an answer that would depend on it is none.
 */
import { surrogate } from '../../../nn/training/surrogate.ts';
import { methodsOf } from '../../catalogue/catalogue.ts';
import { initialValues, type Values } from '../../catalogue/knobs.ts';
import type { ArmSettings } from '../../catalogue/settings.ts';
import { gatherRows, type Scored } from '../../loop/responses.ts';
import type { SampleColumns } from '../../loop/samples.ts';
import type { RewardScale } from '../../loop/state.ts';
import type { Examples, Minibatch, Nn, UpdateMethod } from '../../slots.ts';
import { arithmetic, type Numbers } from './numbers.ts';

export interface Seen {
  samples: SampleColumns;
  /** What the iteration logged. */
  metrics: Readonly<Record<string, number | undefined>>;
  settings: ArmSettings;
  /** Of the rewards of the starting policy; null when it is not known. */
  scale: RewardScale | null;
}

/** A response of the example that the token stands in. */
export interface Side {
  row: number;
  tokens: number;
  /** Σ log π and Σ log π_ref over its tokens. */
  nats: number;
  refNats: number;
  /** Mean push on its tokens. */
  push: number;
}

export interface Part {
  /**
   * How strongly the update moves the token: −∂loss/∂log π, times the number of tokens in the step. Above 0 it becomes
   * likelier. With PPO, before any step, this is the advantage.
   */
  push: number;
  /** π/π_old of the token. */
  ratio: number;
  advantage: number | null;
  /** The loss of this token alone, or of its whole example where tokens have no loss of their own. */
  term: number;
  of: 'token' | 'example';
  /** The responses of its example, the better first; one where nothing is compared. */
  sides: Side[];
}

/** The part, or a whole sentence that says why there is none or why it is not known. */
export type Answer = { part: Part } | { none: string } | { unknown: string };

/** @param shift nats by which log π of the token has moved since the rows were written */
export function partOf(update: UpdateMethod, seen: Seen, row: number, token: number, shift = 0): Answer {
  const { settings, scale } = seen;
  const methods = methodsOf(settings);
  if (settings.training.normalise === 'after')
    return {
      unknown: 'Its advantages are of what the filter let through alone, and were not kept.',
    };
  const own = methods.update.id === update.id;
  const knobs = own ? settings.update : initialValues(update.knobs);
  const advantage = own ? seen.samples.advantage : undefined;
  const { decode, price, reference } = methods;
  if (decode.byReference)
    return {
      unknown:
        'These responses were not written by the policy of this iteration, and what it thinks of them was not kept.',
    };
  if (Object.keys(update.networks(knobs as never)).length > 0 && !advantage)
    return {
      unknown: own
        ? 'The advantages of this run were not kept: it was stored before they were, or is a recording.'
        : 'It needs the values of a critic, which this arm has not trained for it.',
    };
  if (update.compares && reference.id !== 'starting')
    return { unknown: 'Its reference has moved, and what it says of these tokens was not kept.' };
  if (update.priced && !advantage && price.memory && seen.metrics.beta === undefined)
    return { unknown: 'The price of distance changes as the run goes, and was not kept.' };

  const at = (deviation: number) => {
    const step = new Step(update, knobs, scoredOf(seen, deviation), keptWith(seen.samples, row), advantage);
    try {
      return step.partOf(row, token, shift);
    } catch (cause) {
      if (!(cause instanceof NotKept)) throw cause;
      return { unknown: 'It compares the probabilities of all tokens at each place, which are not kept.' };
    }
  };
  if (scale || advantage) return at(scale?.deviation ?? 1);
  const [one, half] = [at(1), at(0.5)];
  if ('part' in one && 'part' in half && differ(one.part.push, half.part.push))
    return { unknown: 'It depends on the unit of the rewards, which was not kept with this run.' };
  return one;
}

/** A loss asked for the distributions over the vocabulary: the rows hold the probability of what was written alone. */
class NotKept extends Error {}

const differ = (a: number, b: number) => Math.abs(a - b) > 0.01 * Math.max(Math.abs(a), Math.abs(b));

/** The rows that the filter let through, and the one that is looked at: what would be if it had been kept. */
function keptWith({ uses }: SampleColumns, row: number): Int32Array {
  const kept: number[] = [];
  uses.forEach((times, each) => {
    for (let i = 0; i < Math.max(times, each === row ? 1 : 0); i++) kept.push(each);
  });
  return Int32Array.from(kept);
}

export function scoredOf({ samples, metrics, settings, scale }: Seen, deviation: number): Scored {
  const { starts, tokens, reward, refLogProb } = samples;
  const { price } = methodsOf(settings);
  const rows = Array.from(reward, (_, b) => ({
    tokens: tokens.subarray(starts[b], starts[b + 1]),
    promptLength: 0,
  }));
  return {
    ...samples,
    rows,
    programs: [],
    startLogProb: refLogProb,
    standardised: reward.map((r) => (r - (scale?.mean ?? 0)) / deviation),
    // A price that changes is logged where the arm's own update pays it.
    beta: price.memory ? (metrics.beta ?? 0) : price.beta(settings.price, undefined),
    // Of networks whose word is in the stored advantages.
    values: { critic: new Float32Array(tokens.length) },
  };
}

/** Responses of a step: enough for means, and few enough for a page. */
const stepRows = 40;

/** The update as one step. */
class Step {
  readonly #update: UpdateMethod;
  readonly #knobs: Values;
  readonly #scored: Scored;
  readonly #examples: Examples;

  constructor(
    update: UpdateMethod,
    knobs: Values,
    scored: Scored,
    kept: Int32Array,
    advantage: Float32Array | undefined,
  ) {
    this.#update = update;
    this.#knobs = knobs;
    this.#scored = scored;
    const examples = update.examples(scored, kept, knobs as never);
    this.#examples = advantage ? withAdvantage(examples, advantage, scored.starts) : examples;
  }

  partOf(row: number, token: number, shift: number): Answer {
    const { perToken, perRow } = this.#examples;
    const example = this.#examples.rows.find((each) => each.includes(row));
    if (!example)
      return {
        none: 'It learns nothing from this response, which is in none of its examples.',
      };
    const rows = this.#minibatch(example);
    if (rows.flat().some((each) => each >= this.#scored.reward.length))
      return { unknown: 'It reads responses to other prompts than their own, which are not kept.' };
    const { starts, logProb, refLogProb } = this.#scored;
    const moved = Float32Array.from(logProb);
    moved[starts[row] + token] += shift;
    const whole = this.#loss(rows, moved);
    const tokensOf = (each: number) => starts[each + 1] - starts[each];
    const count = rows.flat().reduce((sum, each) => sum + tokensOf(each), 0);
    const push = (each: number, t: number) => -count * whole.slope(each, t) || 0;
    const side = (each: number): Side => {
      const places = Array.from({ length: tokensOf(each) }, (_, t) => t);
      const total = (of: (t: number) => number) => places.reduce((sum, t) => sum + of(t), 0);
      return {
        row: each,
        tokens: places.length,
        nats: total((t) => moved[starts[each] + t]),
        refNats: total((t) => refLogProb[starts[each] + t]),
        push: total((t) => push(each, t)) / places.length,
      };
    };
    // A token has a loss of its own where nothing is compared and nothing that happens to others changes what happens to it.
    const others = logProb.map((nats, t) => (t === starts[row] + token ? moved[t] : nats - 0.05));
    const alone =
      example.length === 1 &&
      Math.abs(this.#loss(rows, others).slope(row, token) - whole.slope(row, token)) < 1e-9;
    const place = starts[row] + token;
    return {
      part: {
        push: push(row, token),
        ratio: Math.exp(shift),
        advantage: perToken.advantage?.[place] ?? perRow?.advantage?.[row] ?? null,
        term: alone ? this.#lossOfToken(place, moved) : this.#loss([example], moved).value,
        of: alone ? 'token' : 'example',
        sides: example.map(side),
      },
    };
  }

  /** The example among others, as many as a minibatch may have. */
  #minibatch(example: readonly number[]): Examples['rows'] {
    const chosen = [example];
    let rows = example.length;
    for (const other of this.#examples.rows) {
      if (rows >= stepRows) break;
      if (other === example) continue;
      chosen.push(other);
      rows += other.length;
    }
    return chosen;
  }

  /** The loss of these examples and its derivative in log π of each token. */
  #loss(examples: Examples['rows'], logProb: Float32Array) {
    const rows = examples.flat();
    const { starts } = this.#scored;
    const lengths = rows.map((each) => starts[each + 1] - starts[each]);
    const at = (column: Float32Array) => gatherRows(column, starts, rows);
    const { value, slopes, actionStarts } = this.#compute(
      lengths,
      at(logProb),
      at,
      (column) => Float32Array.from(rows, (each) => column[each]),
      examples.map(({ length }) => length),
    );
    const slope = (row: number, t: number) =>
      rows.reduce((sum, each, i) => sum + (each === row ? slopes[actionStarts[i] + t] : 0), 0);
    return { value, slope };
  }

  /** The loss as it is where nothing but this token was written. */
  #lossOfToken(place: number, logProb: Float32Array): number {
    const row = this.#scored.starts.findLastIndex((start) => start <= place);
    const at = (column: Float32Array) => column.slice(place, place + 1);
    const ofRow = (column: Float32Array) => column.slice(row, row + 1);
    return this.#compute([1], at(logProb), at, ofRow, [1]).value;
  }

  #compute(
    lengths: readonly number[],
    logProb: Float32Array,
    perToken: (column: Float32Array) => Float32Array,
    perRow: (column: Float32Array) => Float32Array,
    sizes: readonly number[],
  ): { value: number; slopes: Float64Array; actionStarts: Int32Array } {
    const { tf, segments, constant, derive } = arithmetic();
    const actionStarts = new Int32Array(lengths.length + 1);
    lengths.forEach((length, i) => {
      actionStarts[i + 1] = actionStarts[i] + length;
    });
    const upload = (columns: Examples['perToken'], at: (column: Float32Array) => Float32Array) =>
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, tf.tensor1d(at(column))]));
    const clippedSurrogate = (ratio: Numbers, advantage: Numbers, below: number, above: number) =>
      surrogate(tf as never, ratio as never, advantage as never, below, above);
    const nn = {
      tf,
      stopGradient: constant,
      completionSums: segments(actionStarts),
      actionCounts: () => tf.tensor1d(lengths.map((length) => Math.max(1, length))),
      clippedSurrogate,
      clippedPolicyLoss: (now: Numbers, old: Numbers, advantage: Numbers, clip: number) => {
        const { objective, ...watch } = clippedSurrogate(tf.sub(now, old), advantage, clip, clip);
        return { loss: tf.neg(tf.mean(objective as unknown as Numbers)), ...watch };
      },
    };
    const now = tf.tensor1d(logProb);
    const minibatch = {
      batch: { host: { sequences: lengths.length, actionStarts } },
      now,
      old: upload(this.#examples.perToken, perToken),
      row: upload(this.#examples.perRow ?? {}, perRow),
      sizes,
      drift: () => {
        throw new NotKept();
      },
    };
    const { loss } = this.#update.losses.policy(
      nn as unknown as Nn,
      minibatch as unknown as Minibatch,
      this.#knobs as never,
    );
    const result = loss as unknown as Numbers;
    derive(result);
    return { value: result.data[0], slopes: now.slope, actionStarts };
  }
}

/** The examples with the advantages that the run itself computed. */
export function withAdvantage(examples: Examples, advantage: Float32Array, starts: Int32Array): Examples {
  const { perToken, perRow } = examples;
  if (perToken.advantage) return { ...examples, perToken: { ...perToken, advantage } };
  if (!perRow?.advantage) return examples;
  return {
    ...examples,
    perRow: { ...perRow, advantage: perRow.advantage.map((_, row) => advantage[starts[row]]) },
  };
}
