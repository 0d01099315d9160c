import { expect, it } from 'vitest';
import { noSamples } from '../../lab/records/record.ts';
import { newArm } from '../../lab/state/arm.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { numberHeads, numbersRow, settingsRow } from './printedArms.ts';

const arm = newArm({
  id: 'a',
  name: 'mine',
  color: 2,
  settings: settingsWith({ method: 'bon', beta: 0.02 }),
  seed: 1,
});

it('says how an arm differs from the defaults, and how far it is', () => {
  expect(settingsRow(arm)).toMatchObject({
    name: 'mine',
    method: 'BoN: best of N',
    progress: '0 of 40',
  });
  expect(settingsRow(arm).differences).toMatch(/beta\)? 0\.02$/i);
  const plain = { ...arm, settings: settingsWith({ method: 'rand2' }), recorded: true };
  expect(settingsRow(plain)).toMatchObject({
    differences: 'all as by default',
    progress: '0 of 40, recorded',
  });
});

it('gives start, best and newest, and dashes for what was not measured', () => {
  const cells = numbersRow({
    ...arm,
    iterations: [{ iteration: 1, metrics: { rewardPi: 0.25 }, samples: noSamples }],
    evaluations: [0.4, 0.6, 0.5].map((heldPass, iteration) => ({ iteration, metrics: { heldPass } })),
  });
  expect(cells).toHaveLength(numberHeads.length);
  expect(cells.slice(0, 7)).toEqual(['0.400', '0.600', '0.500', '–', '–', '–', '0.250']);
});
