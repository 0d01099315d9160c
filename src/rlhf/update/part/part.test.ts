/** That the page explains what trains: its numbers are those of the losses, and what it does not know it says. */
import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../../core/random.ts';
import * as nn from '../../../nn/forMethods.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import { settingsWith, withChanges } from '../../catalogue/paths.ts';
import type { SampleColumns } from '../../loop/samples.ts';
import type { UpdateMethod } from '../../slots.ts';
import { updates } from '../index.ts';
import { columnsAt, uploadColumns } from '../train.ts';
import { type Part, partOf, type Seen, scoredOf, withAdvantage } from './part.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const lengths = [3, 5, 1, 4, 2, 6, 3, 3];

/** Two prompts with four responses each; rewards differ unless said. */
function samplesOf(change: Partial<SampleColumns> = {}): SampleColumns {
  const rng = stream(4, 'part');
  const starts = new Int32Array(lengths.length + 1);
  lengths.forEach((length, b) => {
    starts[b + 1] = starts[b] + length;
  });
  const T = starts[lengths.length];
  const nats = () => Float32Array.from({ length: T }, () => -Math.abs(rng.normal()) - 0.05);
  return {
    problem: Int32Array.from(lengths, (_, b) => b >> 2),
    group: Int32Array.from(lengths, (_, b) => b >> 2),
    starts,
    tokens: Uint16Array.from({ length: T }, (_, t) => 2 + (t % 9)),
    logProb: nats(),
    refLogProb: nats(),
    reward: Float32Array.from(lengths, () => rng.normal()),
    score: new Float32Array(lengths.length),
    status: new Uint8Array(lengths.length),
    uses: new Uint16Array(lengths.length).fill(1),
    advantage: Float32Array.from({ length: T }, () => rng.normal()),
    ...change,
  };
}

const seenBy = (update: string, change: Partial<SampleColumns> = {}, more: Partial<Seen> = {}): Seen => ({
  metrics: {},
  samples: samplesOf(change),
  settings: settingsWith({ update, method: 'ppo-m' }),
  scale: { mean: 0.1, deviation: 0.7 },
  ...more,
});

function part(update: UpdateMethod, seen: Seen, row: number, token: number, shift = 0): Part {
  const answer = partOf(update, seen, row, token, shift);
  if (!('part' in answer)) throw new Error(JSON.stringify(answer));
  return answer.part;
}

const of = (id: string): UpdateMethod => updates.find((update) => update.id === id)!;

/** What training would compute of these rows: the loss, and its slope in log π of one token. */
function trained(update: UpdateMethod, seen: Seen, place: number, shift: number) {
  const scored = scoredOf(seen, seen.scale!.deviation);
  const knobs = seen.settings.update as never;
  const kept = Int32Array.from(lengths, (_, b) => b);
  const examples = update.examples(scored, kept, knobs);
  const rows = examples.rows.flat();
  const { starts } = scored;
  const columns = columnsAt(rows, { ...withAdvantage(examples, seen.samples.advantage!, starts), starts });
  const moved = Float32Array.from(scored.logProb);
  moved[place] += shift;
  return tf.tidy(() => {
    const batch = nn.upload(
      nn.packSequences(rows.map((row) => ({ tokens: Array(lengths[row] + 1).fill(2), promptLength: 1 }))),
    );
    const { old } = columnsAt(rows, { starts, perToken: { moved } });
    const loss = (now: ReturnType<typeof tf.tensor1d>) =>
      update.losses.policy(
        nn,
        {
          batch,
          now,
          old: uploadColumns(columns.old),
          row: uploadColumns(columns.row),
          sizes: examples.rows.map(({ length }) => length),
        } as never,
        knobs,
      ).loss;
    const { value, grad } = tf.valueAndGrad((now: Parameters<typeof loss>[0]) => loss(now))(
      tf.tensor1d(old.moved),
    );
    const at = rows
      .flatMap((row) => Array.from({ length: lengths[row] }, (_, t) => scored.starts[row] + t))
      .indexOf(place);
    const numbers = { value: value.dataSync()[0], slope: grad.dataSync()[at], count: old.moved.length };
    batch.dispose();
    return numbers;
  });
}

/** They read what the rows do not hold: the probabilities of all tokens, or responses to other prompts. */
const unknown = ['tdpo', 'kto'];
const shifts = [0, 0.02, 0.4, -0.5];

describe.each(updates.map((update) => [update.id, update as UpdateMethod] as const))('%s', (id, update) => {
  it('is explained by the gradient of its loss, at any ratio', () => {
    const seen = seenBy(id);
    for (const shift of shifts) {
      for (const [row, token] of [
        [1, 2],
        [5, 0],
      ]) {
        const answer = partOf(update, seen, row, token, shift);
        if ('unknown' in answer) {
          expect(unknown, answer.unknown).toContain(id);
          continue;
        }
        if ('none' in answer) {
          // An update that leaves the policy alone has no examples at all.
          const kept = Int32Array.from(lengths, (_, b) => b);
          expect(update.examples(scoredOf(seen, 1), kept, seen.settings.update as never).rows).toEqual([]);
          continue;
        }
        const place = seen.samples.starts[row] + token;
        const due = trained(update, seen, place, shift);
        expect(answer.part.push, `shift ${shift}`).toBeCloseTo(-due.slope * due.count, 3);
      }
    }
  });

  it('has no part in what it cannot compare, and none is a number that is none', () => {
    const seen = seenBy(id, { reward: new Float32Array(8).fill(0.3), advantage: undefined });
    const answer = partOf(update, seen, 1, 2);
    if ('part' in answer) expect(Number.isFinite(answer.part.push)).toBe(true);
  });
});

describe('PPO', () => {
  const seen = seenBy('ppo');
  const place = (row: number, token: number) => seen.samples.starts[row] + token;

  it('pushes a token by its advantage before any step, and its term is −ρ A', () => {
    const { push, term, of: what, advantage } = part(of('ppo'), seen, 1, 2);
    expect(advantage).toBe(seen.samples.advantage![place(1, 2)]);
    expect(push).toBeCloseTo(advantage!, 5);
    expect(term).toBeCloseTo(-advantage!, 5);
    expect(what).toBe('token');
  });

  it('pushes no further once the clip is reached in the direction of the advantage, but always back', () => {
    const advantage = seen.samples.advantage!.slice();
    advantage[place(1, 2)] = 2;
    const up = { ...seen, samples: { ...seen.samples, advantage } };
    expect(part(of('ppo'), up, 1, 2, 0.3).push).toBe(0);
    expect(part(of('ppo'), up, 1, 2, 0.3).term).toBeCloseTo(-1.2 * 2, 5);
    expect(part(of('ppo'), up, 1, 2, -0.3).push).toBeCloseTo(2 * Math.exp(-0.3), 4);
  });

  it('is not guessed where the advantages were not kept', () => {
    expect(partOf(of('ppo'), seenBy('ppo', { advantage: undefined }), 1, 2)).toHaveProperty('unknown');
    expect(partOf(of('ppo'), seenBy('grpo'), 1, 2)).toHaveProperty('unknown');
  });
});

it('GRPO is known without the unit of the rewards, and RLOO is not', () => {
  const seen = seenBy('ppo', {}, { scale: null });
  const known = seenBy('ppo');
  expect(part(of('grpo'), seen, 1, 2).push).toBeCloseTo(part(of('grpo'), known, 1, 2).push, 2);
  expect(partOf(of('rloo'), seen, 1, 2)).toHaveProperty('unknown');
  expect(part(of('rloo'), known, 1, 2).of).toBe('example');
});

it('a group of equal rewards pushes nothing', () => {
  const seen = seenBy('dapo', { reward: new Float32Array(8).fill(0.3), advantage: undefined });
  expect(part(of('dapo'), seen, 1, 2).push).toBeCloseTo(0, 12);
});

it('a response that the filter dropped is explained as if it had been kept', () => {
  const uses = new Uint16Array(8).fill(1);
  uses[1] = 0;
  expect(part(of('ppo'), seenBy('ppo', { uses }), 1, 2).push).toBeCloseTo(
    part(of('ppo'), seenBy('ppo'), 1, 2).push,
    5,
  );
});

it('what a moved reference says is not guessed', () => {
  const seen = seenBy('grpo');
  const settings = withChanges(seen.settings, { reference: 'renewed' });
  expect(partOf(of('grpo'), { ...seen, settings }, 1, 2)).toHaveProperty('unknown');
});

describe('a pair', () => {
  const seen = seenBy('dpo');

  it('is shown from both sides, the better first, and pushed apart', () => {
    const { sides, of: what } = part(of('dpo'), seen, 1, 2);
    const { reward, group } = seen.samples;
    expect(what).toBe('example');
    expect(sides.map(({ row }) => row).toSorted()).toEqual([0, 1, 2, 3].filter((row) => group[row] === 0));
    for (let i = 1; i < sides.length; i++)
      expect(reward[sides[i - 1].row]).toBeGreaterThan(reward[sides[i].row]);
    expect(sides[0].push).toBeGreaterThan(0);
    expect(sides.at(-1)!.push).toBeLessThan(0);
  });

  it('of equal rewards is none', () => {
    const flat = seenBy('dpo', { reward: new Float32Array(8) });
    expect(partOf(of('dpo'), flat, 1, 2)).toHaveProperty('none');
  });
});

it('is not guessed where the rest of the group was dropped before anything was compared', () => {
  const settings = settingsWith({ update: 'grpo', method: 'ppo-m', normalise: 'after' });
  expect(partOf(of('grpo'), seenBy('grpo', {}, { settings }), 1, 2)).toHaveProperty('unknown');
});
