/**
 * The operations that the problems of the built-in world are chained from. Problems are drawn from this list by place:
 * another order would be another world.
 */
import { numberChoices } from './numberChoices.ts';
import { numberMaps } from './numberMaps.ts';
import { numberReductions } from './numberReductions.ts';
import type { Op } from './op.ts';
import { textOps } from './texts.ts';

export const ops: readonly Op[] = [...numberMaps, ...numberChoices, ...numberReductions, ...textOps];

const byName = new Map(ops.map((each) => [each.name, each]));

/** @throws RangeError when there is no such operation. */
export function opNamed(name: string): Op {
  const found = byName.get(name);
  if (!found) throw new RangeError(`There is no operation "${name}" in the world`);
  return found;
}
