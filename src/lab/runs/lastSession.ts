/** What the last session left unfinished, to be offered once more: pure, and remembered where the browser may. */
import type { Arm } from '../state/arm.ts';
import type { StoredRun } from '../storage/runStore.ts';
import type { LabError } from '../trainer/protocol.ts';

const memoryKey = 'filtrate/runs-on-page';
type Memory = Pick<Storage, 'getItem' | 'setItem'>;

/** What would stop an arm at the same place again: going on is not offered, though it can be tried from the list. */
const recurring: readonly LabError['code'][] = ['non-finite', 'bad-settings', 'bad-checkpoint', 'filter'];

/**
 * @param list runs that no other tab writes, the latest first
 * @param remembered ids of those that were on the page, as far as the browser wrote that down before it ended
 */
export function leftUnfinished(list: readonly StoredRun[], remembered: readonly string[]): StoredRun[] {
  const last = list.filter((run) => run.session === list[0].session && run.session !== '');
  const known = last.filter((run) => remembered.includes(run.id));
  // A crash may come before the browser has written down what was on the page; then it is all of that session.
  return (known.length > 0 ? known : last).filter(
    ({ finished, archived, failure }) => !finished && !archived && !(failure && recurs(failure)),
  );
}

export const recurs = ({ code }: Pick<LabError, 'code'>): boolean => recurring.includes(code);

/** "Last time not finished: BW (7 of 60). It is saved and can go on from there." */
export function offerInWords(runs: readonly StoredRun[]): string {
  const each = runs.map(({ name, iteration, settings, failure }) => {
    const why = failure ? `, stopped: ${failure.message.replace(/\.$/, '')}` : '';
    return `${name} (${iteration} of ${settings.training.iterations}${why})`;
  });
  const they = each.length === 1 ? 'It is' : 'They are';
  return `Last time not finished: ${each.join(', ')}. ${they} saved and can go on from there.`;
}

/** Which runs are on the page, for the next session. */
export class PageMemory {
  readonly #memory: Memory | null;
  #written = '';

  constructor(memory: Memory | null) {
    this.#memory = memory;
  }

  /** A page that has begun nothing leaves it as it is. */
  note(arms: readonly Arm[]): void {
    const ids = arms.flatMap((arm) => (arm.run === null ? [] : [arm.run])).join(' ');
    if (ids === '' || ids === this.#written) return;
    this.#written = ids;
    try {
      this.#memory?.setItem(memoryKey, ids);
    } catch {
      // A full or forbidden local storage costs the offer to resume, not the runs.
    }
  }

  recall(): string[] {
    try {
      return this.#memory?.getItem(memoryKey)?.split(' ') ?? [];
    } catch {
      return [];
    }
  }
}
