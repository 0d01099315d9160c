/** Guidance at one problem, as the page looks at it: responses under a rule and an η, token by token. */
import type { GuideRule } from '../../core/decoding/guidance.ts';
import { hash32 } from '../../core/random.ts';
import { generate } from '../../nn/generate/generate.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import { responsesOf, type TaskSet } from '../../rlhf/loop/responses.ts';
import type { JudgePrograms } from '../../rlhf/loop/run.ts';
import type { Values } from '../../rlhf/sample/decode/guided.ts';
import { readSteering } from '../../rlhf/sample/decode/steering.ts';
import { vocabulary } from '../../tasks/tokenizer.ts';

export interface SteerAsk {
  /** Index of the held-out problem. */
  problem: number;
  rule: GuideRule;
  /** Which value network steers. */
  values: Values;
  /** 1/η; 0 is the policy as it is. */
  inverse: number;
  candidates: number;
  samples: number;
  seed: number;
}

export interface SteeredToken {
  text: string;
  /** Probability under the starting policy, of success once it is written, and under the steered policy. */
  reference: number;
  success: number;
  now: number;
  /** KL of the steered choice at this place to the starting policy's, in nats. */
  kl: number;
}

export interface SteerAnswer {
  ask: SteerAsk;
  prompt: string;
  responses: { tokens: SteeredToken[]; program: string; score: number }[];
}

export async function steerProblem(
  ask: SteerAsk,
  parts: { policy: Transformer; value: Transformer; held: TaskSet; judge: JudgePrograms },
): Promise<SteerAnswer> {
  const { policy, value, held, judge } = parts;
  const { problem, rule, inverse, candidates, samples, seed } = ask;
  const guide = { model: value, rule, inverse, candidates };
  const rollouts = await generate(policy, {
    prompts: [held.prompts[problem]],
    samplesPerPrompt: samples,
    seed: hash32(seed, 'steering'),
    streamId: problem,
    guide,
  });
  const { rows, programs, tokens } = responsesOf(rollouts, held, [problem], samples);
  const [read, { score }] = await Promise.all([
    readSteering(policy, policy, guide, rows),
    judge(
      rows.map(() => held.problems[problem]),
      programs,
    ),
  ]);
  return {
    ask,
    prompt: held.problems[problem].prompt,
    responses: rows.map((_, row) => ({
      program: programs[row],
      score: score[row],
      tokens: Array.from({ length: read.starts[row + 1] - read.starts[row] }, (_, i) => {
        const at = read.starts[row] + i;
        return {
          text: vocabulary[tokens[at]],
          reference: read.reference[at],
          success: read.success[at],
          now: read.now[at],
          kl: read.kl[at],
        };
      }),
    })),
  };
}
