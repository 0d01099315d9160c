/** What a person does to the arms that are compared. Everything here but names and hiding can be undone. */
import { changesFrom, withArm, withChanges } from '../../rlhf/catalogue/paths.ts';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import type { Runs } from '../runs/runs.ts';
import { nameArm, valueInWords } from '../settings/naming.ts';
import { validateSettings } from '../settings/validate.ts';
import { mostArms } from '../state/arm.ts';
import type { LabStore } from '../state/store.ts';
import type { Notices } from '../view/notices.ts';
import type { ArmSpec } from './armIdentity.ts';
import type { ArmList } from './armList.ts';
import type { ArmMaker } from './armMaker.ts';

/** What arms are edited with. */
export interface ArmsHost {
  store: LabStore;
  notices: Notices;
  list: ArmList;
  maker: ArmMaker;
  runs: Runs;
}

export class Arms {
  readonly #host: ArmsHost;

  constructor(host: ArmsHost) {
    this.#host = host;
  }

  /** Adds an arm beside the others, on the same seed. Null, with a notice, when there are too many. */
  add(spec: ArmSpec): string | null {
    const { store, notices, list, maker } = this.#host;
    const { arms, seed, playing } = store.getState();
    if (arms.length >= mostArms) {
      notices.post({
        kind: 'warning',
        text: `At most ${mostArms} arms can be told apart. Remove one first.`,
      });
      return null;
    }
    maker.goLive();
    const arm = maker.live(maker.identities.one(spec, seed, arms));
    list.replace([...list.sources, arm], {
      undo: `adding ${arm.arm.name}`,
      frame: { activeArm: arm.arm.id },
    });
    if (playing) arm.play();
    return arm.arm.id;
  }

  duplicate(id: string): string | null {
    const source = this.#host.list.find(id);
    return source && this.add({ settings: structuredClone(source.arm.settings) });
  }

  remove(id: string): void {
    const { notices, list } = this.#host;
    const source = list.find(id);
    if (!source) return;
    list.replace(
      list.sources.filter((other) => other !== source),
      { undo: `removing ${source.arm.name}` },
    );
    notices.post({ kind: 'info', text: `${source.arm.name} was removed.`, action: 'undo' });
  }

  rename(id: string, name: string): void {
    const { store, notices, list, runs } = this.#host;
    const trimmed = name.trim().slice(0, 40);
    const taken = store.getState().arms.some((arm) => arm.name === trimmed && arm.id !== id);
    if (trimmed === '' || taken) {
      notices.post({
        kind: 'warning',
        text: taken
          ? `Another arm is called "${trimmed}". Names tell the curves apart.`
          : 'An arm needs a name.',
        field: 'name',
      });
      return;
    }
    const source = list.find(id);
    source?.present({ name: trimmed });
    if (source?.arm.run) void runs.describe(source.arm.run, { name: trimmed });
  }

  /** Adds an arm with the settings of the chosen one and another method, so that only that method differs. */
  addMethod(method: string): void {
    const { arms, activeArm } = this.#host.store.getState();
    const base = arms.find((arm) => arm.id === activeArm) ?? arms[0];
    if (base) this.add({ settings: this.#possible(withArm(base.settings, method)) });
  }

  setHidden(id: string, hidden: boolean): void {
    this.#host.list.find(id)?.present({ hidden });
  }

  /**
   * Changes settings of an arm by name (values must be valid: see validate.ts; a combination that cannot be is repaired). An arm that has rows starts again, alone: a
   * curve never mixes two settings.
   */
  change(id: string, changes: Readonly<Record<string, unknown>>): void {
    const { store, notices, list, maker } = this.#host;
    const old = list.find(id)?.arm;
    if (!old) return;
    const settings = this.#possible(withChanges(old.settings, changes));
    const changed = changesFrom(old.settings, settings);
    if (changed.length === 0) return;
    const begun = old.recorded || old.iterations.length > 0 || old.state !== 'ready';
    const others = store.getState().arms.filter((arm) => arm.id !== id);
    const named = old.name !== nameArm(old.settings, others);
    const name = named ? old.name : nameArm(settings, others);
    const what = changed.map(([path, value]) => valueInWords(settings, path, value)[0]).join(', ');
    maker.goLive();
    maker.swap(id, { settings, name }, `${old.name}: ${what}`);
    if (begun && !old.recorded) {
      notices.post({
        kind: 'info',
        text: `${name} starts again, because ${what} changed. Undo brings the old run back.`,
        action: 'undo',
      });
    }
  }

  /** The settings with what cannot stand together repaired, and told: a method may not go with what the arm has. */
  #possible(wanted: ArmSettings): ArmSettings {
    const { settings, issues } = validateSettings({}, wanted);
    for (const { message, field } of issues)
      this.#host.notices.post({ kind: 'warning', text: message, field });
    return settings;
  }

  /** Starts one arm again from its first iteration. */
  reset(id: string): void {
    const { list, maker } = this.#host;
    const arm = list.find(id)?.arm;
    if (!arm) return;
    maker.goLive();
    maker.swap(id, {}, `reset of ${arm.name}`);
  }
}
