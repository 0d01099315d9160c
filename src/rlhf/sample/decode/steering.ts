/**
 * What guidance does to the tokens of finished texts: how likely the starting policy found each, how likely success is
 * once it is written, how likely the steered policy finds it, and how far the steered choice is from the starting
 * policy's. The distances are exact at every token (sums over the whole vocabulary), so that they vary less than ratios
 * of what was drawn.
 */
import { passChance } from '../../../core/decoding/guidance.ts';
import { packSequences, type SequenceRow, upload } from '../../../nn/batch/batch.ts';
import type { Guide } from '../../../nn/generate/generator.ts';
import { steer } from '../../../nn/generate/sampling.ts';
import { padToken } from '../../../nn/model/config.ts';
import { allLogits, type Transformer } from '../../../nn/model/transformer.ts';
import { allValues } from '../../../nn/model/valueHead.ts';
import { readAndDispose } from '../../../nn/tensors/readback.ts';

/** [C] one entry per completion token. */
export interface Steering {
  /** [B+1] where each row starts in the columns. */
  starts: Int32Array;
  /** Probability under the starting policy. */
  reference: Float32Array;
  /** Probability of success once the token is written; NaN without guidance. */
  success: Float32Array;
  /** Probability under the policy as it is steered. */
  now: Float32Array;
  /** KL of the steered choice to the starting policy's, in nats. */
  kl: Float32Array;
}

/** Rows that are read at a time: logits of the whole vocabulary are large. */
const chunk = 48;

/**
 * @param policy what writes, steered or not
 * @param start the starting policy, from which distance is measured
 */
export async function readSteering(
  policy: Transformer,
  start: Transformer,
  guide: Guide | undefined,
  rows: readonly SequenceRow[],
): Promise<Steering> {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach(({ tokens, promptLength }, row) => {
    starts[row + 1] = starts[row] + tokens.length - promptLength;
  });
  const column = () => new Float32Array(starts[rows.length]);
  const read: Steering = { starts, reference: column(), success: column(), now: column(), kl: column() };
  for (let from = 0; from < rows.length; from += chunk) {
    const batch = upload(packSequences(rows.slice(from, from + chunk)));
    const begun = await readAndDispose(allLogits(start, batch));
    const written = policy === start ? begun : await readAndDispose(allLogits(policy, batch));
    const values = guide && (await readAndDispose(allValues(guide.model, batch)));
    batch.dispose();
    const V = policy.config.vocab;
    const { actionRows, actionTargets, tokens } = batch.host;
    const scaled = new Float32Array(V);
    for (let a = 0; a < actionRows.length; a++) {
      const place = starts[from] + a;
      const slice = (all: Float32Array) => {
        const columns = all.length / tokens.length;
        return all.subarray(actionRows[a] * columns, (actionRows[a] + 1) * columns);
      };
      const chosen = actionTargets[a];
      scaled.set(slice(written));
      scaled[padToken] = Number.NEGATIVE_INFINITY;
      const said = (token: number) => {
        const all = slice(values!);
        return Array.from({ length: all.length / V }, (_, bin) => all[bin * V + token]);
      };
      if (guide) steer(scaled, said, guide);
      const [before, after] = [logSoftmax(slice(begun)), logSoftmax(scaled)];
      let kl = 0;
      for (let v = 0; v < V; v++) {
        const p = Math.exp(after[v]);
        if (p > 0) kl += p * (after[v] - before[v]);
      }
      read.reference[place] = Math.exp(before[chosen]);
      read.now[place] = Math.exp(after[chosen]);
      read.success[place] = guide ? passChance(said(chosen)) : Number.NaN;
      read.kl[place] = kl;
    }
  }
  return read;
}

/** Mean over rows of the KL of a whole text. */
export function meanKl({ kl, starts }: Steering): number {
  return kl.reduce((sum, value) => sum + value, 0) / (starts.length - 1);
}

function logSoftmax(logits: Float32Array): Float64Array {
  let max = Number.NEGATIVE_INFINITY;
  for (const z of logits) max = Math.max(max, z);
  let sum = 0;
  for (const z of logits) sum += Math.exp(z - max);
  const lse = max + Math.log(sum);
  return Float64Array.from(logits, (z) => z - lse);
}
