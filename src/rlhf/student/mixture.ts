/**
 * A student that mixes what its neighbours say into what it says itself, after kNN-LM (Khandelwal et al., arXiv 1911.00172):
 *
 *   p(token) = λ p_retrieved(token) + (1 − λ) p_student(token)
 *
 * Ours: every stored program of a neighbour votes at the places where the last tokens written stand in it, for the token that
 * follows there. A vote weighs more the longer the common context, the nearer the request, and the surer the teacher was of
 * that token. Where nothing fits, the student speaks alone.
 */
import { hash32, stream } from '../../core/random.ts';
import type { Rollouts } from '../../nn/generate/generate.ts';
import { Reader } from '../../nn/generate/reference.ts';
import { endToken, padToken } from '../../nn/model/config.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import { encodeProgram } from '../../tasks/tokenizer.ts';
import type { Neighbour } from './retriever.ts';

/** A stored program that votes. */
export interface Voter {
  /** Its end included. */
  tokens: ArrayLike<number>;
  logProb: ArrayLike<number>;
  /** Above 0. */
  weight: number;
}

/** The longest context that is looked for. */
const longest = 4;
/** How much more a vote weighs for each further token of common context. */
const perToken = 8;
/** How sharply nearness counts: the weight of a neighbour is exp of this times its similarity. */
const nearness = 40;

export function votersOf(neighbours: readonly Neighbour[]): Voter[] {
  return neighbours.flatMap(({ known: { entries }, similarity }) =>
    entries.map(({ program, logProb }) => ({
      tokens: encodeProgram(program),
      logProb,
      weight: Math.exp(nearness * (similarity - 1)) / entries.length,
    })),
  );
}

/** What the voters make of the next token, as shares that add up to 1; empty where no voter has the context. */
export function retrieved(written: readonly number[], voters: readonly Voter[]): Map<number, number> {
  const votes = new Map<number, number>();
  let total = 0;
  for (const { tokens, logProb, weight } of voters) {
    for (let at = 0; at < tokens.length; at++) {
      let common = 0;
      while (
        common < longest &&
        common < at &&
        common < written.length &&
        tokens[at - 1 - common] === written[written.length - 1 - common]
      )
        common++;
      // The first token follows no other: only beginnings fit.
      const fits = written.length === 0 ? at === 0 : common > 0;
      if (!fits) continue;
      const vote = weight * perToken ** common * Math.exp(logProb[at]);
      votes.set(tokens[at], (votes.get(tokens[at]) ?? 0) + vote);
      total += vote;
    }
  }
  for (const [token, vote] of votes) votes.set(token, vote / total);
  return votes;
}

/** λ of the retrieved shares and 1 − λ of the student's; the student's alone where nothing was retrieved. */
export function mixed(
  student: Float32Array,
  shares: ReadonlyMap<number, number>,
  lambda: number,
): Float64Array {
  const own = shares.size > 0 ? 1 - lambda : 1;
  const result = Float64Array.from(student, (p) => own * p);
  for (const [token, share] of shares) result[token] += lambda * share;
  return result;
}

/** Probabilities of the next token, padding excepted. */
function distribution(logits: Float32Array): Float32Array {
  let max = Number.NEGATIVE_INFINITY;
  for (let v = 0; v < logits.length; v++) if (v !== padToken) max = Math.max(max, logits[v]);
  const p = logits.map((z, v) => (v === padToken ? 0 : Math.exp(z - max)));
  const total = p.reduce((sum, x) => sum + x, 0);
  return p.map((x) => x / total);
}

export interface MixedWriting {
  /** Tokens of each request as the student reads it. */
  prompts: readonly Int32Array[];
  /** Who votes at each request. */
  voters: readonly (readonly Voter[])[];
  lambda: number;
  samplesPerPrompt: number;
  /** Take the likeliest token instead of drawing. */
  greedy: boolean;
  seed: number;
}

/**
 * Programs of a student that mixes, at temperature 1. The student is small: it is read token by token in plain numbers,
 * whatever the backend that holds its weights.
 */
export async function writeMixed(
  model: Transformer,
  { prompts, voters, lambda, samplesPerPrompt, greedy, seed }: MixedWriting,
): Promise<Rollouts> {
  const { maxLength } = model.config;
  const reader = new Reader(model.config, await model.weights());
  const rows = prompts.length * samplesPerPrompt;
  const tokens = new Int32Array(rows * maxLength);
  const promptLength = new Int32Array(rows);
  const totalLength = new Int32Array(rows);
  const starts = new Int32Array(rows + 1);
  const logProb: number[] = [];
  prompts.forEach((prompt, p) => {
    prompt.forEach((token, position) => {
      reader.read(token, position);
    });
    const first = reader.logits.slice();
    for (let sample = 0; sample < samplesPerPrompt; sample++) {
      const row = p * samplesPerPrompt + sample;
      const rng = stream(seed, 'mixed draws', hash32(row));
      const written: number[] = [];
      reader.logits.set(first);
      while (prompt.length + written.length < maxLength && written.at(-1) !== endToken) {
        const shares = mixed(distribution(reader.logits), retrieved(written, voters[p]), lambda);
        const token = greedy ? shares.indexOf(Math.max(...shares)) : drawn(shares, rng.uniform());
        logProb.push(Math.log(shares[token]));
        reader.read(token, prompt.length + written.length);
        written.push(token);
      }
      tokens.set([...prompt, ...written], row * maxLength);
      promptLength[row] = prompt.length;
      totalLength[row] = prompt.length + written.length;
      starts[row + 1] = starts[row] + written.length;
    }
  });
  return { tokens, promptLength, totalLength, starts, logProb: Float32Array.from(logProb) };
}

/** The first token up to which the shares add up to more than `uniform`. */
function drawn(shares: Float64Array, uniform: number): number {
  let sum = 0;
  let last = endToken;
  for (let v = 0; v < shares.length; v++) {
    if (shares[v] <= 0) continue;
    sum += shares[v];
    last = v;
    if (sum > uniform) return v;
  }
  return last;
}
