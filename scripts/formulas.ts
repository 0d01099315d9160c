/** Turns the formulas of the lessons into MathML when the page is built: `virtual:formulas` maps names to markup. */
import katex from 'katex';
import type { Plugin } from 'vite';
import { formulas } from '../src/lessons/formulas.ts';

const name = 'virtual:formulas';

/** @throws katex.ParseError naming the place in the formula */
export const renderFormula = (tex: string): string =>
  katex.renderToString(tex, { output: 'mathml', displayMode: true, throwOnError: true, strict: 'error' });

export function formulaPlugin(): Plugin {
  return {
    name: 'filtrate:formulas',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const rendered = Object.fromEntries(
        Object.entries(formulas).map(([key, tex]) => [key, renderFormula(tex)]),
      );
      return `export const markup = ${JSON.stringify(rendered)};`;
    },
  };
}
