import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepColumn, stepOfPath } from './steps.ts';

it.each([
  ['iter_3.jsonl', 3],
  ['train_data_step12.jsonl', 12],
  ['rollout_5.jsonl', 5],
  ['20.jsonl', 20],
  ['20.jsonl.gz', 20],
  ['epoch_1_step_20.parquet', 20],
  ['step=4.csv', 4],
  ['globalstep40.jsonl', 40],
  ['step_12/all.jsonl', 12],
  ['step_3/0.jsonl', 3],
  ['global_step_10_evals/gsm8k.jsonl', 10],
  ['out\\iteration_000003\\train_rollout_summaries.jsonl', 3],
  ['run7_rollouts_000000.jsonl', null],
  ['part-00001.parquet', null],
  ['bit7.csv', null],
  ['commit7.jsonl', null],
  ['split7.jsonl', null],
  ['model-v2.1/rows.jsonl', null],
  ['2026-01-05.jsonl', null],
  ['rows.jsonl', null],
  ['', null],
])('%s says the step %s', (path, step) => {
  expect(stepOfPath(path)).toBe(step);
});

it('whatever a file is called, the step is a whole number or none', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('step', 'iter', '_', '-', '/', '.', '0', '7', 'a', 'ü') }),
      (path) => {
        const step = stepOfPath(path);
        expect(step === null || (Number.isInteger(step) && step >= 0)).toBe(true);
      },
    ),
  );
});

it('the surest name is the step', () => {
  const all = ['epoch', 'iter', 'step', 'global_step'];
  expect(stepColumn(all, () => true)).toBe('global_step');
  expect(stepColumn(all.slice(0, 3), () => true)).toBe('step');
  expect(stepColumn(all.slice(0, 2), () => true)).toBe('iter');
  expect(stepColumn(all.slice(0, 2), (name) => name !== 'iter')).toBe('epoch');
  expect(stepColumn(['steps_left', 'version2'], () => true)).toBeNull();
});
