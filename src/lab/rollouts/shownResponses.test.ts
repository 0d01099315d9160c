import { expect, test } from 'vitest';
import type { IterationRecord } from '../records/record.ts';
import { responsesOfRun } from './shownResponses.ts';

function iteration(number: number): IterationRecord {
  return {
    iteration: number,
    metrics: {},
    samples: {
      problem: Int32Array.from([4, 4, 9, 9]),
      group: Int32Array.from([0, 0, 1, 1]),
      starts: Int32Array.from([0, 2, 3, 5, 6]),
      tokens: Uint16Array.from([1, 2, 3, 4, 5, number]),
      logProb: new Float32Array(6),
      refLogProb: new Float32Array(6),
      reward: Float32Array.from([number, 0.1, 0.2, 0.3]),
      score: Float32Array.from([1, 0, 1, 0]),
      status: new Uint8Array(4),
      uses: new Uint16Array(4),
    },
  };
}
const rows = [1, 2, 3, 4].map(iteration);

test('groups of different iterations stay apart, prompts stay together', () => {
  const { rollouts, texts, lengths, label } = responsesOfRun('BW', rows, 3, 'ten')!;
  expect(label).toBe('BW, iterations 1 to 3');
  expect([...rollouts.group]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  expect([...rollouts.prompt.slice(4)]).toEqual([4, 4, 9, 9, 4, 4, 9, 9]);
  expect([...lengths!]).toEqual([2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]);
  if (!texts || 'ids' in texts) throw new Error('a run knows its tokens');
  expect(texts.tokens[texts.starts[12] - 1]).toBe(3);
});

test('the window ends at the moment that the page shows', () => {
  expect(responsesOfRun('BW', rows, 2, 'one')!.rollouts.reward[0]).toBe(2);
  expect(responsesOfRun('BW', rows, null, 'one')!.label).toBe('BW, iteration 4');
  expect(responsesOfRun('BW', rows, 0, 'all')).toBeNull();
});
