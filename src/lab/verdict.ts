/** What a table of results allows to be said, and no more. */
import { toldApart } from '../core/studentT.ts';
import type { PublishedEstimate, PublishedSummary } from './publishedSummary.ts';

const percent = (value: number) => (100 * value).toFixed(1).replace('-', '−');

/** "47.5 ± 0.9" in per cent. */
export function estimate(value: PublishedEstimate | null): string {
  if (!value) return '–';
  return value.standardError === null
    ? percent(value.mean)
    : `${percent(value.mean)} ± ${percent(value.standardError)}`;
}

/** A difference with its sign. */
export function percentPoints(value: PublishedEstimate | null): string {
  return value && value.mean > 0 ? `+${estimate(value)}` : estimate(value);
}

/** Whole sentences about the arms against the reference. */
export function comparison(summary: PublishedSummary): string[] {
  const { reference } = summary;
  const rest = summary.arms.filter((arm) => arm.arm !== reference && arm.difference !== null);
  const at = (arm: (typeof rest)[number]) => {
    if (!toldApart(arm.difference!)) return 'level';
    return arm.difference!.mean > 0 ? 'above' : 'below';
  };
  const names = (where: string) => rest.filter((arm) => at(arm) === where).map((arm) => arm.arm);
  const join = (list: string[]) =>
    list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  const lines: string[] = [];
  const say = (where: string, text: string) => {
    const list = names(where);
    if (list.length > 0) lines.push(`${join(list)} ${list.length === 1 ? 'is' : 'are'} ${text}`);
  };
  say('above', `above ${reference}: the 95 % interval of the paired difference leaves zero out.`);
  say('below', `below ${reference}: the 95 % interval of the paired difference leaves zero out.`);
  say('level', `not told apart from ${reference} over these seeds.`);
  const base = summary.arms.find((arm) => arm.arm === reference)?.updateTokens?.mean;
  const cheap = rest.filter((arm) => base && arm.updateTokens && arm.updateTokens.mean < 0.9 * base);
  if (base && cheap.length > 0) {
    const shares = cheap.map((arm) => Math.round((100 * arm.updateTokens!.mean) / base));
    const [low, high] = [Math.min(...shares), Math.max(...shares)];
    lines.push(
      `What filtering does buy is cost: ${join(cheap.map((arm) => arm.arm))} ${cheap.length === 1 ? 'trains' : 'train'} on ${low === high ? low : `${low} to ${high}`} % of ${reference}'s update tokens.`,
    );
  }
  return lines;
}
