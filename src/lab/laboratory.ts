/**
 * The laboratory on the main thread: it opens pages of arms, drives them all together, and owns the parts that do the
 * rest. It knows nothing of React; the page calls its methods and reads its store.
 */
import type { JudgeClient } from '../judge/client.ts';
import { sameSettings } from '../rlhf/catalogue/paths.ts';
import type { ArmIdentity, PageSpec } from './arms/armIdentity.ts';
import { ArmList } from './arms/armList.ts';
import { ArmMaker } from './arms/armMaker.ts';
import type { StepUnit } from './arms/armSource.ts';
import { Arms } from './arms/arms.ts';
import { LiveArm } from './arms/liveArm.ts';
import { Recordings } from './arms/recordings.ts';
import { SavedRuns } from './arms/savedRuns.ts';
import { Experiments } from './experiments/experiments.ts';
import type { Link } from './links/link.ts';
import { Models } from './models/models.ts';
import { ModelTraining } from './models/modelTraining.ts';
import { SteeringLook } from './models/steeringLook.ts';
import { StudentTraining } from './models/studentTraining.ts';
import type { RunRecord } from './records/record.ts';
import { Runs } from './runs/runs.ts';
import type { Services } from './services.ts';
import type { BackendChoice } from './settings/engines.ts';
import { presetById } from './settings/presets.ts';
import { createLabStore, type LabStore, type Pace, stationMs } from './state/store.ts';
import { Notices } from './view/notices.ts';
import { Playback } from './view/playback.ts';
import { View } from './view/view.ts';

export class Laboratory {
  readonly store: LabStore = createLabStore();
  readonly notices = new Notices(this.store);
  /** What is looked at. */
  readonly view = new View(this.store, this.notices);
  readonly playback: Playback;
  /** What is compared, arm by arm. */
  readonly arms: Arms;
  /** What arms and training jobs start with. */
  readonly models: Models;
  readonly training: ModelTraining;
  /** The pocket student and its knowledge store. */
  readonly students: StudentTraining;
  /** Guidance at one problem. */
  readonly steering: SteeringLook;
  /** Where runs are kept. */
  readonly runs: Runs;
  /** Kept runs, back on the page as arms. */
  readonly savedRuns: SavedRuns;
  readonly experiments: Experiments;
  readonly #services: Services;
  readonly #list: ArmList;
  readonly #maker: ArmMaker;
  readonly #recordings: Recordings;

  constructor(services: Services) {
    const { store, notices, view } = this;
    const beatMs = services.beatMs ?? 0;
    this.#services = services;
    const list = new ArmList(store, beatMs);
    const models = new Models(
      {
        spawn: () => services.spawnTrainer(),
        judgePort: () => services.judge().connect(),
        assets: services.assets,
      },
      store,
      notices,
      list,
    );
    const trainerParts = () => models.trainerParts();
    const runs = new Runs(store, notices, services.runs ?? null);
    const { keep } = runs;
    const maker = new ArmMaker({ store, notices, list, trainerParts, keep, still: services.still });
    const arms = new Arms({ store, notices, list, maker, runs });
    this.#list = list;
    this.#maker = maker;
    this.#recordings = new Recordings(services.fetchBytes, notices);
    this.models = models;
    this.runs = runs;
    this.arms = arms;
    this.playback = new Playback(store, services.still, (cursor) => view.setCursor(cursor));
    this.training = new ModelTraining(store, notices, models);
    this.students = new StudentTraining(store, notices, models, this.training, services.fetchBytes);
    this.steering = new SteeringLook(models);
    this.savedRuns = new SavedRuns({
      store,
      notices,
      list,
      maker,
      runs,
      arms,
      view,
      play: () => this.play(),
    });
    this.experiments = new Experiments({ store, notices, runs, trainerParts, beatMs });
  }

  /** A file beside the page; null when there is none. */
  get fetchBytes(): Services['fetchBytes'] {
    return this.#services.fetchBytes;
  }

  /** The page's own line to the judge, for the inspector and for custom filters. */
  get judge(): JudgeClient {
    return this.#services.judge().client;
  }

  // ── Opening ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Shows these arms: as a replayed recording when one of exactly this page exists, otherwise ready to start. */
  open(opening: PageSpec, undo?: string): Promise<void> {
    return this.#open(opening, this.#maker.beginOpening(), undo);
  }

  /** Opens the page that a link describes; what it does not say is taken as links mean it. */
  async openLink(link: Link): Promise<void> {
    this.store.setState({
      xAxis: link.xAxis,
      pace: link.pace,
      panels: link.panels,
      backendChoice: link.engine,
    });
    const isLast = this.#maker.beginOpening();
    await this.#open(link, isLast);
    // Another page was asked for meanwhile.
    if (!isLast()) return;
    // Who asks for a moment of a recording does not wait for it to be replayed.
    if ((link.cursor !== null || link.program) && this.store.getState().mode === 'recorded') {
      this.#maker.stopReplay();
      this.#maker.replay(true);
    }
    this.store.setState({ cursor: link.cursor });
    const active = this.#list.sources[link.active];
    if (active) this.view.setActive(active.arm.id);
    if (link.program) {
      const { arm, ...program } = link.program;
      const armId = this.#list.sources[arm]?.arm.id;
      if (armId !== undefined) this.view.select({ armId, ...program });
    }
    if (link.play) this.play();
    // Last, so that both find the page as the link has it.
    if (link.guide) this.store.setState({ guide: link.guide });
    if (link.demo) this.store.setState({ demo: link.demo });
  }

  async #open(opening: PageSpec, isLast: () => boolean, undo?: string): Promise<void> {
    const recording = await this.#recordings.find(opening.preset);
    if (!isLast()) return;
    this.#maker.stopReplay();
    const identities = this.#maker.identities.all(opening);
    const runs = identities.map((identity) => recording?.runs.find((run) => sameRun(run, identity)));
    const recorded = runs.every((run) => run !== undefined);
    const arms = identities.map((identity, i) =>
      recorded ? this.#maker.recorded(identity, runs[i]!) : this.#maker.live(identity),
    );
    this.store.setState({ cursor: null, selection: null, playing: false });
    this.#list.replace(arms, {
      ...(undo === undefined ? {} : { undo }),
      frame: { preset: opening.preset, seed: opening.seed, activeArm: arms[0]?.arm.id ?? null },
    });
    if (recorded) this.#maker.replay();
    this.store.setState({ ready: true });
    this.#services.whenIdle?.(() => this.#prepare());
  }

  /** Opens trainers for what the page shows and nobody has started. A figure on somebody's course page waits for its reader. */
  #prepare(): void {
    if (this.store.getState().teaching.embed) return;
    const waiting = this.#list.sources.filter((source) => !(source instanceof LiveArm && source.begun));
    this.models.prepare(waiting.map(({ arm }) => arm));
  }

  /** Replaces all arms by those of a preset, with the present seed. */
  applyPreset(id: string): Promise<void> {
    const preset = presetById(id);
    const { seed } = this.store.getState();
    return this.open({ preset: id, seed, arms: preset.arms }, `preset ${preset.label}`);
  }

  /** Starts all arms anew from another seed. */
  setSeed(seed: number): Promise<void> {
    const { arms, preset, seed: old } = this.store.getState();
    if (seed === old) return Promise.resolve();
    return this.open({ preset, seed, arms }, `seed ${seed}`);
  }

  // ── All arms together ───────────────────────────────────────────────────────────────────────────────────

  play(): void {
    this.#maker.goLive();
    this.store.setState({ playing: true, cursor: null });
    for (const source of this.#list.sources) source.play();
    this.#list.publish();
  }

  pause(): void {
    this.store.setState({ playing: false });
    for (const source of this.#list.sources) source.pause();
  }

  step(unit: StepUnit): void {
    this.#maker.goLive();
    this.store.setState({ playing: false, cursor: null });
    for (const source of this.#list.sources) source.step(unit);
  }

  setPace(pace: Pace): void {
    this.store.setState({ pace });
    for (const source of this.#list.sources) source.pace(stationMs[pace]);
  }

  /** Chooses the engine for arms and jobs that start from now on. */
  setBackend(backendChoice: BackendChoice): void {
    this.store.setState({ backendChoice });
    this.notices.post({
      kind: 'info',
      text: 'Arms that start from now on use the chosen engine. Reset to start all of them with it.',
      action: 'reset',
    });
  }

  /** Back to the first iteration: all arms, ready to start. */
  reset(): void {
    this.#maker.stopReplay();
    this.store.setState({ playing: false, cursor: null, selection: null });
    const arms = this.#list.sources.map((source) => this.#maker.live(source.arm));
    this.#list.replace(arms, { undo: 'reset' });
  }

  /** Takes back the last change of what is compared. */
  undo(): void {
    this.#maker.stopReplay();
    this.#list.undo();
    for (const { id, action } of this.store.getState().notices)
      if (action === 'undo') this.notices.dismiss(id);
    if (this.store.getState().mode === 'recorded') this.#maker.replay(true);
    if (this.store.getState().playing) for (const source of this.#list.sources) source.play();
  }

  /** Remembers the present page; the returned function brings it back with its arms and all their rows. */
  hold(): () => void {
    const { cursor, selection, xAxis, pace, panels, backendChoice } = this.store.getState();
    const arms = this.#list.hold();
    return () => {
      this.#maker.beginOpening();
      this.#maker.stopReplay();
      this.store.setState({ playing: false, highlight: null });
      arms();
      if (this.store.getState().mode === 'recorded') this.#maker.replay(true);
      this.store.setState({ cursor, selection, xAxis, panels, backendChoice });
      this.setPace(pace);
    };
  }
}

const sameRun = (run: RunRecord, arm: ArmIdentity) =>
  run.seed === arm.seed && sameSettings(run.settings, arm.settings);
