/** Saved runs on the page: as arms that show what was saved and go on from there. */
import type { PastRun } from '../runs/pastRun.ts';
import type { Runs } from '../runs/runs.ts';
import { mostArms } from '../state/arm.ts';
import type { LabStore } from '../state/store.ts';
import type { Notices } from '../view/notices.ts';
import { lockedNote, locks } from '../view/teaching.ts';
import type { View } from '../view/view.ts';
import type { ArmList } from './armList.ts';
import type { ArmMaker } from './armMaker.ts';
import type { Arms } from './arms.ts';
import type { LiveArm } from './liveArm.ts';

/** What saved runs are shown with. */
export interface SavedRunsHost {
  store: LabStore;
  notices: Notices;
  list: ArmList;
  maker: ArmMaker;
  runs: Runs;
  arms: Arms;
  view: View;
  play(): void;
}

/** A saved run that was taken up, and the arm to tell when it is no longer stored. */
interface Taken {
  past: PastRun;
  lost: { arm?: LiveArm };
}

export class SavedRuns {
  readonly #host: SavedRunsHost;

  constructor(host: SavedRunsHost) {
    this.#host = host;
  }

  /**
   * Shows saved runs as arms that go on where they were saved: in place of arms that have not begun, beside others.
   * A run that is on the page already is only chosen.
   */
  async open(ids: readonly string[]): Promise<void> {
    const { store, notices, list, maker, view } = this.#host;
    if (locks(store.getState(), 'arms')) {
      notices.post({ kind: 'info', text: `${lockedNote} The arms stay as they are.` });
      return;
    }
    const shown = store.getState().arms.filter((arm) => arm.run !== null && ids.includes(arm.run));
    if (shown[0]) view.setActive(shown[0].id);
    const taken = await this.#take(ids.filter((id) => !shown.some((arm) => arm.run === id)));
    if (taken.length === 0) return;
    const begun = list.sources.filter(({ arm }) => !arm.recorded && arm.state !== 'ready');
    const beside = begun.length > 0 ? list.sources : [];
    const fit = this.#release(taken, mostArms - beside.length);
    maker.beginOpening();
    maker.stopReplay();
    const sources = [...beside];
    for (const { past, lost } of fit) {
      const others = sources.map((source) => source.arm);
      const { name, settings, seed, color } = past.run;
      const identity = maker.identities.one({ name, settings }, seed, others);
      if (!others.some((arm) => arm.color === color)) identity.color = color;
      lost.arm = maker.live(identity, { past });
      sources.push(lost.arm);
    }
    const first = sources[beside.length];
    if (!first) return;
    store.setState({ cursor: null, selection: null });
    list.replace(sources, {
      undo: `opening ${first.arm.name}`,
      frame: { activeArm: first.arm.id, ...(beside.length === 0 ? { seed: first.arm.seed } : {}) },
    });
  }

  /** Names a saved run, and its arm when it is on the page. */
  async describe(id: string, change: { name: string; note: string }): Promise<void> {
    const { store, arms, runs } = this.#host;
    const arm = store.getState().arms.find((each) => each.run === id);
    if (!arm) return runs.describe(id, change);
    arms.rename(arm.id, change.name);
    await runs.describe(id, { note: change.note });
  }

  /** Goes on with the runs that the last session left unfinished. */
  async resumeSession(): Promise<void> {
    await this.open(this.#host.store.getState().runs.unfinished);
    this.#host.play();
  }

  async #take(ids: readonly string[]): Promise<Taken[]> {
    const taken: Taken[] = [];
    for (const id of ids) {
      const lost: Taken['lost'] = {};
      const past = await this.#host.runs.take(id, () => lost.arm?.forgetRun());
      if (past) taken.push({ past, lost });
    }
    return taken;
  }

  /** Puts back what there is no room for on the page, and gives the rest. */
  #release(taken: readonly Taken[], room: number): readonly Taken[] {
    for (const { past } of taken.slice(room)) past.line?.release();
    if (taken.length > room) {
      this.#host.notices.post({
        kind: 'warning',
        text: `At most ${mostArms} arms can be told apart. Remove one, then open the others.`,
      });
    }
    return taken.slice(0, room);
  }
}
