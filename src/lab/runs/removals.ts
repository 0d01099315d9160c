/**
 * What a person took out of the storage, and the way back: whole runs, or the samples and weights of runs. Every
 * removal of this page's life can be brought back, the last one first, as far as memory may be used for it.
 */
import type { RunStore, StoredRows, StoredRun } from '../storage/runStore.ts';
import { type RoomItem, sizeOf } from '../storage/space.ts';

interface Removal {
  /** "BW", "3 runs", "the samples of 12 runs". */
  what: string;
  /** Each run before the removal. */
  runs: { run: StoredRun; rows: StoredRows }[];
  bytes: number;
}

/** Memory holds at most this much of what was removed, to bring it back. */
export const mostHeldBytes = 256 * 2 ** 20;

const several = (runs: readonly unknown[], one: string) => (runs.length === 1 ? one : `${runs.length} runs`);

export class Removals {
  /** The latest last. */
  #done: Removal[] = [];

  /** What could be brought back, in words, the latest last. */
  get labels(): string[] {
    return this.#done.map(({ what }) => what);
  }

  /** Removes whole runs. @returns what was removed, in words, and whether it can be brought back */
  async remove(store: RunStore, ids: readonly string[]): Promise<{ what: string; held: boolean }> {
    const runs = await this.#read(store, ids);
    for (const { run } of runs) await store.remove(run.id);
    return this.#hold(several(runs, runs[0]?.run.name ?? 'nothing'), runs);
  }

  /** Removes samples and weights as planned; see `planRoom`. */
  async strip(store: RunStore, items: readonly RoomItem[]): Promise<{ what: string; held: boolean }> {
    const runs = await this.#read(store, [...new Set(items.map(({ run }) => run.id))]);
    const there = new Set(runs.map(({ run }) => run.id));
    for (const { run, what } of items) if (there.has(run.id)) await store.strip(run.id, what);
    const kinds = [...new Set(items.map(({ what }) => what))].join(' and ');
    return this.#hold(`the ${kinds} of ${several(runs, runs[0]?.run.name ?? 'nothing')}`, runs);
  }

  /** Brings the last removal back; what was named or archived since stays so. Null when there is none. */
  async restore(store: RunStore): Promise<string | null> {
    const last = this.#done.at(-1);
    if (!last) return null;
    for (const { run, rows } of last.runs) {
      const now = await store.get(run.id);
      const said = now && { name: now.name, note: now.note, archived: now.archived, color: now.color };
      await store.insert({ ...run, ...said }, rows);
    }
    // Forget it only now: when the disk has no room for it, a person can try again.
    this.#done = this.#done.filter((removal) => removal !== last);
    return last.what;
  }

  async #read(store: RunStore, ids: readonly string[]): Promise<Removal['runs']> {
    const runs: Removal['runs'] = [];
    for (const id of ids) {
      const run = await store.get(id);
      if (run) runs.push({ run, rows: await store.rows(id) });
    }
    return runs;
  }

  #hold(what: string, runs: Removal['runs']): { what: string; held: boolean } {
    const bytes = runs.reduce((sum, { run }) => sum + sizeOf(run), 0);
    if (runs.length > 0) this.#done.push({ what, runs, bytes });
    let held = this.#done.reduce((sum, removal) => sum + removal.bytes, 0);
    while (held > mostHeldBytes) held -= this.#done.shift()!.bytes;
    return { what, held: bytes <= mostHeldBytes };
  }
}
