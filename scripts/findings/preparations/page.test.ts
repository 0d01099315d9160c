import { expect, it } from 'vitest';
import { percent } from '../../../src/core/numberText.ts';
import { noNoise } from '../../../src/rlhf/prepare/noise/settings.ts';
import type { Budget } from './measure.ts';
import { parts, preparationsPage, type Row, readRows } from './page.ts';

const settings = { reward: 'r', policy: 'p' };
const budget: Budget = {
  policy: { steps: 10, batch: 2, learningRate: 1, corpus: 5, layers: 1, width: 8, heads: 1 },
  reward: { prompts: 3, samplesPerPrompt: 2, epochs: 1, batch: 2, learningRate: 1 },
  measure: { heldPrograms: 4, looks: 1 },
};
/** Four seeds in which the learned mask is better in the middle by about 0.1, and everything else differs by chance. */
const rows: Row[] = parts.flatMap((part) =>
  (['none', 'dropout', 'beta', 'learned'] as const).flatMap((noise, n) =>
    [1, 2, 3, 4].map((seed): Row => {
      const chance = ((seed * 7 + n * 5) % 4) / 100;
      const middle = 0.5 + chance / 10 + (noise === 'learned' ? 0.1 : 0);
      const numbers = { heldLoss: 1, heldPass: 0.2, heldPairAccuracy: 0.6, ends: 0.8, r2All: 0.1, r2Bw: 0.2 };
      const varied = Object.fromEntries(Object.entries(numbers).map(([key, x]) => [key, x + chance]));
      return {
        settings: settings[part],
        part,
        seed,
        noise,
        numbers: {
          ...varied,
          middle,
          gap: 0.3 - middle / 10 + chance,
          pairs: 9,
          maskMean: 0.7,
          maskEnd: 0.6,
        },
      };
    }),
  ),
);

it('reads back what was measured with the same settings, and passes over a line that was cut off', () => {
  const text = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n{"settings":"r","par`;
  expect(readRows(text, settings)).toEqual(rows);
  expect(readRows(text, { ...settings, policy: 'another' })).toEqual(
    rows.filter(({ part }) => part === 'reward'),
  );
});

it('tells apart what differs in every seed, and says of the rest that it does not', () => {
  const page = preparationsPage(rows, 4, budget);
  expect(page).toContain('- Order in the middle: told apart from none: learned mask (higher).');
  expect(page).toContain('- Held-out pass rate: no preparation is told apart from none.');
  expect(page).toMatch(/\| learned mask \| [^\n]*\*\*told apart\*\*/);
  expect(page).toContain(`The first ${percent(noNoise.preheat)} of the steps pre-heat`);
  expect(page).not.toMatch(/NaN|undefined|so far/);
});

it('leaves out a seed that is not whole, and says how many there are', () => {
  const some = rows.filter(({ part, seed, noise }) => !(part === 'policy' && seed === 2 && noise === 'beta'));
  const page = preparationsPage(some, 4, budget);
  expect(page).toContain('**3 of 4 seeds so far**');
  expect(page).not.toMatch(/NaN|undefined/);
});
