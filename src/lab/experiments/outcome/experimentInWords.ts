/** An experiment in words: the name it gets when nobody gives it one, and what came of it. */
import type { ExperimentSpec } from '../../settings/experimentSpec.ts';
import type { ExperimentView } from '../../state/experimentsState.ts';
import type { Notice } from '../../state/store.ts';
import { canGoOn, unfinishedOf } from '../experimentView.ts';

/** "PPO-M, BW × 3 seeds"; "PPO-M, BW × 2 cells × 3 seeds" */
export function nameOf({ arms, seeds }: Pick<ExperimentSpec, 'arms' | 'seeds'>): string {
  const names = [...new Set(arms.map(({ name, inCell }) => inCell ?? name))];
  const cells = new Set(arms.flatMap(({ cell }) => (cell === undefined ? [] : [cell]))).size;
  const shown =
    names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  const inCells = cells === 0 ? '' : ` × ${cells} ${cells === 1 ? 'cell' : 'cells'}`;
  return `${shown}${inCells} × ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
}

/** What came of it, for the message at its end. */
export function endInWords(view: ExperimentView): Pick<Notice, 'kind' | 'text'> {
  const { name, runs } = view;
  const failed = runs.filter((run) => run.state === 'failed');
  if (failed.length > 0) {
    const why = failed[0].error?.message ?? '';
    return { kind: 'warning', text: `${name}: ${failed.length} of ${runs.length} runs failed. ${why}` };
  }
  if (unfinishedOf(view).length === 0) {
    return {
      kind: 'info',
      text: `${name} is finished: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}.`,
    };
  }
  return canGoOn(view)
    ? { kind: 'info', text: `${name} was stopped. What was computed is kept.` }
    : { kind: 'info', text: `The time of ${name} is up. What was computed is kept.` };
}
