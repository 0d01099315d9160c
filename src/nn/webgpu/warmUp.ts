/**
 * Compiling everything that training and sampling will need, in parallel, before the first step: otherwise the
 * first iteration stutters through some forty pipelines one after the other.
 */
import { packSequences, upload } from '../batch/batch.ts';
import { atActions } from '../batch/ragged.ts';
import { generate } from '../generate/generate.ts';
import type { ModelConfig } from '../model/config.ts';
import { scalars, Transformer, tokenLogProbs } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';
import { clippedPolicyLoss, clippedValueLoss } from '../training/losses.ts';
import type { GpuBackend } from './backend.ts';

/**
 * Records one PPO step of policy and critic and one rollout without executing them, on models of the given size.
 * @param onProgress pipelines compiled, and how many there are
 */
export async function warmUp(
  gpu: GpuBackend,
  config: ModelConfig,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<void> {
  const zeros = { normal: () => 0 };
  const policy = Transformer.create(config, zeros);
  const critic = Transformer.create(config, zeros, { scalarHead: true });
  const length = Math.min(8, config.maxLength);
  const rows = [length, length - 1].map((size) => ({
    tokens: new Int32Array(size).fill(1),
    promptLength: 1,
  }));
  const batch = upload(packSequences(rows));
  const optimisers = [new AdamW(policy), new AdamW(critic)];
  const rollouts: Promise<unknown>[] = [];
  try {
    await gpu.compile(() => {
      recordStep(policy, critic, optimisers, batch);
      const prompts = [Int32Array.of(1), Int32Array.of(1, 1)];
      for (const topP of [1, 0.9]) {
        const options = { prompts, samplesPerPrompt: 2, topP, seed: 0, streamId: 0, maxLength: length };
        rollouts.push(generate(policy, options));
      }
    }, onProgress);
    await Promise.all(rollouts);
  } finally {
    batch.dispose();
    for (const held of [...optimisers, policy, critic]) held.dispose();
  }
}

function recordStep(
  policy: Transformer,
  critic: Transformer,
  [actorOptimiser, criticOptimiser]: AdamW[],
  batch: ReturnType<typeof upload>,
): void {
  const A = batch.host.actionRows.length;
  tf.tidy(() => {
    const column = () => tf.tensor1d(new Float32Array(A));
    const actor = policy.gradients(() => {
      const { loss } = clippedPolicyLoss(tokenLogProbs(policy, batch).logProb, column(), column(), 0.2);
      return loss;
    });
    actorOptimiser.step(actor.grads, 0);
    const value = critic.gradients(() =>
      clippedValueLoss(atActions(scalars(critic, batch), batch.host), column(), column(), 0.2),
    );
    criticOptimiser.step(value.grads, 0);
  });
}
