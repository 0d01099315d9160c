/** Speculative Rejection: more responses are begun than are wanted, and the worst are cut while they are written. */
import { hash32 } from '../../../core/random.ts';
import type { Rollouts } from '../../../nn/generate/generate.ts';
import { nothingThrown, responsesOf } from '../../loop/responses.ts';
import type { ArmState } from '../../loop/state.ts';
import { type Arm, decode } from '../../slots.ts';
import { type LanesAtEnd, type ScoreRows, writeLanes } from './lanes.ts';
import { plain } from './plain.ts';
import { byLikelihood, byNetwork, byValue } from './prefixScore.ts';

export const speculative = decode({
  id: 'speculative',
  label: 'Speculative Rejection',
  short: 'the worst are cut early',
  what: 'More responses are begun than are kept; whenever their memory is full, those that score worst so far are cut. Early cuts remove the worst samples, which Best-Worst learns from.',
  source: {
    arxiv: '2410.20290',
    where:
      'Algorithm 1 and the authors’ code; that N responses are left for an update is a construction of this project',
  },
  formula: 'while tokens · lanes = M: keep {k : s(y_k) ≥ q_α(s)}',
  cost: 'what is cut was written all the same, and every decision reads the responses under way',
  knobs: {
    lanes: {
      kind: 'integer',
      label: 'Responses begun',
      min: 1,
      max: 64,
      step: 1,
      initial: 16,
      what: 'How many responses to a prompt are begun. As many as N, or more, are; N are left.',
      expect: 'The best are better, at a higher cost, and the worst are gone.',
    },
    rejected: {
      kind: 'number',
      label: 'Share cut (α)',
      min: 0,
      max: 0.9,
      step: 0.05,
      initial: 0.5,
      what: 'Which share of a prompt’s responses is cut at a decision.',
      expect: 'Cheaper, and more good responses are lost. 0 cuts none: Best-of-N.',
    },
    memory: {
      kind: 'integer',
      label: 'Memory (tokens)',
      min: 1,
      max: 4096,
      step: 1,
      initial: 96,
      what: 'How many tokens the responses under way to one prompt may hold together; when it is full, a decision is made.',
      expect: 'Later, better informed, dearer decisions.',
    },
    judgedBy: {
      kind: 'choice',
      label: 'Cut by',
      initial: 'reward',
      what: 'What scores a response that is not finished.',
      expect: 'The reward was never trained on half programs; the likelihood costs nothing to know.',
      options: [
        { value: 'reward', label: 'reward', what: 'The reward model reads the program so far.' },
        { value: 'value', label: 'value', what: 'What PPO’s critic expects; at first it knows nothing.' },
        { value: 'likelihood', label: 'likelihood', what: 'Mean log-probability of its tokens.' },
      ],
    },
    ...plain.knobs,
  },
  conflicts({ judgedBy }, { reward, update }) {
    const byLikelihoodInstead = { 'decode.judgedBy': 'likelihood' };
    if (judgedBy === 'reward' && reward.method !== 'model')
      return [
        {
          path: 'decode.judgedBy',
          message: 'judgedBy "reward" needs the learned reward model: no other reward knows half a program.',
          repair: byLikelihoodInstead,
        },
      ];
    if (judgedBy === 'value' && update.method !== 'ppo')
      return [
        {
          path: 'decode.judgedBy',
          message: 'judgedBy "value" needs PPO, which is the update that trains a critic.',
          repair: byLikelihoodInstead,
        },
      ];
    return [];
  },
  byReference: false,
  revisits: (iteration) => iteration,
  async write(arm, state, asked, knobs) {
    const { chosen, perPrompt, iteration } = asked;
    const { nn, seed, tasks } = arm;
    const { lanes, rejected, memory, judgedBy, temperature, topP } = knobs;
    const begun = Math.max(lanes, perPrompt);
    if (begun === perPrompt) {
      // All stay, so there is nothing to score.
      const responses = await plain.write(arm, state, asked, knobs);
      return { ...responses, thrown: nothingThrown };
    }
    const { model } = state.networks.policy;
    const generation = nn.startGenerating(model, {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: begun,
      temperature,
      topP,
      seed: hash32(seed, 'sampling'),
      streamId: iteration,
    });
    const plan = {
      prompts: chosen.length,
      perPrompt: begun,
      maxLength: model.config.maxLength,
      stride: Number.POSITIVE_INFINITY,
    };
    const rule = { alpha: rejected, memory, least: perPrompt };
    try {
      const end = await last(
        writeLanes(generation, plan, rule, scorer(arm, state, chosen, begun, judgedBy, iteration)),
      );
      const kept = bestOf(end, begun, perPrompt);
      const { rollouts, written, graded } = end;
      const left = pick(rollouts, kept);
      return {
        ...responsesOf(left, tasks, chosen, perPrompt),
        thrown: {
          samples: (begun - perPrompt) * chosen.length,
          tokens: written - left.starts[kept.length],
          rewardPasses: judgedBy === 'reward' ? arm.reward.passes(graded.sequences) : 0,
          referencePasses: 0,
        },
      };
    } finally {
      generation.dispose();
    }
  },
});

function scorer(
  { nn, reward, tasks }: Arm,
  { networks }: ArmState,
  chosen: Int32Array,
  begun: number,
  judgedBy: 'reward' | 'value' | 'likelihood',
  look: number,
): ScoreRows {
  if (judgedBy === 'likelihood') return byLikelihood;
  if (judgedBy === 'value') return byValue(nn, networks.critic.model);
  return byNetwork(nn, (batch, rows) => {
    const problems = rows.map((row) => tasks.problems[chosen[Math.floor(row / begun)]]);
    const { tokens, starts, promptLengths } = batch.host;
    const programs = problems.map((problem, b) =>
      tasks.source(tokens.subarray(starts[b] + promptLengths[b], starts[b + 1]), problem),
    );
    const reference = (row: number) => tasks.reference(problems[row]);
    return reward.grade({ batch, programs, problems, reference, look }, null);
  });
}

async function last<T, R>(run: AsyncGenerator<T, R>): Promise<R> {
  for (;;) {
    const { done, value } = await run.next();
    if (done) return value;
  }
}

/** The best responses of each prompt that came to an end, in the order in which they were begun. */
function bestOf({ states, scores }: LanesAtEnd, begun: number, perPrompt: number): number[] {
  const best: number[] = [];
  for (let first = 0; first < states.length; first += begun) {
    const ended = Array.from({ length: begun }, (_, i) => first + i).filter(
      (lane) => states[lane] === 'ended',
    );
    ended.sort((a, b) => scores[b] - scores[a] || a - b);
    best.push(...ended.slice(0, perPrompt).sort((a, b) => a - b));
  }
  return best;
}

/** The rollouts of some rows. */
function pick(
  { tokens, promptLength, totalLength, logProb, starts }: Rollouts,
  rows: readonly number[],
): Rollouts {
  const stride = tokens.length / totalLength.length;
  const picked = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    picked[i + 1] = picked[i] + starts[row + 1] - starts[row];
  });
  const left: Rollouts = {
    tokens: new Int32Array(rows.length * stride),
    promptLength: Int32Array.from(rows, (row) => promptLength[row]),
    totalLength: Int32Array.from(rows, (row) => totalLength[row]),
    logProb: new Float32Array(picked[rows.length]),
    starts: picked,
  };
  rows.forEach((row, i) => {
    left.tokens.set(tokens.subarray(row * stride, (row + 1) * stride), i * stride);
    left.logProb.set(logProb.subarray(starts[row], starts[row + 1]), picked[i]);
  });
  return left;
}
