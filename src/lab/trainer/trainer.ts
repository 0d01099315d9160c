/** What a trainer worker does with what the page asks: a state machine around one arm and at most one training job. */
import { JudgeClient } from '../../judge/client.ts';
import { type Backend, openBackend } from '../../nn/backend/open.ts';
import { loadCheckpoint, saveCheckpoint } from '../../nn/checkpoint/checkpoint.ts';
import type { ModelConfig } from '../../nn/model/config.ts';
import { methodOf } from '../../rlhf/catalogue/catalogue.ts';
import { networkOf } from '../../rlhf/sample/decode/guided.ts';
import type { MatchCode } from '../../tasks/match/codeMatch.ts';
import type { BackendChoice } from '../settings/engines.ts';
import { ArmRun } from './arm/armRun.ts';
import { customWeights } from './arm/customFilter.ts';
import { Cancelled, Gate } from './arm/gate.ts';
import { judgeThrough } from './arm/judging.ts';
import { LabFailure, labError } from './errors.ts';
import { runArenaJob } from './jobs/arenaJob.ts';
import { trainGenrmJob } from './jobs/genrmJob.ts';
import type { JobContext, Trained } from './jobs/job.ts';
import { trainPolicyJob } from './jobs/policyJob.ts';
import { trainRewardJob } from './jobs/rewardJob.ts';
import { trainValueJob } from './jobs/valueJob.ts';
import { HeldModels } from './models/heldModels.ts';
import type { ModelSlot } from './models/modelSlots.ts';
import { readModel } from './models/readModel.ts';
import { fetchShipped } from './models/shippedModels.ts';
import type { ArmState, TrainerCommand, TrainerEvent } from './protocol.ts';
import { steerProblem } from './steer.ts';
import { shippedWorldSeed, type WorldTasks, worldTasks } from './worldTasks.ts';

type Command<T extends TrainerCommand['type']> = Extract<TrainerCommand, { type: T }>;

/** A device that is lost again and again is not worth opening again. */
const maxRecoveries = 3;

type TrainCommand = Command<'train-policy' | 'train-reward' | 'train-genrm' | 'train-value'>;

export class Trainer {
  readonly #post: (event: TrainerEvent) => void;
  #world: WorldTasks | null = null;
  #judge: JudgeClient | null = null;
  #assets = '';
  readonly #models = new HeldModels((slot) => fetchShipped(this.#assets, slot));
  #gate: Gate | null = null;
  #arm: ArmRun | null = null;
  #stationMs = 0;
  #choice: BackendChoice = 'auto';
  #onGpu = false;
  /** Model sizes whose shaders the GPU has. */
  readonly #compiledFor = new Set<string>();
  /** What the arm would be restarted from. */
  #running: Omit<Command<'arm'>, 'type'> | null = null;
  #recoveries = 0;
  #stopTraining = false;
  /** Commands that load or train take turns. */
  #turn: Promise<void> = Promise.resolve();

  constructor(post: (event: TrainerEvent) => void) {
    this.#post = post;
  }

  /** Never throws: what goes wrong is posted as an error. */
  handle(command: TrainerCommand): void {
    switch (command.type) {
      case 'open':
        this.#queue(() => this.#open(command));
        break;
      case 'prepare':
        this.#queue(() => this.#prepare(command).catch(() => {}));
        break;
      case 'arm':
        this.#gate?.cancel();
        this.#queue(() => this.#startArm(command));
        break;
      case 'play':
        this.#gate?.play();
        break;
      case 'pause':
        this.#gate?.pause();
        break;
      case 'step':
        this.#gate?.step(command.unit);
        break;
      case 'pace':
        this.#stationMs = command.stationMs;
        if (this.#gate) this.#gate.stationMs = command.stationMs;
        break;
      case 'train-policy':
      case 'train-reward':
      case 'train-genrm':
      case 'train-value':
        this.#stopTraining = false;
        this.#queue(() => this.#train(command));
        break;
      case 'train-student':
        this.#stopTraining = false;
        this.#queue(() => this.#trainStudent(command));
        break;
      case 'check-student':
        this.#queue(() => this.#checkStudent(command));
        break;
      case 'steer':
        this.#queue(() => this.#steer(command));
        break;
      case 'stop-training':
        this.#stopTraining = true;
        break;
      case 'arena':
        this.#queue(() => this.#runArena(command));
        break;
      case 'use':
        this.#queue(() => this.#use(command));
        break;
      case 'export':
        this.#queue(() => this.#export(command));
        break;
      default:
        command satisfies never;
    }
  }

  #queue(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((thrown: unknown) => this.#fail(thrown));
  }

  #fail(thrown: unknown): void {
    this.#post({ type: 'error', error: labError(thrown) });
    this.#setState('failed');
  }

  #setState(state: ArmState): void {
    this.#post({ type: 'state', state });
  }

  async #open({ backend, judge, assets }: Command<'open'>): Promise<void> {
    this.#judge = new JudgeClient(judge);
    this.#assets = assets;
    this.#choice = backend;
    await this.#openBackend();
  }

  async #openBackend(): Promise<void> {
    const { name, device, reason }: Backend = await openBackend(this.#choice);
    this.#onGpu = name === 'webgpu';
    this.#compiledFor.clear();
    this.#post({ type: 'opened', backend: { name, device, reason } });
  }

  async #prepare({ models }: Command<'prepare'>): Promise<void> {
    this.#world ??= worldTasks(shippedWorldSeed);
    // A judge opens its sandbox with the first program that it is asked about.
    const [problem] = this.#world.held.problems;
    await judgeThrough(this.#requireJudge())([problem], [problem.reference]);
    for (const slot of models) await this.#models.model(slot);
    const policy = this.#models.known('policy');
    if (policy) await this.#compileShaders(policy.config);
  }

  async #startArm({ settings, seed, resume, limits, passes = [] }: Command<'arm'>): Promise<void> {
    this.#arm?.dispose();
    this.#arm = null;
    this.#setState('loading');
    const gate = new Gate((running) => this.#setState(running ? 'running' : 'paused'));
    gate.stationMs = this.#stationMs;
    this.#gate = gate;
    this.#world ??= worldTasks(shippedWorldSeed);
    const judge = this.#requireJudge();
    const policy = await this.#models.model('policy');
    await this.#compileShaders(policy.config);
    const arm = new ArmRun(
      {
        settings,
        seed,
        world: this.#world,
        policy,
        models: await this.#models.modelsOf(settings),
        prints: await this.#models.printsOf(settings),
        judge: judgeThrough(judge),
        match: methodOf('reward', settings.reward.method).parts ? await openMatch() : undefined,
        naiveJudge: judgeThrough(judge, { judge: 'naive' }),
        customFilter: (source, batch) => customWeights(judge, source, batch),
        limits,
        passes,
      },
      gate,
      {
        station: (iteration, station) => this.#post({ type: 'station', iteration, station }),
        iteration: (record) => this.#post({ type: 'iteration', record }),
        evaluation: (record) => this.#post({ type: 'evaluation', record }),
        snapshot: (snapshot) => {
          this.#running = { settings, seed, limits, passes: [...arm.passes], resume: snapshot };
          this.#post({ type: 'snapshot', snapshot });
        },
      },
    );
    this.#arm = arm;
    this.#running = { settings, seed, resume, limits, passes };
    // The loop runs beside the queue, so that commands keep being answered.
    arm.run(resume ?? null).then(
      () => this.#setState('finished'),
      (thrown: unknown) => this.#armStopped(thrown, gate),
    );
    this.#setState(gate.running ? 'running' : 'ready');
  }

  /** On a GPU, compiles everything that an iteration needs at once, instead of stumbling through the first one. */
  async #compileShaders(config: ModelConfig): Promise<void> {
    const size = `${config.width}/${config.heads}`;
    if (!this.#onGpu || this.#compiledFor.has(size)) return;
    this.#compiledFor.add(size);
    const [{ currentGpu }, { warmUp }] = await Promise.all([
      import('../../nn/webgpu/open.ts'),
      import('../../nn/webgpu/warmUp.ts'),
    ]);
    const gpu = currentGpu();
    if (gpu) await warmUp(gpu, config, (done, total) => this.#post({ type: 'compiling', done, total }));
  }

  #armStopped(thrown: unknown, gate: Gate): void {
    if (thrown instanceof Cancelled || gate !== this.#gate) return;
    this.#fail(thrown);
    if (labError(thrown).code === 'device-lost') this.#queue(() => this.#recover(gate.running));
  }

  /** A GPU that was lost takes every tensor with it: open another, fetch the models again, go on from the snapshot. */
  async #recover(wasRunning: boolean): Promise<void> {
    if (!this.#running || this.#recoveries >= maxRecoveries) return;
    this.#recoveries++;
    this.#arm = null;
    this.#models.forget();
    await this.#openBackend();
    this.#post({ type: 'rewound', iteration: this.#running.resume?.iteration ?? 0 });
    await this.#startArm({ type: 'arm', ...this.#running });
    if (wasRunning) this.#gate?.play();
  }

  async #train(command: TrainCommand): Promise<void> {
    const { slot, trained } = await this.#trained(command, this.#jobContext(command.seed));
    const { model, metrics, reliability } = trained;
    const checkpoint = await saveCheckpoint(model);
    model.dispose();
    this.#models.give(slot, checkpoint);
    this.#post({ type: 'trained', slot, checkpoint, metrics, ...(reliability && { reliability }) });
  }

  #jobContext(seed: number): JobContext {
    this.#world ??= worldTasks(shippedWorldSeed);
    return {
      seed,
      world: this.#world,
      judge: judgeThrough(this.#requireJudge()),
      stopped: () => this.#stopTraining,
      report: (progress) => this.#post({ type: 'training', progress }),
    };
  }

  /** What a student needs is loaded only when one is trained. */
  async #trainStudent({ settings, seed, teacher, knowledge }: Command<'train-student'>): Promise<void> {
    const { trainStudentJob } = await import('./jobs/studentJob.ts');
    const brought = teacher.checkpoint ? readModel('policy', teacher.checkpoint) : null;
    try {
      const model = brought ?? (await this.#models.model('policy'));
      const named = { name: teacher.name, model };
      const trained = await trainStudentJob(settings, named, this.#jobContext(seed), knowledge);
      this.#post({ type: 'trained-student', ...trained });
    } finally {
      brought?.dispose();
    }
  }

  async #checkStudent({ student }: Command<'check-student'>): Promise<void> {
    const { readStore } = await import('./jobs/studentJob.ts');
    readStore(student);
    readModel('policy', student.checkpoint).dispose();
    this.#post({ type: 'checked' });
  }

  async #trained(command: TrainCommand, context: JobContext): Promise<{ slot: ModelSlot; trained: Trained }> {
    switch (command.type) {
      case 'train-policy':
        return { slot: 'policy', trained: await trainPolicyJob(command.settings, context) };
      case 'train-reward': {
        const policy = await this.#models.model('policy');
        return { slot: command.slot, trained: await trainRewardJob(command.settings, policy, context) };
      }
      case 'train-genrm': {
        const policy = await this.#models.model('policy');
        return { slot: 'genrm', trained: await trainGenrmJob(command.settings, policy, context) };
      }
      case 'train-value': {
        const policy = await this.#models.model('policy');
        const slot = networkOf(command.settings.learns);
        return { slot, trained: await trainValueJob(command.settings, policy, context) };
      }
      default:
        return command satisfies never;
    }
  }

  async #runArena({ settings, rewardModel, critic, paceMs }: Command<'arena'>): Promise<void> {
    this.#world ??= worldTasks(shippedWorldSeed);
    const models = {
      policy: await this.#models.model('policy'),
      reward: await this.#models.model(rewardModel),
      ...(critic ? { critic: loadCheckpoint(critic) } : {}),
    };
    try {
      await runArenaJob(models, this.#world.held, settings, paceMs, (event) =>
        this.#post({ type: 'arena', event }),
      );
    } finally {
      models.critic?.dispose();
    }
  }

  async #steer({ ask, request }: Command<'steer'>): Promise<void> {
    this.#world ??= worldTasks(shippedWorldSeed);
    const answer = await steerProblem(ask, {
      policy: await this.#models.model('policy'),
      value: await this.#models.model(networkOf(ask.values)),
      held: this.#world.held,
      judge: judgeThrough(this.#requireJudge()),
    });
    this.#post({ type: 'steered', request, answer });
  }

  async #use({ slot, checkpoint }: Command<'use'>): Promise<void> {
    this.#models.give(slot, checkpoint);
    this.#post({ type: 'used', slot });
  }

  async #export({ slot, request }: Command<'export'>): Promise<void> {
    const models = {
      policy: this.#arm?.state.networks.policy.model,
      critic: this.#arm?.state.networks.critic?.model,
      reward: this.#models.known('strong'),
    };
    const model = models[slot];
    if (!model) {
      throw new LabFailure({
        code: 'bad-checkpoint',
        message: `There is no ${slot} to export yet; start the arm first.`,
      });
    }
    this.#post({ type: 'exported', request, checkpoint: await saveCheckpoint(model) });
  }

  #requireJudge(): JudgeClient {
    if (!this.#judge) throw new LabFailure({ code: 'internal', message: 'The trainer was not opened.' });
    return this.#judge;
  }
}

/** The parser is loaded only for a reward that compares programs. */
async function openMatch(): Promise<MatchCode> {
  const { codeMatcher } = await import('../../tasks/match/codeMatch.ts');
  return codeMatcher();
}
