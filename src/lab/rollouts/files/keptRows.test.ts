import { expect, test } from 'vitest';
import { encodeProgram } from '../../../tasks/tokenizer.ts';
import { buildWorld } from '../../../tasks/world.ts';
import { keptRows } from './keptRows.ts';

const problems = buildWorld(1).train.slice(0, 3);
const program = encodeProgram('return xs');
const record = (iteration: number) => ({
  iteration,
  metrics: {},
  samples: {
    problem: Int32Array.from([2, 2]),
    group: Int32Array.from([0, 0]),
    starts: Int32Array.from([0, program.length, 2 * program.length]),
    tokens: Uint16Array.from([...program, ...program]),
    logProb: new Float32Array(2 * program.length),
    refLogProb: new Float32Array(2 * program.length),
    reward: Float32Array.from([0.5, 0.25]),
    score: Float32Array.from([1, 0]),
    status: new Uint8Array(2),
    uses: Uint16Array.from([1, 1]),
  },
});

test('only kept rows are written, with the uses of the edited filter', () => {
  const kept = Int32Array.from([1, 2, 2]);
  const text = keptRows({ arm: 'BW', seed: 3 }, [record(4), record(5)], problems, kept, 'jsonl');
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.map(({ step, reward, uses, rank }) => ({ step, reward, uses, rank }))).toEqual([
    { step: 4, reward: 0.25, uses: 1, rank: 2 },
    { step: 5, reward: 0.5, uses: 2, rank: 1 },
  ]);
  expect(rows[0]).toMatchObject({
    format: 'pfrollout/1',
    arm: 'BW',
    seed: 3,
    response: 'return xs',
    kept: true,
  });
});

test('as CSV it has a header and the same rows', () => {
  const text = keptRows({ arm: 'BW', seed: 3 }, [record(4)], problems, Int32Array.from([0]), 'csv');
  const [head, row, end] = text.split('\r\n');
  expect(head).toContain('reward,score,uses,rank');
  expect(row).toContain('return xs,0.5,1,1,1');
  expect(end).toBe('');
});
