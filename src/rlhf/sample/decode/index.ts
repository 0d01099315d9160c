/** The ways of writing a response, in the order of the menu. The first is the neutral one. */
import type { DecodeMethod } from '../../slots.ts';
import { plain } from './plain.ts';
import { speculative } from './speculative.ts';

export const decodes = [plain, speculative] as const satisfies readonly DecodeMethod[];
