import { expect, it } from 'vitest';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { codeMatcher } from '../../../tasks/match/codeMatch.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { type Paid, payOf, payText } from './pay.ts';
import type { ResponseView } from './response.ts';

const match = codeMatcher();
const problem = { reference: 'function f(xs) { return xs.map(x => x + 1); }' } as Problem;
const view = (reward: number, more: Partial<ResponseView> = {}): ResponseView => ({
  row: 0,
  problem: 0,
  group: 0,
  reward,
  score: 0.5,
  uses: 1,
  status: 'ok',
  rank: 1,
  siblings: [0],
  tokens: Uint16Array.of(3, 4),
  logProb: Float32Array.of(-1, -2),
  refLogProb: Float32Array.of(-1.5, -1.75),
  kl: 0.25,
  ...more,
});
const paid = (own: ResponseView, changes: Record<string, unknown>, source = problem.reference): Paid => ({
  view: own,
  settings: settingsWith({ method: 'ppo-m', ...changes }),
  problem,
  source,
  beta: undefined,
});
const close = (values: Iterable<number>, due: number[]) =>
  [...values].forEach((value, i) => void expect(value).toBeCloseTo(due[i], 5));

it('is the price at each token, and the reward at the last', () => {
  const pay = payOf(paid(view(0.8), { beta: 0.2 }), null)!;
  close(pay.tokens, [-0.1, 0.05 + 0.8]);
  expect(pay.price).toBeCloseTo(-0.05);
  expect(payText(pay)).toBe('Price of all tokens -0.05. On the last token: reward 0.80.'.replace('-', '−'));
});

it('takes an adaptive price from the iteration, and none where nothing is priced', () => {
  const adaptive = paid(view(0), { price: 'adaptive' });
  close(payOf({ ...adaptive, beta: 2 }, null)!.tokens, [-1, 0.5]);
  expect(payOf(adaptive, null)).toBeNull();
  const free = payOf(paid(view(0.5), { update: 'grpo' }), null)!;
  close(free.tokens, [0, 0.5]);
  expect(free.price).toBeNull();
});

it('is not told where the distance is measured from a policy that the record does not know', () => {
  expect(payOf(paid(view(0), { reference: 'renewed' }), null)).toBeNull();
});

it('names what PPOCoder’s reward is a sum of, and what is pretty but wrong', () => {
  const pretty = 'function f(xs) { return xs.filter(y => y - 2); }';
  const failed = payOf(paid(view((-0.3 + 2) / 3), { reward: 'ppocoder' }, pretty), match)!;
  close(
    failed.parts.map(({ value }) => value),
    [-0.1, 1 / 3, 1 / 3],
  );
  expect(failed.isPrettyButWrong).toBe(true);
  expect(payText(failed)).toContain(
    'reward 0.57 = execution −0.10 + syntax 0.33 + data flow 0.33. Pretty but wrong',
  );
  // The reward tells that a test ended in an error.
  const threw = payOf(paid(view((-0.6 + 2) / 3), { reward: 'ppocoder' }, pretty), match)!;
  expect(threw.parts[0].value).toBeCloseTo(-0.2);
  const right = payOf(paid(view(1, { score: 1 }), { reward: 'ppocoder' }), match)!;
  expect(right.isPrettyButWrong).toBe(false);
  // Before the parser is there, and where nothing fits, the reward stands for itself.
  expect(payOf(paid(view(0.5), { reward: 'ppocoder' }, pretty), null)!.parts).toHaveLength(1);
  expect(payOf(paid(view(0.9), { reward: 'ppocoder' }, pretty), match)!.parts).toHaveLength(1);
});
