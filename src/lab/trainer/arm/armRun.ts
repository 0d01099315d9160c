/** One arm as it runs: its models, its reward, and the loop over iterations. */
import { mean, sd } from '../../../core/statistics/stats.ts';
import * as nn from '../../../nn/forMethods.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { type Work, workSoFar } from '../../../nn/tensors/gpuWork.ts';
import { methodsOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import { type Evaluation, evaluate } from '../../../rlhf/loop/evaluate.ts';
import type { JudgePrograms } from '../../../rlhf/loop/run.ts';
import { disposeState, openReward, startState } from '../../../rlhf/loop/start.ts';
import type { ArmState, RewardScale } from '../../../rlhf/loop/state.ts';
import { iterate } from '../../../rlhf/loop.ts';
import type { Arm, Reward } from '../../../rlhf/slots.ts';
import type { MatchCode } from '../../../tasks/match/codeMatch.ts';
import type { EvaluationRecord, IterationRecord, Station } from '../../records/record.ts';
import { limitReached, onPlateau, overBudget, type RunLimits } from '../../settings/stopRules.ts';
import { LabFailure } from '../errors.ts';
import type { ArmSnapshot } from '../protocol.ts';
import type { WorldTasks } from '../worldTasks.ts';
import type { Gate } from './gate.ts';
import { requireSameStart, restoreSnapshot, takeSnapshot } from './snapshot.ts';

/** Iterations between two snapshots: what a lost device or a closed page costs at most. */
export const snapshotEvery = 5;

export interface ArmParts {
  settings: ArmSettings;
  seed: number;
  world: WorldTasks;
  /** The starting policy; the arm trains a copy. */
  policy: Transformer;
  /** The trained models that its methods read, by slot. */
  models: Readonly<Record<string, Transformer>>;
  /** Fingerprints of the policy and of these models, by slot. */
  prints: Readonly<Record<string, string>>;
  judge: JudgePrograms;
  /** Present for a reward that has parts. */
  match?: MatchCode | undefined;
  /** Asked when the settings say so, or the reward believes it. */
  naiveJudge?: JudgePrograms;
  customFilter: Arm['customFilter'];
  /** What ends it before its iterations are done. */
  limits?: RunLimits;
  /** Held-out pass rates of the looks before the one that it starts with, for a run that goes on. */
  passes?: readonly number[];
}

export interface ArmListener {
  station(iteration: number, station: Station): void;
  iteration(record: IterationRecord): void;
  evaluation(record: EvaluationRecord): void;
  snapshot(snapshot: ArmSnapshot): void;
}

export class ArmRun {
  readonly #parts: ArmParts;
  readonly #gate: Gate;
  readonly #listener: ArmListener;
  readonly #reward: Reward;
  readonly state: ArmState;
  /** Held-out pass rates of all looks so far. */
  readonly passes: number[];

  constructor(parts: ArmParts, gate: Gate, listener: ArmListener) {
    this.#parts = parts;
    this.#gate = gate;
    this.#listener = listener;
    this.#reward = openReward(parts, { problems: parts.world.train.problems, match: parts.match });
    this.passes = [...(parts.passes ?? [])];
    this.state = startState(parts);
  }

  /**
   * Looks at the held-out problems, then loops until the iterations are done; or goes on from a snapshot.
   * Throws `Cancelled` when replaced.
   */
  async run(resume: ArmSnapshot | null): Promise<void> {
    const { settings, seed, world, judge, limits } = this.#parts;
    const { iterations } = settings.training;
    if (resume) {
      requireSameStart(resume, this.#parts.prints);
      restoreSnapshot(this.state, resume);
    }
    const rewardScale = resume?.rewardScale ?? scaleOf(await this.#evaluate(0));
    const arm: Arm = {
      nn,
      seed,
      settings,
      methods: methodsOf(settings),
      tasks: world.train,
      reference: this.#parts.policy,
      models: this.#parts.models,
      reward: this.#reward,
      rewardScale,
      judge,
      ...(settings.evaluation.naiveJudge || this.#reward.believes
        ? { naiveJudge: this.#parts.naiveJudge }
        : {}),
      customFilter: this.#parts.customFilter,
      awaitJudge: () => this.#gate.followed,
    };
    await this.#gate.arrive('start');
    if (resume && limits && limitReached(limits, { passes: this.passes, ...this.state.costs })) return;
    for (let iteration = (resume?.iteration ?? 0) + 1; iteration <= iterations; iteration++) {
      const before = workSoFar();
      const loop = iterate(arm, this.state, iteration);
      let at = await loop.next();
      while (!at.done) {
        this.#listener.station(iteration, at.value);
        await this.#gate.arrive('station');
        at = await loop.next();
      }
      requireFinite(at.value.metrics, iteration, arm);
      this.#listener.iteration(withWork(at.value, before, workSoFar()));
      let last =
        iteration === iterations ||
        (limits !== undefined && overBudget(limits, this.state.costs.updateTokens));
      if (last || iteration % settings.evaluation.evaluateEvery === 0) {
        await this.#evaluate(iteration);
        last ||= limits?.plateau ? onPlateau(limits.plateau, this.passes) : false;
      }
      if (last || iteration % snapshotEvery === 0) {
        const snapshot = await takeSnapshot(this.state, iteration, rewardScale);
        this.#listener.snapshot({ ...snapshot, began: this.#parts.prints });
      }
      if (last) return;
      await this.#gate.arrive('iteration');
    }
  }

  dispose(): void {
    disposeState(this.state);
  }

  async #evaluate(iteration: number): Promise<Evaluation> {
    const { settings, seed, world, judge, naiveJudge, models } = this.#parts;
    const guide = methodsOf(settings).decode.guide?.(models, settings.decode);
    const steering = guide && { guide, start: this.#parts.policy };
    const context = { seed, held: world.held, reward: this.#reward, judge, naiveJudge, steering };
    const evaluation = await evaluate(this.state.networks.policy.model, context, {
      samples: settings.evaluation.evaluationSamples,
      iteration,
    });
    this.#listener.evaluation({ iteration, metrics: evaluation.metrics });
    this.passes.push(evaluation.metrics.heldPass);
    return evaluation;
  }
}

/** The row with the commands that it took a GPU. */
function withWork(record: IterationRecord, before: Work | null, after: Work | null): IterationRecord {
  if (!before || !after) return record;
  const work = {
    dispatches: after.dispatches - before.dispatches,
    readbacks: after.readbacks - before.readbacks,
  };
  return { ...record, metrics: { ...record.metrics, ...work } };
}

/** As the paper's code does it: by the rewards of the starting policy on problems set aside. */
function scaleOf({ reward }: Evaluation): RewardScale {
  const deviation = sd(reward);
  return { mean: mean(reward), deviation: deviation > 0 ? deviation : 1 };
}

/** A curve must never be drawn from an update that went wrong. */
function requireFinite(metrics: Record<string, number>, iteration: number, { methods, settings }: Arm): void {
  // A filter that lets nothing through, or an update that learns nothing, leaves no losses, and that is no error.
  const updated = metrics.rewardMu !== undefined && 'policy' in methods.update.losses;
  const beside = Object.values(methods.update.networks(settings.update)).map(({ loss }) => loss);
  // What another policy wrote has no distance of this one's.
  const own = methods.decode.byReference ? [] : ['kl'];
  for (const key of ['rewardPi', ...own, ...(updated ? ['policyLoss', ...beside] : [])]) {
    if (metrics[key] === undefined) {
      throw new LabFailure({
        code: 'non-finite',
        message: `${key} is not a number after iteration ${iteration}; the arm stopped there. Lower the learning rates or raise beta, then reset it.`,
      });
    }
  }
}
