/**
 * The arms on the page, in order, and the way back: each change of what is compared can be undone, with the rows and
 * the live trainers of the arms that it removed.
 */
import type { LabState, LabStore } from '../state/store.ts';
import type { ArmSource } from './armSource.ts';
import { LiveArm } from './liveArm.ts';

type Frame = Pick<LabState, 'preset' | 'seed' | 'activeArm'>;
interface Past extends Frame {
  label: string;
  sources: readonly ArmSource[];
}

const mostSteps = 20;
/** Begun arms hold a worker and their models; only so many are kept for undo. */
const mostKeptTrainers = 2;

/**
 * At full speed arms are seen at every sixth beat, twice a second: stations pass faster than anybody can follow them, and
 * each look costs the arms some of the cores that they compute on.
 */
const hurriedBeats = 6;

export class ArmList {
  #store: LabStore;
  #sources: readonly ArmSource[] = [];
  #past: Past[] = [];
  /** Arms that `hold` promised to bring back. */
  #held: readonly ArmSource[] = [];

  /** Least time between two changes of the store that arms cause, in milliseconds. */
  #beatMs: number;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(store: LabStore, beatMs: number) {
    this.#store = store;
    this.#beatMs = beatMs;
  }

  get sources(): readonly ArmSource[] {
    return this.#sources;
  }

  find(id: string): ArmSource | null {
    return this.#sources.find((source) => source.arm.id === id) ?? null;
  }

  /** Arms call this when they change. The first change shows at once; a flood of them shows beat by beat. */
  touch = (): void => {
    if (this.#due !== undefined) return;
    const { playing, pace } = this.#store.getState();
    const beat = this.#beatMs * (playing && pace === 'full' ? hurriedBeats : 1);
    const rest = this.#publishedAt + beat - performance.now();
    if (rest <= 0) this.publish();
    else this.#due = setTimeout(this.publish, rest);
  };

  /** Lets the store see the arms as they are now. */
  publish = (): void => {
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#publishedAt = performance.now();
    const arms = this.#sources.map((source) => source.arm);
    const resting = arms.every((arm) => arm.state === 'finished' || arm.state === 'failed');
    this.#store.setState((state) => ({
      arms,
      mode: arms.some((arm) => arm.recorded) ? 'recorded' : 'live',
      playing: state.playing && !resting,
      activeArm: arms.some((arm) => arm.id === state.activeArm) ? state.activeArm : (arms[0]?.id ?? null),
      backend:
        arms.map((arm) => arm.backend).find((backend) => backend?.device !== undefined) ?? state.backend,
      undo: this.#past.at(-1)?.label ?? null,
    }));
  };

  /**
   * Puts other arms on the page. With `undo`, the arms that leave are paused and kept for the way back under that
   * label; without, they are disposed of.
   */
  replace(sources: readonly ArmSource[], options: { undo?: string; frame?: Partial<Frame> } = {}): void {
    const leaving = this.#sources.filter((source) => !sources.includes(source));
    if (options.undo !== undefined) {
      const { preset, seed, activeArm } = this.#store.getState();
      this.#past.push({ label: options.undo, sources: this.#sources, preset, seed, activeArm });
    }
    for (const source of leaving) source.pause();
    this.#sources = sources;
    if (options.frame) this.#store.setState(options.frame);
    this.#trim();
    this.#forget(leaving);
    this.publish();
  }

  /** Takes back the last change. The arms that it had not touched keep what they learned since. */
  undo(): void {
    const past = this.#past.pop();
    if (!past) return;
    const leaving = this.#sources.filter((source) => !past.sources.includes(source));
    this.#sources = past.sources;
    this.#store.setState({ preset: past.preset, seed: past.seed, activeArm: past.activeArm });
    for (const source of leaving) source.pause();
    this.#forget(leaving);
    this.publish();
  }

  /** Keeps the arms of this moment alive until the returned function has put them back. */
  hold(): () => void {
    const { preset, seed, activeArm } = this.#store.getState();
    const sources = this.#sources;
    this.#held = sources;
    return () => {
      this.replace(sources, { frame: { preset, seed, activeArm } });
      this.#held = [];
    };
  }

  #kept(): Set<ArmSource> {
    return new Set([...this.#sources, ...this.#held, ...this.#past.flatMap((past) => past.sources)]);
  }

  /** Drops the oldest ways back until few enough trainers are kept for them. */
  #trim(): void {
    const held = () =>
      [...this.#kept()].filter(
        (source) => !this.#sources.includes(source) && source instanceof LiveArm && source.begun,
      ).length;
    while (this.#past.length > mostSteps || (this.#past.length > 1 && held() > mostKeptTrainers)) {
      const dropped = this.#past.shift();
      this.#forget(dropped?.sources ?? []);
    }
  }

  #forget(sources: readonly ArmSource[]): void {
    const kept = this.#kept();
    for (const source of sources) if (!kept.has(source)) source.dispose();
  }
}
