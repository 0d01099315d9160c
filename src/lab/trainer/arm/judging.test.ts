import { expect, it } from 'vitest';
import type { JudgeClient } from '../../../judge/client.ts';
import { type Verdict, verdictStatuses } from '../../../judge/verdict.ts';
import { outcomes } from '../../../rlhf/loop/run.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { judgeThrough } from './judging.ts';

it('gives training the judge’s verdicts as numbers that it knows the names of', async () => {
  expect(outcomes).toEqual(verdictStatuses);
  const verdicts: Verdict[] = [
    { status: 'ok', passed: 1, total: 2, score: 0.5, raised: true },
    { status: 'rejected', passed: 0, total: 2, score: 0 },
  ];
  const client = { judgeCounted: async () => ({ verdicts, cacheHits: 1 }) } as unknown as JudgeClient;
  const problem = { id: 'p', entry: 'f', tests: [] } as unknown as Problem;
  const judged = await judgeThrough(client)([problem, problem], ['a', 'b']);
  expect([...judged.status].map((status) => outcomes[status])).toEqual(['ok', 'rejected']);
  expect([...judged.score]).toEqual([0.5, 0]);
  expect([...judged.raised]).toEqual([1, 0]);
  expect(judged.cacheHits).toBe(0.5);
});
