/**
 * The seeds of a selection: one for ties between equal rewards, one for the draws of each filter. The table, the
 * exported rows and the Python module all select with them, so they select the same rows.
 */
import { type Rng, stream } from '../random.ts';

export const tieSeed = (seed: number): number => stream(seed, 'ties').uint32();

/** @param id of the filter */
export const selectionStream = (seed: number, id: string): Rng => stream(seed, 'selection', id);
