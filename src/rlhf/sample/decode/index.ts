/** The ways of writing a response, in the order of the menu. The first is the neutral one. */
import type { DecodeMethod } from '../../slots.ts';
import { beside } from './beside.ts';
import { guided } from './guided.ts';
import { plain } from './plain.ts';
import { speculative } from './speculative.ts';
import { stored } from './stored.ts';

export const decodes = [
  plain,
  stored,
  beside,
  speculative,
  guided,
] as const satisfies readonly DecodeMethod[];
