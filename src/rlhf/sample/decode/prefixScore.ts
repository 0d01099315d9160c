/** Scores of responses that may not be finished: by the reward, by the critic's value, or by the policy's own likelihood. */
import type { SequenceRow } from '../../../nn/batch/batch.ts';
import type { Rollouts } from '../../../nn/generate/generate.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import type { tf } from '../../../nn/tensors/tf.ts';
import { endToken } from '../../../tasks/tokenizer.ts';
import type { Nn } from '../../slots.ts';
import type { ScoreRows } from './lanes.ts';

/** Prompt and completion so far of some rows. The rollouts' arrays change later, so tokens are copied. */
function rowsSoFar(
  { tokens, totalLength, promptLength }: Rollouts,
  rows: readonly number[],
): (SequenceRow & { tokens: Int32Array })[] {
  const stride = tokens.length / totalLength.length;
  return rows.map((row) => ({
    tokens: tokens.slice(row * stride, row * stride + totalLength[row]),
    promptLength: promptLength[row],
  }));
}

/** Mean log-probability of a row's tokens under the policy that wrote it: minus the logarithm of its perplexity. */
export const byLikelihood: ScoreRows = async ({ logProb, starts }, rows) =>
  rows.map((row) => {
    let sum = 0;
    for (let t = starts[row]; t < starts[row + 1]; t++) sum += logProb[t];
    return sum / (starts[row + 1] - starts[row]);
  });

/** What a network's readout says of the rows. @param grade one number for each row of the batch */
export function byNetwork(
  nn: Nn,
  grade: (batch: ReturnType<Nn['upload']>, rows: readonly number[]) => tf.Tensor1D | Float32Array,
  rowsOf = rowsSoFar,
): ScoreRows {
  return async (rollouts, rows) => {
    const batch = nn.upload(nn.packSequences(rowsOf(rollouts, rows)));
    try {
      return (await nn.readTogether(() => ({ score: grade(batch, rows) }))).score;
    } finally {
      batch.dispose();
    }
  };
}

/**
 * The critic's value of the state after a row's last token; of a row that has ended, before its end token, because no
 * action follows that token and the critic has never learned anything there.
 */
export const byValue = (nn: Nn, critic: Transformer): ScoreRows =>
  byNetwork(
    nn,
    (batch) => nn.atEnds(nn.scalars(critic, batch), batch.host),
    (rollouts, rows) =>
      rowsSoFar(rollouts, rows).map(({ tokens, promptLength }) => ({
        tokens: tokens[tokens.length - 1] === endToken ? tokens.subarray(0, -1) : tokens,
        promptLength,
      })),
  );
