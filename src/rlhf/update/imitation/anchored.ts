/**
 * What BOND and J-BOND share: some responses to each prompt are the policy's own, some the reference's. Their statistics
 * are of whole groups, before any filter; a filter takes terms away.
 */
import type { Conflict } from '../../catalogue/method.ts';
import type { ArmSettings } from '../../catalogue/settings.ts';
import type { Scored } from '../../loop/responses.ts';
import type { Examples, LossValue, Minibatch, Nn } from '../../slots.ts';

/** One prompt: the rows that the policy wrote, and those that the reference wrote, best first. */
export interface AnchoredGroup {
  own: number[];
  anchors: number[];
}

export function anchoredGroups({ group, byReference, standardised }: Scored): AnchoredGroup[] {
  const groups = new Map<number, AnchoredGroup>();
  group.forEach((g, row) => {
    if (!groups.has(g)) groups.set(g, { own: [], anchors: [] });
    groups.get(g)![byReference?.[row] ? 'anchors' : 'own'].push(row);
  });
  for (const { anchors } of groups.values())
    anchors.sort((i, j) => standardised[j] - standardised[i] || i - j);
  return [...groups.values()];
}

/** [B] log π/π_ref of whole responses, as they were sampled. */
export function logRatios({ logProb, refLogProb, starts }: Scored): Float32Array {
  return Float32Array.from(starts.subarray(1), (end, row) => {
    let sum = 0;
    for (let t = starts[row]; t < end; t++) sum += logProb[t] - refLogProb[t];
    return sum;
  });
}

/** [B] of the policy's rows, x minus the mean of x over the policy's other rows. */
export function besideOthers(x: Float32Array, groups: readonly AnchoredGroup[]): Float32Array {
  const own = groups.flatMap((group) => group.own);
  const sum = own.reduce((total, row) => total + x[row], 0);
  const advantage = new Float32Array(x.length);
  for (const row of own) {
    advantage[row] = own.length < 2 ? 0 : x[row] - (sum - x[row]) / (own.length - 1);
  }
  return advantage;
}

/**
 * The examples of what was kept: the better anchor of each group is imitated, the policy's own rows follow their
 * advantage. Each of the two is a mean over its rows.
 * @param weights of the two terms
 */
export function anchoredExamples(
  { group }: Scored,
  kept: Int32Array,
  groups: readonly AnchoredGroup[],
  advantage: Float32Array,
  weights: { forward: number; backward: number },
): Examples {
  const weight = new Float32Array(group.length);
  const best = groups.flatMap(({ anchors }) => anchors.slice(0, 1));
  const own = groups.flatMap((rows) => rows.own);
  for (const row of best) weight[row] = weights.forward / best.length;
  for (const row of own) weight[row] = (weights.backward * advantage[row]) / own.length;
  const rows = Array.from(kept).filter((row) => weight[row] !== 0);
  // A minibatch takes the mean over its rows; what is left adds up to the two means.
  for (const row of rows) weight[row] *= best.length + own.length;
  return { rows: rows.map((row) => [row]), perToken: {}, perRow: { weight } };
}

/** −w log π of whole responses: w is what imitation and advantage add up to. */
export const weightedLikelihood = (
  { tf, completionSums }: Nn,
  { batch, now, row }: Minibatch,
): LossValue => ({
  loss: tf.neg(tf.mean(tf.mul(completionSums(now, batch.host), row.weight))),
});

/** The reference must write, and enough. */
export const needsAnchors =
  (label: string) =>
  (_: unknown, { decode }: ArmSettings): Conflict[] => {
    const why = `${label} compares the policy’s responses with those of the reference`;
    if (decode.method !== 'beside') {
      return [
        {
          path: 'decode',
          message: `decode must be beside where ${why}, and is ${decode.method}.`,
          repair: { decode: 'beside' },
        },
      ];
    }
    if (Number(decode.referenceResponses) >= 2) return [];
    return [
      {
        path: 'decode.referenceResponses',
        message: `referenceResponses must be 2 or more where ${why}, and is ${decode.referenceResponses}.`,
        repair: { 'decode.referenceResponses': 2 },
      },
    ];
  };
