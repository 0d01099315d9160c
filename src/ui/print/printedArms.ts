/** What paper says about the arms that the screen shows in controls: their settings in words, their numbers. Pure. */
import { type MetricKey, metrics } from '../../lab/records/metrics.ts';
import { differencesInWords } from '../../lab/settings/naming.ts';
import type { Arm } from '../../lab/state/arm.ts';
import { methodOf } from '../../rlhf/catalogue/catalogue.ts';
import { armId, armLabel, settingsWith } from '../../rlhf/catalogue/paths.ts';
import { readout } from '../charts/curves/curves.ts';

export interface SettingsRow {
  id: string;
  color: number;
  name: string;
  method: string;
  /** How it differs from the defaults. */
  differences: string;
  /** "40 of 40, recorded". */
  progress: string;
}

export function settingsRow(arm: Arm): SettingsRow {
  const differences = differencesInWords(arm.settings, settingsWith({ method: armId(arm.settings) }));
  const done = `${arm.iterations.at(-1)?.iteration ?? 0} of ${arm.settings.training.iterations}`;
  return {
    id: arm.id,
    color: arm.color,
    name: arm.name,
    method: `${armLabel(arm.settings)}: ${methodOf('filter', arm.settings.filter.method).short}`,
    differences: differences.length > 0 ? differences.join(', ') : 'all as by default',
    progress: arm.recorded ? `${done}, recorded` : done,
  };
}

/** Numbers of an arm worth a column on paper. */
const held = ['heldPass', 'heldGreedy'] as const satisfies readonly MetricKey[];
const last = ['rewardPi', 'passRate', 'kl', 'updateTokens'] as const satisfies readonly MetricKey[];

export const numberHeads: readonly string[] = [
  ...held.flatMap((key) => [`${metrics[key].label}, start`, 'best', 'newest']),
  ...last.map((key) => metrics[key].label),
];

/** Cells under `numberHeads`; a dash where nothing was measured. */
export function numbersRow(arm: Arm): string[] {
  const show = (key: MetricKey, value: number | undefined) =>
    value === undefined ? '–' : readout(value, key);
  return [
    ...held.flatMap((key) => {
      const values = arm.evaluations.flatMap((row) => row.metrics[key] ?? []);
      const best = values.length > 0 ? Math.max(...values) : undefined;
      return [values[0], best, values.at(-1)].map((value) => show(key, value));
    }),
    ...last.map((key) => show(key, arm.iterations.at(-1)?.metrics[key])),
  ];
}
