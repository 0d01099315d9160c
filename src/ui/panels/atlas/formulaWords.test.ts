import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formulaWords } from './formulaWords.ts';

const own = (words: { text: string; shared: boolean }[]) =>
  words.filter(({ shared }) => !shared).map(({ text }) => text.trim());

it('finds what only one formula has', () => {
  const [dpo, dpop] = formulaWords('−log σ(β (h_w − h_l))', '−log σ(β (h_w − h_l − λ max(0, −h_w)))');
  expect(own(dpo)).toEqual([]);
  expect(own(dpop)).toEqual(['−', 'λ', 'max', '(', '0', ',', '−', 'h_w', ')']);
});

it('keeps both formulas as they are, and shares the same words of both', () => {
  const formula = fc
    .array(fc.constantFrom('log ', 'σ', '(', ')', 'β ', 'h_w', ' − ', '½'))
    .map((words) => words.join(''));
  fc.assert(
    fc.property(formula, formula, (a, b) => {
      const [left, right] = formulaWords(a, b);
      expect(left.map(({ text }) => text).join('')).toBe(a);
      expect(right.map(({ text }) => text).join('')).toBe(b);
      const common = (words: typeof left) =>
        words.filter(({ shared }) => shared).map(({ text }) => text.trim());
      expect(common(left)).toEqual(common(right));
    }),
  );
});
