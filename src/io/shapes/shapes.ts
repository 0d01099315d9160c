/** The shapes by name, and which of them a file has. */
import type { Fields } from '../values.ts';
import { columnTable } from './columnTable.ts';
import { episodes } from './episodes.ts';
import { inspectLog } from './inspectLog.ts';
import { listsOfOne } from './listsOfOne.ts';
import { results } from './results.ts';
import type { Shape } from './shape.ts';
import { traces } from './traces.ts';
import { unipo } from './unipo.ts';
import { wandbTable } from './wandbTable.ts';

export type ShapeName =
  | 'wandb-table'
  | 'traces'
  | 'episodes'
  | 'inspect-log'
  | 'unipo'
  | 'results'
  | 'lists-of-one'
  | 'column-table';

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  'wandb-table': wandbTable,
  traces,
  episodes,
  'inspect-log': inspectLog,
  unipo,
  results,
  'lists-of-one': listsOfOne,
  'column-table': columnTable,
};

/** The shape of most of the first records of a file; null when each is one row. */
export function shapeOf(records: readonly Fields[]): ShapeName | null {
  for (const [name, shape] of Object.entries(shapes) as [ShapeName, Shape][])
    if (2 * records.filter((record) => shape.fits(record)).length > records.length) return name;
  return null;
}
