/**
 * A run in the schema of UNIPO (arXiv 2605.11549), which shows the tokens of training step by step. What a run does not
 * keep (values, returns, the log-probabilities after the update, the objective of a token) is absent; numbers that are
 * not known are null.
 */
import type { Problem } from '../../tasks/problem.ts';
import { decode, vocabulary } from '../../tasks/tokenizer.ts';
import type { IterationRecord, RunRecord } from './record.ts';
import { known as finite } from './runLines.ts';

interface UnipoResponse {
  id: string;
  reward: number | null;
  /** The mean over its tokens; null where the update knows no advantages. */
  advantage: number | null;
  response_text: string;
  response_length: number;
  tokens: {
    ids: number[];
    strings: string[];
    log_probs: (number | null)[];
    ref_log_probs: (number | null)[];
    token_kl: (number | null)[];
    advantages?: (number | null)[];
  };
}

type UnipoPrompt = { prompt: string; responses: UnipoResponse[] };

/** The run as JSON. @param problems the training problems of the run's world */
export function unipoRun(
  run: Pick<RunRecord, 'name' | 'seed' | 'settings' | 'worldSeed' | 'iterations'>,
  problems: readonly Problem[],
): string {
  const { settings, iterations } = run;
  return JSON.stringify({
    header: {
      task: 'JavaScript functions from a description',
      dataset: `Filtrate, world ${run.worldSeed}`,
      reward_strategy: settings.reward.method,
      algorithm: settings.update.method,
      totalSteps: iterations.length,
      model_name: `${run.name}, seed ${run.seed}`,
      reference_model_name: 'the starting policy',
      hparams: settings,
    },
    entries: iterations.map((row) => ({
      step: row.iteration,
      is_first_step_after_rollout_phase: true,
      metrics: metricsOf(row, settings.training.learningRate),
      prompts: promptsOf(row, problems),
    })),
  });
}

function metricsOf({ metrics, samples }: IterationRecord, learningRate: unknown) {
  const { policyLoss } = metrics;
  const rewards = Array.from(samples.reward).filter(Number.isFinite);
  const advantages = Array.from(samples.advantage ?? []);
  return present({
    // The objective is what the loss is the negative of.
    policy_objective: policyLoss === undefined ? null : known(-policyLoss),
    reward: known(metrics.rewardPi),
    reward_std: known(deviation(rewards)),
    policy_loss: known(policyLoss),
    value_loss: known(metrics.valueLoss),
    entropy: known(metrics.entropy),
    kl: known(metrics.kl),
    clip_fraction: known(metrics.clipFraction),
    advantage_mean: known(mean(advantages)),
    advantage_std: known(deviation(advantages)),
    grad_norm: known(metrics.policyGradNorm),
    learning_rate: learningRate,
    response_length: known(metrics.responseLength),
  });
}

/** Those that the schema requires stay, known or not. */
const present = (metrics: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(metrics).filter(
      ([name, value]) => value !== null || ['policy_objective', 'reward'].includes(name),
    ),
  );

function promptsOf({ iteration, samples }: IterationRecord, problems: readonly Problem[]): UnipoPrompt[] {
  const { problem, group, starts, tokens, logProb, refLogProb, advantage, reward } = samples;
  const prompts = new Map<number, UnipoPrompt>();
  problem.forEach((index, row) => {
    const prompt = prompts.get(group[row]) ?? { prompt: problems[index].prompt, responses: [] };
    prompts.set(group[row], prompt);
    const [from, to] = [starts[row], starts[row + 1]];
    const written = tokens.subarray(from, to);
    const column = (values: Float32Array) => Array.from(values.subarray(from, to), known);
    prompt.responses.push({
      id: `${iteration}-${group[row]}-${prompt.responses.length}`,
      reward: known(reward[row]),
      advantage: advantage ? known(mean(Array.from(advantage.subarray(from, to)))) : null,
      response_text: decode(written),
      response_length: written.length,
      tokens: {
        ids: Array.from(written),
        strings: Array.from(written, (token) => vocabulary[token]),
        log_probs: column(logProb),
        ref_log_probs: column(refLogProb),
        token_kl: Array.from(written, (_, i) => known(logProb[from + i] - refLogProb[from + i])),
        ...(advantage ? { advantages: column(advantage) } : {}),
      },
    });
  });
  return [...prompts.values()];
}

const known = (value: number | undefined): number | null => finite(value ?? Number.NaN);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
