declare module 'virtual:formulas' {
  import type { FormulaName } from '../../lessons/frame/formulas.ts';
  /** Markup of each formula, drawn with katex.css. */
  export const markup: Record<FormulaName, string>;
}
