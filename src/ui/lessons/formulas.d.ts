declare module 'virtual:formulas' {
  import type { FormulaName } from '../../lessons/formulas.ts';
  /** MathML of each formula. */
  export const markup: Record<FormulaName, string>;
}
