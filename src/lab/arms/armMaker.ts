/**
 * Makes the arms of the page and puts live ones in the place of recorded ones. All that changes which arms there are
 * goes through here to the list: opening a page, editing arms, taking up saved runs.
 */
import type { RunRecord } from '../records/record.ts';
import type { KeepRun, PastRun } from '../runs/pastRun.ts';
import { type LabStore, stationMs } from '../state/store.ts';
import type { TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import type { Notices } from '../view/notices.ts';
import { ArmIdentities, type ArmIdentity, identityOf } from './armIdentity.ts';
import type { ArmList } from './armList.ts';
import { LiveArm } from './liveArm.ts';
import { RecordedArm } from './recordedArm.ts';
import { replay } from './replay.ts';

/** What arms are made with. */
export interface ArmMakerHost {
  store: LabStore;
  notices: Notices;
  list: ArmList;
  trainerParts(): TrainerParts;
  /** Begins to store what an arm computes. */
  keep: KeepRun;
  /** Whether the person asked for less motion. */
  still(): boolean;
}

export class ArmMaker {
  readonly identities = new ArmIdentities();
  readonly #host: ArmMakerHost;
  #stopReplay = () => {};
  #openings = 0;

  constructor(host: ArmMakerHost) {
    this.#host = host;
  }

  /** An arm computed in this tab, with a recording faintly behind it, or going on with a saved run. */
  live(
    identity: ArmIdentity,
    { ghost = null, past }: { ghost?: RunRecord | null; past?: PastRun } = {},
  ): LiveArm {
    const { store, notices, list, keep } = this.#host;
    return new LiveArm(identityOf(identity), {
      parts: () => this.#host.trainerParts(),
      changed: list.touch,
      stationMs: stationMs[store.getState().pace],
      failed: (error, name) => notices.fail(error, name),
      warned: (text) => notices.post({ kind: 'warning', text }),
      ghost,
      keep,
      ...(past ? { past } : {}),
    });
  }

  /** An arm that shows what was computed earlier. */
  recorded(identity: ArmIdentity, run: RunRecord): RecordedArm {
    return new RecordedArm(identity, run, this.#host.list.publish);
  }

  /** Puts a fresh arm in the place of one. */
  swap(id: string, change: Partial<ArmIdentity>, undo: string): void {
    const { list, store } = this.#host;
    const { playing } = store.getState();
    const sources = list.sources.map((source) =>
      source.arm.id === id ? this.live({ ...source.arm, ...change }) : source,
    );
    list.replace(sources, { undo });
    if (playing) list.find(id)?.play();
  }

  /** Puts live arms in the place of recorded ones, with the recording faintly behind them. */
  goLive(): void {
    const { list, store } = this.#host;
    if (store.getState().mode !== 'recorded') return;
    this.stopReplay();
    list.replace(
      list.sources.map((source) =>
        source instanceof RecordedArm ? this.live(source.arm, { ghost: source.run }) : source,
      ),
    );
  }

  /** Lets the recorded arms on the page show their rows, one after the other or, with `still`, all at once. */
  replay(still = this.#host.still()): void {
    const arms = this.#host.list.sources.filter((source) => source instanceof RecordedArm);
    this.#stopReplay = replay(arms, { still, done: () => {} });
  }

  stopReplay(): void {
    this.#stopReplay();
  }

  /**
   * Says that other arms are asked for. The returned function tells whether these are still the last that were: a slow
   * opening must not replace a later one.
   */
  beginOpening(): () => boolean {
    const turn = ++this.#openings;
    return () => turn === this.#openings;
  }
}
