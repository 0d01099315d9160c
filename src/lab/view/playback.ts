/**
 * Playing back what is there: the cursor walks through the iterations by the clock and stops at the newest. Nothing
 * is computed. Whatever else moves the cursor, a hand on the scrubber for example, ends it.
 */
import { newestIteration } from '../state/arm.ts';
import type { LabStore, PlaybackRate } from '../state/store.ts';

export class Playback {
  readonly #store: LabStore;
  readonly #still: () => boolean;
  readonly #show: (cursor: number | null) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Where and when the present walk began. */
  #from = { iteration: 1, at: 0 };

  /**
   * @param still whether the person asked for less motion: then each press goes one iteration on
   * @param show moves the cursor, and what follows it
   */
  constructor(store: LabStore, still: () => boolean, show: (cursor: number | null) => void) {
    this.#store = store;
    this.#still = still;
    this.#show = show;
  }

  /** Starts from the cursor, or from the first iteration when the newest is shown; stops when it is under way. */
  toggle(): void {
    const { arms, cursor, playingBack } = this.#store.getState();
    const newest = newestIteration(arms);
    const next = cursor === null ? 1 : cursor + 1;
    if (playingBack) this.stop();
    else if (this.#still()) this.#show(next >= newest ? null : next);
    else if (newest > 1) {
      this.#show(cursor ?? 1);
      this.#start();
    }
  }

  setRate(playbackRate: PlaybackRate): void {
    this.#store.setState({ playbackRate });
    if (this.#store.getState().playingBack) this.#start();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#store.getState().playingBack) this.#store.setState({ playingBack: false });
  }

  #start(): void {
    clearInterval(this.#timer);
    const { cursor, playbackRate } = this.#store.getState();
    this.#from = { iteration: cursor ?? 1, at: performance.now() };
    let shown = cursor;
    this.#store.setState({ playingBack: true });
    this.#timer = setInterval(() => {
      const state = this.#store.getState();
      if (state.cursor !== shown) return this.stop();
      // The clock decides: a busy page leaves out iterations instead of dragging on.
      const passed = Math.floor(((performance.now() - this.#from.at) / 1000) * playbackRate);
      const due = this.#from.iteration + passed;
      if (due === shown) return;
      const done = due >= newestIteration(state.arms);
      shown = done ? null : due;
      this.#show(shown);
      if (done) this.stop();
    }, 500 / playbackRate);
  }
}
