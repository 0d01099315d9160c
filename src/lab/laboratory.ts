/**
 * The laboratory on the main thread: which arms there are, what drives them, and what a person may do to them. It
 * knows nothing of React; the page calls its methods and reads its store.
 */
import type { JudgeClient } from '../judge/client.ts';
import { ArmBench } from './armBench.ts';
import { ArmIdentities, type ArmSpec, identityOf, type Opening } from './armIdentity.ts';
import {
  type ArmIdentity,
  type ArmSource,
  LiveArm,
  RecordedArm,
  type StepUnit,
  type TrainerParts,
} from './armSource.ts';
import { labError } from './errors.ts';
import { ExperimentRoom } from './experiments/experimentRoom.ts';
import { differingKnobs, nameArm } from './naming.ts';
import { NoticeBoard } from './notices.ts';
import { findParting, partingInWords } from './parting.ts';
import { Playback } from './playback.ts';
import { presetById } from './presets.ts';
import type { BackendChoice, CheckpointBytes } from './protocol.ts';
import type { RunRecord, Station } from './record.ts';
import { RecordingShelf } from './recordingShelf.ts';
import { replay } from './replay.ts';
import type { PastRun } from './runs/pastRun.ts';
import { type RunServices, RunShelf } from './runs/runShelf.ts';
import { followed } from './selection.ts';
import { type ArmSettings, knobs } from './settings.ts';
import { fetchShipped } from './shippedModels.ts';
import {
  createLabStore,
  type LabStore,
  type ModelSlot,
  mostArms,
  type Pace,
  type PanelId,
  type Selection,
  stationMs,
  type Teaching,
  type Theme,
  type XAxis,
} from './store.ts';
import type { Guide } from './syllabus.ts';
import { hides, lockedNote, locks } from './teaching.ts';
import type { TrainerHandle } from './trainer.ts';
import { TrainingRoom } from './trainingRoom.ts';
import type { Link } from './url.ts';

/** What the laboratory needs of the world outside. */
export interface Services {
  /** The judge, which is started when first asked for. */
  judge(): { client: JudgeClient; connect(): MessagePort };
  spawnTrainer(): TrainerHandle;
  /** Absolute address of the folder that the page's files lie in. */
  assets: string;
  /** A file beside the page; null when there is none. */
  fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Whether the person asked for less motion. */
  still(): boolean;
  /** Least time between two changes that arms cause in the store, in milliseconds. Default 0: none. */
  beatMs?: number;
  /** Where runs are kept; without, they are not. */
  runs?: RunServices;
}

export class Laboratory {
  readonly store: LabStore = createLabStore();
  readonly notices = new NoticeBoard(this.store);
  readonly training: TrainingRoom;
  readonly runs: RunShelf;
  readonly experiments: ExperimentRoom;
  readonly playback: Playback;
  #services: Services;
  #bench: ArmBench;
  #stopReplay = () => {};
  #recordings: RecordingShelf;
  #identities = new ArmIdentities();
  #openings = 0;

  constructor(services: Services) {
    this.#services = services;
    this.#bench = new ArmBench(this.store, services.beatMs ?? 0);
    this.#recordings = new RecordingShelf(services.fetchBytes, this.notices);
    this.playback = new Playback(this.store, services.still, (cursor) => this.setCursor(cursor));
    this.training = new TrainingRoom(this.store, this.notices, () => this.trainerParts());
    this.runs = new RunShelf(this.store, this.notices, services.runs ?? null);
    this.experiments = new ExperimentRoom({
      store: this.store,
      notices: this.notices,
      runs: this.runs,
      trainerParts: () => this.trainerParts(),
      beatMs: services.beatMs ?? 0,
    });
  }

  /** A file beside the page; null when there is none. */
  get fetchBytes(): Services['fetchBytes'] {
    return this.#services.fetchBytes;
  }

  /** The page's own line to the judge, for the inspector and for custom filters. */
  get judge(): JudgeClient {
    return this.#services.judge().client;
  }

  // ── What is compared ────────────────────────────────────────────────────────────────────────────────────

  /** Shows these arms: as a replayed recording when one of exactly this page exists, otherwise ready to start. */
  async open(opening: Opening, undo?: string): Promise<void> {
    const turn = ++this.#openings;
    const recording = await this.#recordings.find(opening.preset);
    if (turn !== this.#openings) return;
    this.#stopReplay();
    const identities = this.#identities.all(opening);
    const runs = identities.map((identity) => recording?.runs.find((run) => sameRun(run, identity)));
    const recorded = runs.every((run) => run !== undefined);
    const arms = identities.map((identity, i) =>
      recorded ? new RecordedArm(identity, runs[i]!, this.#bench.publish) : this.#live(identity),
    );
    this.store.setState({ cursor: null, selection: null, playing: false });
    this.#bench.replace(arms, {
      ...(undo === undefined ? {} : { undo }),
      frame: { preset: opening.preset, seed: opening.seed, activeArm: arms[0]?.arm.id ?? null },
    });
    if (recorded) this.#replay();
    this.store.setState({ ready: true });
  }

  /** Opens the page that a link describes; what it does not say is taken as links mean it. */
  async openLink(link: Link): Promise<void> {
    this.store.setState({
      xAxis: link.xAxis,
      pace: link.pace,
      panels: link.panels,
      backendChoice: link.engine,
    });
    const turn = this.#openings + 1;
    await this.open(link);
    // Another page was asked for meanwhile.
    if (turn !== this.#openings) return;
    this.store.setState({ cursor: link.cursor });
    const active = this.#bench.sources[link.active];
    if (active) this.setActive(active.arm.id);
    if (link.program) {
      const { arm, iteration, row } = link.program;
      const armId = this.#bench.sources[arm]?.arm.id;
      if (armId !== undefined) this.select({ armId, iteration, row });
    }
    if (link.play) this.play();
    // Last, so that both find the page as the link has it.
    if (link.guide) this.store.setState({ guide: link.guide });
    if (link.demo) this.store.setState({ demo: link.demo });
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

  /** Adds an arm beside the others, on the same seed. */
  add(spec: ArmSpec): string | null {
    const { arms, seed, playing } = this.store.getState();
    if (arms.length >= mostArms) {
      this.notices.post({
        kind: 'warning',
        text: `At most ${mostArms} arms can be told apart. Remove one first.`,
      });
      return null;
    }
    this.#goLive();
    const arm = this.#live(this.#identities.one(spec, seed, arms));
    this.#bench.replace([...this.#bench.sources, arm], {
      undo: `adding ${arm.arm.name}`,
      frame: { activeArm: arm.arm.id },
    });
    if (playing) arm.play();
    return arm.arm.id;
  }

  duplicate(id: string): string | null {
    const source = this.#bench.find(id);
    return source && this.add({ settings: structuredClone(source.arm.settings) });
  }

  remove(id: string): void {
    const source = this.#bench.find(id);
    if (!source) return;
    this.#bench.replace(
      this.#bench.sources.filter((other) => other !== source),
      { undo: `removing ${source.arm.name}` },
    );
    this.notices.post({ kind: 'info', text: `${source.arm.name} was removed.`, action: 'undo' });
  }

  rename(id: string, name: string): void {
    const trimmed = name.trim().slice(0, 40);
    const taken = this.store.getState().arms.some((arm) => arm.name === trimmed && arm.id !== id);
    if (trimmed === '' || taken) {
      this.notices.post({
        kind: 'warning',
        text: taken
          ? `Another arm is called "${trimmed}". Names tell the curves apart.`
          : 'An arm needs a name.',
        field: 'name',
      });
      return;
    }
    const source = this.#bench.find(id);
    source?.present({ name: trimmed });
    if (source?.arm.run) void this.runs.describe(source.arm.run, { name: trimmed });
  }

  setHidden(id: string, hidden: boolean): void {
    this.#bench.find(id)?.present({ hidden });
  }

  setActive(id: string): void {
    if (this.#bench.find(id)) this.store.setState({ activeArm: id });
  }

  /**
   * Changes knobs of an arm (values must be valid: see validate.ts). An arm that has rows starts again, alone: a
   * curve never mixes two settings.
   */
  change(id: string, changes: Partial<ArmSettings>): void {
    const old = this.#bench.find(id)?.arm;
    if (!old) return;
    const settings = { ...old.settings, ...changes };
    const changed = differingKnobs(settings, old.settings);
    if (changed.length === 0) return;
    const begun = old.recorded || old.iterations.length > 0 || old.state !== 'ready';
    const others = this.store.getState().arms.filter((arm) => arm.id !== id);
    const named = old.name !== nameArm(old.settings, others);
    const name = named ? old.name : nameArm(settings, others);
    const what = changed.map((key) => knobs[key].label).join(', ');
    this.#goLive();
    this.#swap(id, { settings, name }, `${old.name}: ${what}`);
    if (begun && !old.recorded) {
      this.notices.post({
        kind: 'info',
        text: `${name} starts again, because ${what} changed. Undo brings the old run back.`,
        action: 'undo',
      });
    }
  }

  /** Starts one arm again from its first iteration. */
  resetArm(id: string): void {
    const arm = this.#bench.find(id)?.arm;
    if (!arm) return;
    this.#goLive();
    this.#swap(id, {}, `reset of ${arm.name}`);
  }

  /** Back to the first iteration: all arms, ready to start. */
  reset(): void {
    this.#stopReplay();
    this.store.setState({ playing: false, cursor: null, selection: null });
    const arms = this.#bench.sources.map((source) => this.#live(source.arm));
    this.#bench.replace(arms, { undo: 'reset' });
  }

  undo(): void {
    this.#stopReplay();
    this.#bench.undo();
    for (const { id, action } of this.store.getState().notices)
      if (action === 'undo') this.notices.dismiss(id);
    if (this.store.getState().mode === 'recorded') this.#replay(true);
    if (this.store.getState().playing) for (const source of this.#bench.sources) source.play();
  }

  // ── Transport ───────────────────────────────────────────────────────────────────────────────────────────

  play(): void {
    this.#goLive();
    this.store.setState({ playing: true, cursor: null });
    for (const source of this.#bench.sources) source.play();
    this.#bench.publish();
  }

  pause(): void {
    this.store.setState({ playing: false });
    for (const source of this.#bench.sources) source.pause();
  }

  step(unit: StepUnit): void {
    this.#goLive();
    this.store.setState({ playing: false, cursor: null });
    for (const source of this.#bench.sources) source.step(unit);
  }

  setPace(pace: Pace): void {
    this.store.setState({ pace });
    for (const source of this.#bench.sources) source.pace(stationMs[pace]);
  }

  // ── What is looked at ───────────────────────────────────────────────────────────────────────────────────

  /** Moves every panel to an iteration; null follows the newest. The inspector keeps group and rank in view. */
  setCursor(cursor: number | null): void {
    this.store.setState(({ selection, arms }) => {
      const arm = arms.find((each) => each.id === selection?.armId);
      return { cursor, selection: selection && followed(selection, arm, cursor) };
    });
  }

  /** Goes to where reward and truth part: in the chosen arm, or in the first in which they do. Says what was found. */
  showParting(): void {
    const { arms, activeArm } = this.store.getState();
    const found = arms
      .filter((arm) => !arm.hidden)
      .map((arm) => ({ arm, parting: findParting(arm) }))
      .sort((a, b) => Number(b.arm.id === activeArm) - Number(a.arm.id === activeArm));
    for (const { arm, parting } of found) {
      if (parting.kind !== 'parted') continue;
      this.setActive(arm.id);
      this.setCursor(Math.max(1, parting.iteration));
      break;
    }
    this.notices.post({
      kind: 'info',
      text: found.map(({ arm, parting }) => partingInWords(arm.name, parting)).join(' '),
    });
  }

  /** Opens a response in the inspector. */
  select(selection: Selection | null): void {
    this.store.setState({ selection });
    if (selection) this.setPanel('inspector', true);
  }

  setHighlight(highlight: Station | null): void {
    this.store.setState({ highlight });
  }

  setXAxis(xAxis: XAxis): void {
    this.store.setState({ xAxis });
  }

  /** Opens lessons or glossary beside the page, or closes them. */
  setGuide(guide: Guide | null): void {
    this.store.setState({ guide });
  }

  /** Lets the demo stop where it is. */
  stopDemo(): void {
    this.store.setState({ demo: null });
  }

  /** Remembers the page as it is; the returned function brings it back, arms with their rows and all. */
  hold(): () => void {
    const { cursor, selection, xAxis, pace, panels, backendChoice } = this.store.getState();
    const arms = this.#bench.hold();
    return () => {
      this.#openings++;
      this.#stopReplay();
      this.store.setState({ playing: false, highlight: null });
      arms();
      if (this.store.getState().mode === 'recorded') this.#replay(true);
      this.store.setState({ cursor, selection, xAxis, panels, backendChoice });
      this.setPace(pace);
    };
  }

  setTheme(theme: Theme): void {
    this.store.setState(({ teaching }) => ({ theme, teaching: { ...teaching, theme: null } }));
  }

  /** What a teacher's link hides and locks. Lessons and demos rearrange the page within it. */
  setTeaching(teaching: Teaching): void {
    this.store.setState({ teaching });
  }

  setPanel(panel: PanelId, open: boolean): void {
    if (open && hides(this.store.getState(), panel)) return;
    this.store.setState(({ panels }) => ({
      panels: open ? [...new Set([...panels, panel])] : panels.filter((each) => each !== panel),
    }));
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

  // ── Stored runs ─────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Shows stored runs as arms that go on where they were saved: in place of arms that have not begun, beside others.
   * A run that is on the page already is only chosen.
   */
  async openRuns(ids: readonly string[]): Promise<void> {
    if (locks(this.store.getState(), 'arms')) {
      this.notices.post({ kind: 'info', text: `${lockedNote} The arms stay as they are.` });
      return;
    }
    const shown = this.store.getState().arms.filter((arm) => arm.run !== null && ids.includes(arm.run));
    if (shown[0]) this.setActive(shown[0].id);
    const pasts: { past: PastRun; lost: { arm?: LiveArm } }[] = [];
    for (const id of ids.filter((each) => !shown.some((arm) => arm.run === each))) {
      const lost: { arm?: LiveArm } = {};
      const past = await this.runs.take(id, () => lost.arm?.forgetRun());
      if (past) pasts.push({ past, lost });
    }
    if (pasts.length === 0) return;
    const begun = this.#bench.sources.filter(({ arm }) => !arm.recorded && arm.state !== 'ready');
    const beside = begun.length > 0 ? this.#bench.sources : [];
    const room = mostArms - beside.length;
    for (const { past } of pasts.slice(room)) past.line?.release();
    if (pasts.length > room) {
      this.notices.post({
        kind: 'warning',
        text: `At most ${mostArms} arms can be told apart. Remove one, then open the others.`,
      });
    }
    this.#openings++;
    this.#stopReplay();
    const sources = [...beside];
    for (const { past, lost } of pasts.slice(0, room)) {
      const others = sources.map((source) => source.arm);
      const { name, settings, seed, color } = past.run;
      const identity = this.#identities.one({ name, settings }, seed, others);
      if (!others.some((arm) => arm.color === color)) identity.color = color;
      lost.arm = this.#live(identity, null, past);
      sources.push(lost.arm);
    }
    const first = sources[beside.length];
    if (!first) return;
    this.store.setState({ cursor: null, selection: null });
    this.#bench.replace(sources, {
      undo: `opening ${first.arm.name}`,
      frame: { activeArm: first.arm.id, ...(beside.length === 0 ? { seed: first.arm.seed } : {}) },
    });
  }

  /** Names a stored run, and its arm when it is on the page. */
  async describeRun(id: string, change: { name: string; note: string }): Promise<void> {
    const arm = this.store.getState().arms.find((each) => each.run === id);
    if (!arm) return this.runs.describe(id, change);
    this.rename(arm.id, change.name);
    await this.runs.describe(id, { note: change.note });
  }

  /** Goes on with the runs that the last session left unfinished. */
  async resumeSession(): Promise<void> {
    await this.openRuns(this.store.getState().runs.unfinished);
    this.play();
  }

  // ── Models ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The files of an arm's model as it is now, or of the model that a slot would start from, as one zip. */
  async exportModel(
    from: { arm: string; part: 'policy' | 'critic' } | { slot: ModelSlot },
  ): Promise<Blob | null> {
    try {
      return this.training.zip(await this.#checkpoint(from));
    } catch (thrown) {
      this.notices.fail(labError(thrown), 'Export');
      return null;
    }
  }

  async #checkpoint(
    from: { arm: string; part: 'policy' | 'critic' } | { slot: ModelSlot },
  ): Promise<CheckpointBytes> {
    if ('slot' in from)
      return this.training.models.get(from.slot) ?? fetchShipped(this.#services.assets, from.slot);
    const source = this.#bench.find(from.arm);
    const trainer = source instanceof LiveArm ? source.trainer : null;
    if (trainer) return trainer.exportModel(from.part);
    return this.#checkpoint({ slot: 'policy' });
  }

  // ── Inside ──────────────────────────────────────────────────────────────────────────────────────────────

  /** How a trainer is opened with the present choice of engine and models. */
  trainerParts(): TrainerParts {
    return {
      spawn: () => this.#services.spawnTrainer(),
      judgePort: () => this.#services.judge().connect(),
      assets: this.#services.assets,
      backend: this.store.getState().backendChoice,
      models: this.training.models,
    };
  }

  #live(identity: ArmIdentity, ghost: LiveArm['arm']['ghost'] = null, past?: PastRun): LiveArm {
    return new LiveArm(identityOf(identity), {
      parts: () => this.trainerParts(),
      changed: this.#bench.touch,
      stationMs: stationMs[this.store.getState().pace],
      failed: (error, name) => this.notices.fail(error, name),
      warned: (text) => this.notices.post({ kind: 'warning', text }),
      ghost,
      keep: this.runs.keep,
      ...(past ? { past } : {}),
    });
  }

  /** Puts a fresh arm in the place of one. */
  #swap(id: string, change: Partial<ArmIdentity>, undo: string): void {
    const { playing } = this.store.getState();
    const sources: ArmSource[] = this.#bench.sources.map((source) =>
      source.arm.id === id ? this.#live({ ...source.arm, ...change }) : source,
    );
    this.#bench.replace(sources, { undo });
    if (playing) this.#bench.find(id)?.play();
  }

  /** Puts live arms in the place of recorded ones, with the recording faintly behind them. */
  #goLive(): void {
    if (this.store.getState().mode !== 'recorded') return;
    this.#stopReplay();
    this.#bench.replace(
      this.#bench.sources.map((source) =>
        source instanceof RecordedArm ? this.#live(source.arm, source.run) : source,
      ),
    );
  }

  #replay(still = this.#services.still()): void {
    const arms = this.#bench.sources.filter((source) => source instanceof RecordedArm);
    this.#stopReplay = replay(arms, { still, done: () => {} });
  }
}

const sameRun = (run: RunRecord, arm: ArmIdentity) =>
  run.seed === arm.seed && differingKnobs(run.settings, arm.settings).length === 0;
