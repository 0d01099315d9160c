/**
 * A policy walks star graphs, alone or under guidance. The value network reads every candidate ("V-type" of Q#): the
 * graph and the path with the candidate at its end. The graphs are small and few, so all is read again at each step.
 */
import { type GuideRule, guideOffset } from '../../core/decoding/guidance.ts';
import type { Rng } from '../../core/random.ts';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { allLogits, scalars, type Transformer } from '../../nn/model/transformer.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { nodeToken, type Star, starText } from '../../tasks/star/star.ts';

export interface StarGuide {
  value: Transformer;
  rule: GuideRule;
  /** 1/η. */
  inverse: number;
  /** How many of the likeliest nodes are weighed; no other is drawn. */
  candidates: number;
}

/** Log-odds of reaching the goal after each path, by a value network. */
export async function successLogOdds(
  value: Transformer,
  paths: readonly (readonly [Star, readonly number[]])[],
) {
  const batch = upload(packSequences(paths.map(([star, written]) => starText(star, written))));
  const read = await readAndDispose(tf.tidy(() => scalars(value, batch)));
  batch.dispose();
  return Array.from(paths, (_, i) => read[batch.host.starts[i + 1] - 1]);
}

/** Logits of every node as the next one, by the policy: a row for each graph. */
export async function nodeLogits(
  policy: Transformer,
  stars: readonly Star[],
  written: readonly (readonly number[])[],
) {
  const batch = upload(packSequences(stars.map((star, i) => starText(star, written[i]))));
  const read = await readAndDispose(tf.tidy(() => allLogits(policy, batch)));
  batch.dispose();
  return stars.map(({ shape }, i) => {
    const from = (batch.host.starts[i + 1] - 1) * policy.config.vocab + nodeToken(0);
    return read.subarray(from, from + shape.labels);
  });
}

/** A path behind each graph's source, as long as that to the goal. */
export async function walk(
  policy: Transformer,
  stars: readonly Star[],
  rng: Rng,
  guide: StarGuide | null = null,
): Promise<number[][]> {
  const written: number[][] = stars.map(() => []);
  for (let step = 1; step < stars[0].shape.length; step++) {
    const logits = await nodeLogits(policy, stars, written);
    const chances = logits.map((row) =>
      Array.from(row, (logit, node) => ({ node, logit }))
        .sort((a, b) => b.logit - a.logit || a.node - b.node)
        .slice(0, guide?.candidates ?? row.length),
    );
    if (guide) {
      const paths = stars.flatMap((star, i) =>
        chances[i].map(({ node }) => [star, [...written[i], node]] as const),
      );
      const odds = await successLogOdds(guide.value, paths);
      let at = 0;
      for (const chance of chances)
        for (const each of chance) each.logit += guideOffset(guide.rule, odds[at++], guide.inverse);
    }
    chances.forEach((chance, i) => {
      written[i].push(draw(chance, rng.uniform()));
    });
  }
  return written;
}

function draw(chances: readonly { node: number; logit: number }[], uniform: number): number {
  const top = Math.max(...chances.map(({ logit }) => logit));
  const weights = chances.map(({ logit }) => Math.exp(logit - top));
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < chances.length; i++) {
    left -= weights[i];
    if (left < 0) return chances[i].node;
  }
  return chances[chances.length - 1].node;
}
