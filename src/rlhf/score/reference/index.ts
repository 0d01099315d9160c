/** The references, in the order of the menu. The first is the neutral one. */
import type { ReferenceMethod } from '../../slots.ts';
import { moving } from './moving.ts';
import { renewed } from './renewed.ts';
import { starting } from './starting.ts';

export const references = [starting, renewed, moving] as const satisfies readonly ReferenceMethod[];
