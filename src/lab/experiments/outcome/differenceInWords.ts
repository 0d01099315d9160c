/**
 * The difference of two runs in sentences: which settings differ, from where on their curves part by more than the
 * noise of a look at the held-out problems, what their ends allow to be said, and what each cost. Pure.
 */
import { fixed, grouped } from '../../../core/numberText.ts';
import { valueAt } from '../../../rlhf/catalogue/catalogue.ts';
import { changesFrom } from '../../../rlhf/catalogue/paths.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { MetricKey } from '../../records/metrics.ts';
import { valueInWords } from '../../settings/naming.ts';
import type { CurveRow } from './aggregate.ts';

export interface ComparedRun {
  /** What it is called in the sentences; distinct from the other. */
  name: string;
  seed: number;
  settings: ArmSettings;
  /** What computed it; null when it had not begun. */
  engine: string | null;
  iterations: readonly CurveRow[];
  evaluations: readonly CurveRow[];
  /** Sampled programs behind one held-out pass rate. */
  heldSamples: number;
}

export interface RunDifference {
  /** One entry per setting that differs, seed and engine included. */
  settings: string[];
  /** From which iteration the curves part, if they do. */
  parting: string;
  /** Where both ended, and whether one look each tells them apart. */
  end: string;
  /** One entry per cost. */
  costs: string[];
}

/** Two-sided 95 % quantile of the normal distribution. */
const normal95 = 1.96;

interface Look {
  iteration: number;
  a: number;
  b: number;
  /** A difference above this is more than the noise of two looks explains, nineteen times of twenty. */
  noise: number;
}

export function differenceOf(a: ComparedRun, b: ComparedRun): RunDifference {
  const looks = sharedLooks(a, b);
  return {
    settings: settingsOf(a, b),
    parting: partingOf(a, b, looks),
    end: endOf(a, b, looks),
    costs: costsOf(a, b),
  };
}

/**
 * Looks that both runs had at the same iteration. Sampled programs are taken for independent draws. One pass and one
 * failure are added to each rate (Agresti and Caffo 2000): otherwise a rate of 0 or 1 would have no noise at all.
 */
function sharedLooks(a: ComparedRun, b: ComparedRun): Look[] {
  const variance = (rate: number, n: number) => {
    const p = (rate * n + 1) / (n + 2);
    return (p * (1 - p)) / (n + 2);
  };
  const other = new Map(b.evaluations.map(({ iteration, metrics }) => [iteration, metrics.heldPass]));
  return a.evaluations.flatMap(({ iteration, metrics: { heldPass } }) => {
    const pass = other.get(iteration);
    if (heldPass === undefined || pass === undefined) return [];
    const noise = normal95 * Math.sqrt(variance(heldPass, a.heldSamples) + variance(pass, b.heldSamples));
    return [{ iteration, a: heldPass, b: pass, noise }];
  });
}

function settingsOf(a: ComparedRun, b: ComparedRun): string[] {
  const lines = changesFrom(a.settings, b.settings).map(([path, value]) => {
    const [label, other] = valueInWords(b.settings, path, value);
    const own = valueAt(a.settings, path);
    // A knob that only the second run's method has.
    if (own === undefined) return `${label}: ${other} in ${b.name} alone`;
    return `${label}: ${valueInWords(a.settings, path, own)[1]} against ${other}`;
  });
  if (a.seed !== b.seed) lines.push(`Seed: ${a.seed} against ${b.seed}`);
  if (a.engine !== b.engine)
    lines.push(`Engine: ${a.engine ?? 'none yet'} against ${b.engine ?? 'none yet'}`);
  return lines;
}

const apart = (look: Look) => Math.abs(look.a - look.b) > look.noise;

/** The first look from which on, to the last, all lie apart in the same direction. */
function partingOf(a: ComparedRun, b: ComparedRun, looks: readonly Look[]): string {
  const last = looks.at(-1);
  if (!last || last.iteration === 0) return 'They share no look at the held-out problems after the start.';
  const side = Math.sign(last.a - last.b);
  let from = looks.length;
  while (from > 0 && apart(looks[from - 1]) && Math.sign(looks[from - 1].a - looks[from - 1].b) === side)
    from--;
  if (from === looks.length) {
    const once = looks.find(apart);
    return once
      ? `Their curves come apart at iteration ${once.iteration}, and at the end are together again within the noise of a look.`
      : 'Their curves never part by more than the noise of a look at the held-out problems.';
  }
  const above = side > 0 ? a : b;
  const { iteration } = looks[from];
  const alone = from === looks.length - 1;
  return `From iteration ${iteration} on ${above.name} is above, by more than the noise of a look at the held-out problems.${
    alone ? ' That is the last look alone, and one in twenty exceeds the noise by chance.' : ''
  }`;
}

function endOf(a: ComparedRun, b: ComparedRun, looks: readonly Look[]): string {
  const last = looks.at(-1);
  if (!last) return 'There is no look at the held-out problems that both had.';
  const points = (value: number) => fixed(100 * Math.abs(value), 1);
  const verdict = apart(last)
    ? `which is more than the ${points(last.noise)} that the noise of one look each explains (95 %). Whether another seed would say the same, only more seeds tell`
    : `which the noise of one look each explains (up to ${points(last.noise)}, 95 %), so they are not told apart`;
  return `At iteration ${last.iteration}, the last that both were looked at, ${a.name} passes ${points(last.a)} % and ${b.name} ${points(last.b)} %: ${points(last.a - last.b)} points, ${verdict}.`;
}

function costsOf(a: ComparedRun, b: ComparedRun): string[] {
  const line = (label: string, own: number | undefined, other: number | undefined, unit = '') => {
    if (own === undefined || other === undefined) return [];
    const amount = (value: number) => `${grouped(value)}${unit}`;
    if (own === other) return [`${label}: ${amount(own)} each`];
    const share = other > 0 ? ` (${Math.round((100 * own) / other)} %)` : '';
    return [`${label}: ${amount(own)} against ${amount(other)}${share}`];
  };
  const [last, otherLast] = [a.iterations.at(-1), b.iterations.at(-1)];
  const total = (key: MetricKey) => [last?.metrics[key], otherLast?.metrics[key]] as const;
  return [
    ...line('Iterations', last?.iteration ?? 0, otherLast?.iteration ?? 0),
    ...line('Update tokens', ...total('updateTokens')),
    ...line('Programs sampled', ...total('samples')),
    ...line('Computing time', ...total('seconds'), ' s'),
  ];
}

/** The same as one text, for the clipboard. */
export function differenceText(a: ComparedRun, b: ComparedRun): string {
  const { settings, parting, end, costs } = differenceOf(a, b);
  const what = settings.length === 0 ? 'Nothing differs in their settings.' : `${settings.join('; ')}.`;
  return [`${a.name} against ${b.name}. ${what}`, parting, end, `${costs.join('; ')}.`].join('\n');
}
