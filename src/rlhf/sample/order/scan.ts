/** What a policy makes of prompts, before the first iteration: the mean reward of a few responses to each. */
import { hash32 } from '../../../core/random.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import type { Costs } from '../../loop/costs.ts';
import { responsesOf } from '../../loop/responses.ts';
import { verdictsFor } from '../../score/verdicts.ts';
import type { Arm } from '../../slots.ts';

/** Prompts that are written to at once. */
const atOnce = 256;

/** @param policy what responds: the starting policy, unless another is to be asked */
export async function scan(
  arm: Arm,
  problems: Int32Array,
  perPrompt: number,
  policy: Transformer = arm.reference,
): Promise<{ mean: Float64Array; costs: Partial<Costs> }> {
  const { nn, seed, tasks, reward } = arm;
  const mean = new Float64Array(problems.length);
  const costs = { samples: 0, sampledTokens: 0, rewardPasses: 0 };
  for (let from = 0; from < problems.length; from += atOnce) {
    const chosen = problems.subarray(from, from + atOnce);
    const rollouts = await nn.generate(policy, {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: perPrompt,
      seed: hash32(seed, 'scan'),
      streamId: from,
    });
    const { rows, programs, problem, group, tokens } = responsesOf(rollouts, tasks, chosen, perPrompt);
    const asked = Array.from(problem, (at) => tasks.problems[at]);
    const verdicts = reward.needsVerdicts ? await verdictsFor(reward, arm, asked, programs) : null;
    const batch = nn.upload(nn.packSequences(rows));
    const passing = (row: number) => tasks.reference(asked[row]);
    const look = { batch, programs, problems: asked, reference: passing, look: 0 };
    try {
      await reward.prepare?.(look);
      const graded = await nn.readTogether(() => ({ reward: reward.grade(look, verdicts) }));
      graded.reward.forEach((value, row) => {
        mean[from + group[row]] += value / perPrompt;
      });
    } finally {
      batch.dispose();
    }
    costs.samples += rows.length;
    costs.sampledTokens += tokens.length;
    costs.rewardPasses += reward.passes(rows.length);
  }
  return { mean, costs };
}
