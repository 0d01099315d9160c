/** Kinds of problems: what a curriculum goes through, and what rewards are compared within. */
import type { Problem } from '../../../tasks/problem.ts';

export const kindKnob = {
  kind: 'choice',
  label: 'Kinds',
  initial: 'tier',
  options: [
    { value: 'tier', label: 'by tier', what: 'How many operations a program chains.' },
    {
      value: 'family',
      label: 'by family',
      what: 'What a program is given: a list, a text, or anything else.',
    },
  ],
} as const;
export type KindOf = (typeof kindKnob)['options'][number]['value'];

/** The place of a problem's kind: the simplest first. */
export function kindOf(problem: Problem, by: KindOf): number {
  if (by === 'tier') return problem.tier;
  const given = problem.tests[0]?.args[0];
  if (Array.isArray(given)) return 0;
  return typeof given === 'string' ? 1 : 2;
}
