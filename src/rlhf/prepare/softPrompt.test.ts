import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import type { Problem } from '../../tasks/problem.ts';
import type { TaskSet } from '../loop/responses.ts';
import type { JudgePrograms } from '../loop/run.ts';
import { trainPolicy } from './sft.ts';
import { differences, improveSoftPrompt, type SoftPpo } from './softPpo.ts';
import { SoftPrompt, trainSoftPrompt } from './softPrompt.ts';

const config = { vocab: 9, width: 8, layers: 1, heads: 2, maxLength: 8 };

/** A teacher that heeds what stands before a request: after 6 it writes 5, after 7 it writes 8. */
let model: Transformer;
const taught = [3, 4].flatMap((request) =>
  [
    [6, request, 5, 1],
    [7, request, 8, 1],
  ].map((tokens) => ({ tokens, promptLength: 2 })),
);

/** Two requests of one word; a program passes when it begins with 5. */
const tasks: TaskSet = {
  problems: [{ id: 'a' }, { id: 'b' }] as Problem[],
  prompts: [Int32Array.of(3), Int32Array.of(4)],
  source: (tokens) => Array.from(tokens).join(' '),
  reference: () => Int32Array.of(5, 1),
};
const judge: JudgePrograms = async (_, programs) => ({
  score: Float32Array.from(programs, (program) => (program.startsWith('5') ? 1 : 0)),
  status: new Uint8Array(programs.length),
  raised: new Uint8Array(programs.length),
  cacheHits: 0,
});
const weightsOf = async (model: Transformer) =>
  [...(await model.weights()).values()].map((values) => Array.from(values));

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
  model = Transformer.create(config, stream(1, 'teacher'));
  for await (const _ of trainPolicy(model, taught, { steps: 300, batch: 8, learningRate: 0.03 }, 1));
});

describe('a soft prompt', () => {
  it('learns to imitate, and leaves the teacher as it is', async () => {
    const before = await weightsOf(model);
    const soft = SoftPrompt.create(model, 1, stream(3, 'prefix'));
    const examples = [{ tokens: [3, 5, 1], promptLength: 1 }];
    const losses: number[] = [];
    const settings = { steps: 40, batch: 4, learningRate: 0.1 };
    for await (const { loss } of trainSoftPrompt(soft, examples, settings, 1)) losses.push(loss);
    expect(losses.at(-1)!).toBeLessThan(losses[0] / 2);
    expect(await weightsOf(model)).toEqual(before);
    soft.dispose();
  });

  it('learns by PPO what passes, the same for the same seed, without keeping tensors', async () => {
    const settings: SoftPpo = {
      iterations: 12,
      prompts: 16,
      samplesPerPrompt: 4,
      epochs: 1,
      minibatches: 2,
      learningRate: 0.05,
      criticLearningRate: 0.02,
      clip: 0.2,
      diversity: 0,
      beta: 0.01,
    };
    const run = async () => {
      const soft = SoftPrompt.create(model, 1, stream(3, 'prefix'));
      const steps = [];
      for await (const step of improveSoftPrompt(soft, tasks, judge, settings, 2)) steps.push(step);
      const values = await soft.values();
      soft.dispose();
      return { steps, values };
    };
    const first = await run();
    expect(first.steps[0].kl).toBeCloseTo(0, 3);
    expect(first.steps.at(-1)!.passRate).toBeGreaterThan(first.steps[0].passRate + 0.3);
    expect(first.steps.at(-1)!.kl).toBeGreaterThan(0.1);
    const tensors = tf.memory().numTensors;
    expect(await run()).toEqual(first);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('of a length that does not fit is refused', () => {
    expect(() => SoftPrompt.create(model, 121, stream(3, 'prefix'))).toThrow(/0 to 120 vectors/);
  });
});

it('counts difference among the programs of a request only', () => {
  const row = (...program: number[]) => ({ tokens: [3, ...program], promptLength: 1 });
  const rows = [row(5, 1), row(5, 1), row(6, 7, 8), row(5, 1)];
  expect([...differences({ rows, group: Int32Array.of(0, 0, 1, 1) })]).toEqual([0, 0, 1, 1]);
});
