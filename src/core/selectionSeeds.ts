/**
 * The seeds of a selection, by what it is for: of ties between equal rewards, and of the draws of one filter. Whoever
 * selects with them, the table, the exported rows or the Python module, selects the same rows.
 */
import { type Rng, stream } from './random.ts';

export const tieSeed = (seed: number): number => stream(seed, 'ties').uint32();

/** @param id of the filter */
export const selectionStream = (seed: number, id: string): Rng => stream(seed, 'selection', id);
