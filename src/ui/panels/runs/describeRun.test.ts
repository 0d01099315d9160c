import { expect, it } from 'vitest';
import { sampleRun } from '../../../lab/storage/testing/sampleRun.ts';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { passInWords, progressInWords, settingsInWords } from './describeRun.ts';

const run = sampleRun({
  settings: settingsWith({ method: 'bw', iterations: 60 }),
  iteration: 23,
  firstPass: 0.517,
  lastPass: 0.589,
});

it('says what differs from the usual settings, and how much more there is', () => {
  const usual = settingsWith({ method: 'bw' });
  expect(settingsInWords({ settings: usual })).toBe('BW with the usual settings');
  expect(settingsInWords({ settings: settingsWith({ method: 'bw', beta: 0.07 }) })).toBe('BW with beta 0.07');
  const changed = settingsWith({ beta: 0.07, prompts: 6, responses: 4, iterations: 3, minibatches: 2 });
  expect(settingsInWords({ settings: changed })).toMatch(/^BW with [^,]+, [^,]+, [^,]+ and 2 more$/);
});

it('says how far a run is and who has it', () => {
  expect(passInWords(run)).toBe('held-out pass 51.7\u00a0% → 58.9\u00a0%');
  expect(passInWords({ ...run, lastPass: null })).toBe('');
  expect(progressInWords(run, null)).toBe('23 of 60 iterations');
  expect(progressInWords(run, 'elsewhere')).toBe('23 of 60 iterations, open in another tab');
  expect(progressInWords({ ...run, finished: true }, 'page')).toBe('finished, 23 iterations');
});
