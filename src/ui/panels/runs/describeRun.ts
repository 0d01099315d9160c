/** A stored run in words. */
import { percent } from '../../../core/numberText.ts';
import { differencesInWords } from '../../../lab/settings/naming.ts';
import type { StoredRun } from '../../../lab/storage/runStore.ts';
import { armId, armLabel, settingsWith } from '../../../rlhf/catalogue/paths.ts';

/** "BW with beta 0.05, keep 2 and 3 more": its method and what differs from the settings that the page suggests. */
export function settingsInWords({ settings }: Pick<StoredRun, 'settings'>, most = 3): string {
  const differences = differencesInWords(settings, settingsWith({ method: armId(settings) }));
  const method = armLabel(settings);
  if (differences.length === 0) return `${method} with the usual settings`;
  const shown = differences.slice(0, most).join(', ');
  const rest = differences.length - most;
  return `${method} with ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** "51.7 → 58.9 %"; empty before the first look. */
export function passInWords({ firstPass, lastPass }: StoredRun): string {
  if (lastPass === null) return '';
  return firstPass === null
    ? `held-out pass ${percent(lastPass, 1)}`
    : `held-out pass ${percent(firstPass, 1)} → ${percent(lastPass, 1)}`;
}

/** How far it is, and who has it. */
export function progressInWords(run: StoredRun, where: 'page' | 'elsewhere' | null): string {
  const at = `${run.iteration} of ${run.settings.training.iterations} iterations`;
  if (where === 'elsewhere') return `${at}, open in another tab`;
  if (run.finished) return `finished, ${run.iteration} iterations`;
  return where === 'page' ? `${at}, on the page` : at;
}
