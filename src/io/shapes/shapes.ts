/** The shapes by name, and which of them a file has. */
import type { Fields } from '../values.ts';
import { columnTable } from './columnTable.ts';
import { listsOfOne } from './listsOfOne.ts';
import type { Shape } from './shape.ts';
import { traces } from './traces.ts';
import { wandbTable } from './wandbTable.ts';

export type ShapeName = 'wandb-table' | 'traces' | 'lists-of-one' | 'column-table';

export const shapes: Readonly<Record<ShapeName, Shape>> = {
  'wandb-table': wandbTable,
  traces,
  'lists-of-one': listsOfOne,
  'column-table': columnTable,
};

/** The shape of most of the first records of a file; null when each is one row. */
export function shapeOf(records: readonly Fields[]): ShapeName | null {
  for (const [name, shape] of Object.entries(shapes) as [ShapeName, Shape][])
    if (2 * records.filter((record) => shape.fits(record)).length > records.length) return name;
  return null;
}
