/** What a study allows to be said, and no more: tables and sentences made from its numbers. */
import { fixed, plusMinus } from '../../core/numberText.ts';
import { fewestToTell } from '../../core/statistics/studentT.ts';
import { criteria } from './criteria.ts';
import { type Budget, budgets, budgetText } from './gains.ts';
import { type MapField, mapOf, type StudyMap } from './map.ts';
import { worstFilter } from './prediction.ts';
import type { Prediction, Study } from './study.ts';
import { withinCells } from './withinCells.ts';

/** "+0.111 ± 0.026", where ± is half the 95 % interval. */
export function gainText({ gain, half }: MapField): string {
  if (!gain) return '–';
  const text = plusMinus(gain.mean, half, 3);
  return gain.mean > 0 ? `+${text}` : text;
}

/** A mark beside the number, so that colour alone says nothing: above, below, or not told apart. */
export const markOf = ({ telling }: MapField): '▲' | '▼' | '' =>
  telling === 'above' ? '▲' : telling === 'below' ? '▼' : '';

/** The map as a table. A study without an arm to compare with has none. */
export function mapTable(study: Study, budget: Budget): { head: string[]; rows: string[][] } {
  const { reference } = study;
  if (reference === null) return { head: ['cell'], rows: study.cells.map(({ name }) => [name]) };
  const map = mapOf(study, reference, budget);
  return {
    head: [`minus ${reference}, ${budgetText[budget]}`, 'seeds', ...map.arms],
    rows: map.fields.map((fields, i) => [
      map.cells[i] || 'all',
      String(Math.max(0, ...fields.map(({ gain }) => gain?.count ?? 0))),
      ...fields.map((field) => `${gainText(field)} ${markOf(field)}`.trim()),
    ]),
  };
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export function studyInWords(study: Study): string[] {
  const { reference, control, planned, runs } = study;
  const lines: string[] = [];
  if (runs.length < planned) {
    lines.push(`${runs.length} of ${planned} runs are there: what follows is of these alone.`);
  }
  if (reference === null) {
    return [...lines, 'No arm is called PPO-M, so that there is nothing that filters could gain over.'];
  }
  lines.push(...mapsInWords(budgets.map((budget) => mapOf(study, reference, budget))));
  lines.push(...chanceInWords(mapOf(study, reference, 'iterations')));
  if (control !== null) lines.push(controlInWords(study, control));
  return [...lines, ...predictionInWords(study), ...withinInWords(study)];
}

/** One sentence for each map; budgets that compare the same, as iterations and samples often do, share theirs. */
function mapsInWords(maps: readonly StudyMap[]): string[] {
  const sentences = new Map<string, Budget[]>();
  for (const map of maps) {
    const found = foundIn(map);
    sentences.set(found, [...(sentences.get(found) ?? []), map.budget]);
  }
  return [...sentences].map(
    ([found, shared]) => `At ${listed(shared.map((budget) => budgetText[budget]))} ${found}`,
  );
}

/** "At equal iterations 2 of 24 filters in their cells are above PPO-M …" */
export const mapInWords = (map: StudyMap): string => mapsInWords([map])[0];

function foundIn({ against, fields }: StudyMap): string {
  const all = fields.flat().filter(({ gain }) => gain !== null);
  if (all.length === 0) return 'there is nothing to compare yet.';
  const [above, below, few] = (['above', 'below', 'few'] as const).map((telling) =>
    all.filter((field) => field.telling === telling),
  );
  if (few.length === all.length) {
    return `no filter can be told from ${against}: that takes at least ${fewestToTell} seeds.`;
  }
  const level = all.length - above.length - below.length - few.length;
  const told = [
    `${above.length} of ${all.length} filters in their cells ${above.length === 1 ? 'is' : 'are'} above ${against}${inBrackets(above)}`,
    `${below.length} below${inBrackets(below)}`,
    `${level} not told apart from it`,
    ...(few.length > 0 ? [`${few.length} with too few seeds to say`] : []),
  ];
  return `${listed(told)}.`;
}

/** As many fields of the map as a sentence names; of more it counts the cells of each filter. */
const mostNamed = 8;

/** " (BW in weak model and the tests; BoN in the tests)", or " (BW in 6 cells; BoN in 5)" where that is a long list. */
function inBrackets(fields: readonly MapField[]): string {
  if (fields.length === 0) return '';
  const named = fields.length <= mostNamed;
  const arms = [...new Set(fields.map(({ arm }) => arm))].map((arm) => ({
    arm,
    cells: fields.filter((field) => field.arm === arm).map(({ cell }) => cellText(cell)),
  }));
  if (!named) arms.sort((a, b) => b.cells.length - a.cells.length);
  const texts = arms.map(({ arm, cells }, i) => {
    const count = `${cells.length}${i > 0 ? '' : cells.length === 1 ? ' cell' : ' cells'}`;
    return `${arm} in ${named ? listed(cells) : count}`;
  });
  return ` (${texts.join('; ')})`;
}

/** A name with a comma in it is quoted, so that a list of cells reads as one. */
const cellText = (cell: string): string => (cell.includes(',') ? `“${cell}”` : cell || 'all');

/** What a reader of many intervals has to allow for. */
function chanceInWords({ fields }: StudyMap): string[] {
  const tried = fields.flat().filter(({ telling }) => telling !== null && telling !== 'few').length;
  const byChance = Math.round(tried * 0.05);
  return byChance === 0
    ? []
    : [
        `Where no filter made any difference, about ${byChance} of ${tried} would still be told apart at 95 %: one that stands out in one cell alone may be such.`,
      ];
}

function controlInWords(study: Study, control: string): string {
  const { fields } = mapOf(study, control, 'iterations');
  const filters = fields.flat().filter(({ arm, gain }) => arm !== study.reference && gain !== null);
  if (filters.every(({ telling }) => telling === 'few')) {
    return `Against ${control}, which keeps two of each group without looking at the reward, nothing can be told either.`;
  }
  const of = (telling: string) => filters.filter((field) => field.telling === telling);
  const [above, below] = [of('above'), of('below')];
  return `Against ${control}, which keeps two of each group without looking at the reward: ${above.length} of ${filters.length} filters in their cells ${above.length === 1 ? 'is' : 'are'} above it${inBrackets(above)}, ${below.length} below${inBrackets(below)}.`;
}

/** "0.45 (95 % interval 0.10 to 0.70)" */
export function rankText({ rank }: Prediction): string {
  const { value, low, high } = rank;
  if (value === null) return 'not defined';
  if (low === null || high === null) return `${fixed(value)} (too few cells or seeds for an interval)`;
  return `${fixed(value)} (95 % interval ${fixed(low)} to ${fixed(high)})`;
}

/** Whether the interval leaves zero out. */
export const foretells = ({ rank: { low, high } }: Prediction): boolean =>
  low !== null && high !== null && (low > 0 || high < 0);

function predictionInWords({ predictions }: Study): string[] {
  const atIterations = predictions.filter(({ budget }) => budget === 'iterations');
  return (['r2', 'r2Grouped'] as const)
    .flatMap((id) => {
      const [all, without] = [true, false].map((bon) =>
        atIterations.find(({ criterion, bon: has }) => criterion === id && has === bon),
      );
      if (!all || !without || all.rank.value === null) return [];
      const verdict = (prediction: Prediction) =>
        prediction.rank.low === null
          ? ''
          : foretells(prediction)
            ? ', which leaves zero out'
            : ', which does not leave zero out';
      const same = all.points === without.points;
      return [
        `${criteria[id].label} on the starting policy and the gain at equal iterations: rank correlation ${rankText(all)}${verdict(all)}, over ${all.points} filters in their cells${same ? '' : `; without ${worstFilter} ${rankText(without)}${verdict(without)}`}.`,
      ];
    })
    .concat(bestCriterion(atIterations));
}

function bestCriterion(predictions: readonly Prediction[]): string[] {
  const told = predictions.filter((each) => each.bon && foretells(each));
  if (predictions.every(({ rank }) => rank.low === null)) return [];
  if (told.length === 0) return ['No criterion has an interval that leaves zero out.'];
  const size = ({ rank }: Prediction) => Math.abs(rank.value ?? 0);
  const order = [...told].sort((a, b) => size(b) - size(a));
  return [
    `Criteria whose interval leaves zero out, the strongest first: ${order
      .map(({ criterion, rank }) => `${criteria[criterion].label} ${fixed(rank.value)}`)
      .join(', ')}.`,
  ];
}

/** Which cells a criterion ranks the filters of: R² over all cells says nothing of that. */
function withinInWords(study: Study): string[] {
  const cells = withinCells(study, 'r2', 'iterations');
  if (cells.length < 2) return [];
  const each = cells.map(({ cell, rank }) => `${cellText(cell)} ${fixed(rank)}`);
  const average = cells.reduce((sum, { rank }) => sum + rank, 0) / cells.length;
  return [
    `Within a cell ${criteria.r2.label} ranks the filters by their gain at equal iterations with ${fixed(average)} on average, over ${cells.length} cells: ${listed(each)}. Each is over few filters and has no interval.`,
  ];
}
