import fc from 'fast-check';
import { expect, test } from 'vitest';
import { record, redo, settle, startHistory, undo } from './history.ts';

test('a drag is one step', () => {
  let history = startHistory(0);
  for (const value of [1, 2, 3]) history = record(history, value, 'drag');
  history = settle(history);
  history = record(history, 4, 'drag');
  expect(undo(history).present).toBe(3);
  expect(undo(undo(history)).present).toBe(0);
  expect(undo(undo(undo(history))).present).toBe(0);
});

test('a change forgets what was undone', () => {
  const history = record(undo(record(startHistory('a'), 'b', null)), 'c', null);
  expect(redo(history)).toBe(history);
});

test('undoing and redoing as often ends where it began', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 50 }), fc.nat(60), (values, steps) => {
      let history = startHistory(-1);
      for (const value of values) history = record(history, value, null);
      const { present } = history;
      const back = Math.min(steps, values.length);
      for (let i = 0; i < back; i++) history = undo(history);
      expect(history.present).toBe([-1, ...values][values.length - back]);
      for (let i = 0; i < back; i++) history = redo(history);
      expect(history.present).toBe(present);
    }),
  );
});
