/** What a table of results allows to be said, and no more. */
import { fixed, plusMinus } from '../../core/numberText.ts';
import { fewestToTell, halfWidth95, type Telling, tellingOf } from '../../core/statistics/studentT.ts';
import type { PublishedEstimate, PublishedSummary } from './publishedResults.ts';

/** "47.5 ± 0.9" in per cent. */
export function estimate(value: PublishedEstimate | null | undefined): string {
  const { mean, standardError } = value ?? { mean: Number.NaN, standardError: null };
  return plusMinus(100 * mean, standardError === null ? null : 100 * standardError, 1);
}

/** A difference with its sign and its 95 % interval: "+3.0 (0.7 to 5.3)"; without the interval where there is none. */
export function interval95(value: PublishedEstimate | null): string {
  if (!value) return '–';
  const points = (share: number) => fixed(100 * share, 1);
  const { mean, standardError, count } = value;
  const half = halfWidth95(standardError, count);
  const range = half === null ? '' : ` (${points(mean - half)} to ${points(mean + half)})`;
  return `${mean > 0 ? '+' : ''}${points(mean)}${range}`;
}

const inWords = (count: number) => ['no', 'one', 'two', 'three'][count] ?? String(count);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "two seeds", "3 to 5 seeds": how many seeds differences were paired over. */
export function seedsInWords(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const many = least === most ? inWords(most) : `${least} to ${most}`;
  return `${many} ${most === 1 ? 'seed' : 'seeds'}`;
}

/** Whole sentences about the arms against the reference. */
export function summaryInWords(summary: PublishedSummary): string[] {
  const { reference } = summary;
  const join = (list: string[]) =>
    list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  const rest = summary.arms.filter((arm) => arm.arm !== reference && arm.difference !== null);
  const lines: string[] = [];
  const say = (telling: Telling, text: (names: string, seeds: string, many: boolean) => string) => {
    const arms = rest.filter((arm) => tellingOf(arm.difference!) === telling);
    if (arms.length === 0) return;
    const seeds = seedsInWords(arms.map((arm) => arm.difference!.count));
    lines.push(text(join(arms.map(({ arm }) => arm)), seeds, arms.length > 1));
  };
  const apart = (where: string) => (names: string, seeds: string, many: boolean) =>
    `${names} ${many ? 'are' : 'is'} ${where} ${reference}: the 95 % interval of the paired difference over ${seeds} leaves zero out.`;
  say('above', apart('above'));
  say('below', apart('below'));
  say(
    'level',
    (names, seeds, many) => `${names} ${many ? 'are' : 'is'} not told apart from ${reference} over ${seeds}.`,
  );
  say(
    'no spread',
    (names, seeds, many) =>
      `${names} ${many ? 'differ' : 'differs'} from ${reference} by the same over ${seeds}: that can be chance and leaves no spread to judge by, so not told apart.`,
  );
  say(
    'few',
    (names, seeds) =>
      `${upperFirst(seeds)} cannot tell ${names} from ${reference}: run at least ${inWords(fewestToTell)}.`,
  );
  const base = summary.arms.find((arm) => arm.arm === reference)?.updateTokens?.mean;
  // What learns nothing saves nothing.
  const cheap = rest.filter(
    ({ updateTokens }) => base && updateTokens && updateTokens.mean > 0 && updateTokens.mean < 0.9 * base,
  );
  if (base && cheap.length > 0) {
    const shares = cheap.map((arm) => Math.round((100 * arm.updateTokens!.mean) / base));
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    lines.push(
      `What is saved is cost: ${join(cheap.map((arm) => arm.arm))} ${cheap.length === 1 ? 'trains' : 'train'} on ${low === high ? low : `${low} to ${high}`} % of ${reference}'s update tokens.`,
    );
  }
  return lines;
}
