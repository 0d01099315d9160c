/**
 * Turns the formulas of the lessons into markup when the page is built: `virtual:formulas` maps names to markup, and
 * the style sheet that draws it is reduced to the fonts that the formulas need. The fonts come with the page: a formula
 * has the same size on every machine.
 */
import katex from 'katex';
import type { Plugin } from 'vite';
import { formulas } from '../../src/lessons/frame/formulas.ts';

const name = 'virtual:formulas';

/** Faces of KaTeX that our formulas are drawn with; e2e/access.spec.ts finds one that is missing. */
const faces = /KaTeX_(AMS-Regular|Main-Regular|Math-Italic|Size[1-4]-Regular)\./;

/**
 * What is seen, and MathML beside it for screen readers and for the clipboard.
 *
 * @throws katex.ParseError naming the place in the formula
 */
export const renderFormula = (tex: string): string =>
  katex.renderToString(tex, {
    output: 'htmlAndMathml',
    displayMode: true,
    throwOnError: true,
    strict: 'error',
  });

/** The style sheet of KaTeX with the faces that are used, each in the one format that every browser reads. */
const withFewerFaces = (css: string): string =>
  css.replace(/@font-face\s*\{[^}]*\}\s*/g, (face) =>
    faces.test(face) ? face.replace(/,\s*url\([^)]*\.(woff|ttf)\)\s*format\([^)]*\)/g, '') : '',
  );

export function formulaPlugin(): Plugin {
  return {
    name: 'filtrate:formulas',
    // This runs before the fonts of the style sheet are looked up and copied.
    enforce: 'pre',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const rendered = Object.fromEntries(
        Object.entries(formulas).map(([key, tex]) => [key, renderFormula(tex)]),
      );
      return `export const markup = ${JSON.stringify(rendered)};`;
    },
    transform(code, id) {
      return id.includes('katex/dist/katex.css') ? withFewerFaces(code) : undefined;
    },
  };
}
