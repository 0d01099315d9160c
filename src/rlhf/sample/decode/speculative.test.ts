import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RejectionRule } from '../../../core/decoding/rejection.ts';
import { stream } from '../../../core/random.ts';
import { finished, generate, startGenerating } from '../../../nn/generate/generate.ts';
import { Transformer } from '../../../nn/model/transformer.ts';
import { openSimd } from '../../../nn/simd/open.ts';
import { iterate } from '../../loop.ts';
import { finish, small, start } from '../../testing/loop.fixture.ts';
import { type LanesAtEnd, type Piece, type ScoreRows, writeLanes } from './lanes.ts';

beforeAll(async () => {
  await openSimd();
});

const iterations = async (changes: Record<string, unknown>, count = 1) => {
  const { arm, state, dispose } = start(31, small(changes));
  const found = [];
  for (let iteration = 1; iteration <= count; iteration++)
    found.push((await finish(iterate(arm, state, iteration))).value);
  dispose();
  return found;
};
const untimed = (metrics: Record<string, number>) =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => !/Ms$|^seconds$|^thrownShare$/.test(name)));

describe('an arm that decodes by Speculative Rejection', () => {
  it('is one that decodes plainly, to the bit, when nothing is cut', async () => {
    const plain = await iterations({});
    const cutting = await iterations({ decode: 'speculative', lanes: 5, memory: 1 });
    plain.forEach(({ samples, metrics }, i) => {
      expect(cutting[i].samples).toEqual(samples);
      expect(untimed(cutting[i].metrics)).toEqual(untimed(metrics));
      expect(cutting[i].metrics.thrownShare).toBe(0);
    });
  });

  it.each(['reward', 'value', 'likelihood'])(
    'leaves N of each prompt and counts what it threw away: by %s',
    async (judgedBy) => {
      const [{ samples, metrics }] = await iterations({
        decode: 'speculative',
        lanes: 12,
        memory: 24,
        judgedBy,
      });
      expect([...samples.group].join('')).toBe('00000111112222233333');
      expect(metrics.samples).toBe(4 * 12);
      expect(metrics.sampledTokens).toBeGreaterThan(samples.tokens.length);
      expect(metrics.thrownShare).toBeCloseTo(1 - samples.tokens.length / metrics.sampledTokens, 6);
      expect(metrics.rewardPasses)[judgedBy === 'reward' ? 'toBeGreaterThan' : 'toBe'](20);
    },
  );

  it('costs less than writing all of them, and rewards the kept ones more than plain ones', async () => {
    const all = await iterations({ decode: 'speculative', lanes: 12, rejected: 0 });
    const cut = await iterations({ decode: 'speculative', lanes: 12, memory: 24 });
    const plain = await iterations({});
    expect(cut[0].metrics.sampledTokens).toBeLessThan(all[0].metrics.sampledTokens);
    expect(cut[0].metrics.rewardPi).toBeGreaterThan(plain[0].metrics.rewardPi);
    expect(all[0].metrics.rewardPi).toBeGreaterThanOrEqual(cut[0].metrics.rewardPi);
  });
});

describe('lanes', () => {
  const config = { vocab: 12, width: 8, layers: 1, heads: 2, maxLength: 16 };
  const prompts = [Int32Array.of(2, 3), Int32Array.of(5)];
  const options = { prompts, samplesPerPrompt: 8, seed: 3, streamId: 1 };
  const model = () => Transformer.create(config, stream(2, 'lanes'));
  /** Any numbers will do: a hash of what a row holds, so that a row scores alike whatever is beside it. */
  const score: ScoreRows = async ({ tokens, totalLength }, rows) =>
    rows.map((row) => {
      const from = (tokens.length / totalLength.length) * row;
      return tokens.slice(from, from + totalLength[row]).reduce((sum, token) => (sum * 31 + token) % 1009, 7);
    });
  const write = async (rule: RejectionRule, stride = Number.POSITIVE_INFINITY) => {
    const policy = model();
    const generation = startGenerating(policy, options);
    const run = writeLanes(generation, { prompts: 2, perPrompt: 8, maxLength: 16, stride }, rule, score);
    const pieces: Piece[] = [];
    for (;;) {
      const { done, value } = await run.next();
      if (done) {
        generation.dispose();
        policy.dispose();
        return { pieces, end: value as LanesAtEnd };
      }
      pieces.push(value);
    }
  };

  it('write what plain sampling writes, up to where they are cut, and end alike however the pieces are', async () => {
    const policy = model();
    const whole = await generate(policy, options);
    policy.dispose();
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          alpha: fc.constantFrom(0, 0.25, 0.5, 0.8),
          memory: fc.integer({ min: 8, max: 80 }),
          least: fc.integer({ min: 1, max: 3 }),
        }),
        fc.integer({ min: 1, max: 5 }),
        async (rule, stride) => {
          const { pieces, end } = await write(rule);
          const { states, rollouts, scores, written, graded } = end;
          for (let lane = 0; lane < 16; lane++) {
            const length = rollouts.totalLength[lane];
            const from = lane * config.maxLength;
            expect(rollouts.tokens.slice(from, from + length)).toEqual(
              whole.tokens.slice(from, from + length),
            );
            if (states[lane] === 'ended') expect(length).toBe(whole.totalLength[lane]);
            else expect(finished(rollouts, lane)).toBe(false);
            expect(Number.isNaN(scores[lane])).toBe(states[lane] !== 'ended');
          }
          expect(written).toBe(rollouts.logProb.length);
          expect(graded.sequences).toBeGreaterThanOrEqual(states.filter((state) => state === 'ended').length);
          for (const prompt of [0, 1]) {
            const own = states.slice(prompt * 8, prompt * 8 + 8);
            expect(own.filter((state) => state === 'ended').length).toBeGreaterThanOrEqual(rule.least);
            const most = Math.max(...pieces.map(({ memory }) => memory[prompt]));
            if (rule.alpha === 0) expect(own).not.toContain('cut');
            // A full memory may take one token of each lane more, when a decision cut lanes that held none.
            else if (rule.least === 1) expect(most).toBeLessThanOrEqual(rule.memory + 8);
          }
          const again = await write(rule, stride);
          expect(again.end.states).toEqual(states);
          expect(again.end.scores).toEqual(scores);
          expect(again.end.rollouts.tokens).toEqual(rollouts.tokens);
          expect(again.end.written).toBe(written);
        },
      ),
      { numRuns: 12 },
    );
  });
});
