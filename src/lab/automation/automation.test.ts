import { describe, expect, it } from 'vitest';
import type { JudgeClient, JudgeRequest } from '../../judge/client.ts';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { SpecError } from '../settings/experimentSpec.ts';
import { newArm } from '../state/arm.ts';
import { createLabStore } from '../state/store.ts';
import type { TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import { createAutomation, type Filtrate } from './automation.ts';
import { eventStream } from './eventStream.ts';

function surface(): {
  filtrate: Filtrate;
  asked: JudgeRequest[][];
  store: ReturnType<typeof createLabStore>;
} {
  const asked: JudgeRequest[][] = [];
  const store = createLabStore();
  const judge = {
    judge: async (requests: JudgeRequest[]) => {
      asked.push(requests);
      return requests.map(() => ({ status: 'ok', passed: 1, total: 1, score: 1 }));
    },
  } as unknown as JudgeClient;
  const filtrate = createAutomation({ store, judge, models: { trainerParts: () => ({}) as TrainerParts } });
  return { filtrate, asked, store };
}

const task = { entry: 'f', tests: [{ args: [1], expected: 2 }] };

describe('window.filtrate', () => {
  it('is ready when the page is', async () => {
    const { filtrate, store } = surface();
    let answered = false;
    const ready = filtrate.ready().then((answer) => {
      answered = true;
      return answer;
    });
    await Promise.resolve();
    expect(answered).toBe(false);
    store.setState({ ready: true });
    expect(await ready).toMatchObject({ version: 1 });
    expect((await filtrate.ready()).presets).toContain('healthy');
  });

  it('judges each program against the task', async () => {
    const { filtrate, asked } = surface();
    expect(await filtrate.judge(task, ['a', 'b'])).toHaveLength(2);
    expect(asked[0].map(({ source, entry }) => [source, entry])).toEqual([
      ['a', 'f'],
      ['b', 'f'],
    ]);
    await filtrate.judge(task, ['c']);
    expect(asked[1][0].key).not.toBe(asked[0][0].key);
  });

  it('names what is malformed in a task', async () => {
    const { filtrate } = surface();
    const bad = (task: unknown, programs: unknown = ['a']) =>
      filtrate.judge(task as never, programs as never);
    await expect(bad(null)).rejects.toThrow('task must be');
    await expect(bad({ tests: [] })).rejects.toThrow('task.entry');
    await expect(bad({ entry: 'f', tests: [] })).rejects.toThrow('at least one test');
    await expect(bad({ entry: 'f', tests: [{ args: 1, expected: 1 }] })).rejects.toThrow('task.tests[0]');
    await expect(bad(task, 'a')).rejects.toThrow('programs must be an array');
    const withValue = (value: unknown, expected: unknown = 1) =>
      bad({ entry: 'f', tests: [task.tests[0], { args: [0, value], expected }] });
    const refusal = (message: string) => new TypeError(`judge: task.tests[1]${message}`);
    await expect(withValue({ f: () => 1 })).rejects.toThrow(
      refusal('.args[1].f is a function, which cannot be handed to a program.'),
    );
    const cycle: unknown[] = [];
    cycle.push(cycle);
    await expect(withValue(cycle)).rejects.toThrow(
      refusal('.args[1][0] is an object inside itself, which cannot be handed to a program.'),
    );
    await expect(withValue(1, new Map([[1, Symbol('x')]]))).rejects.toThrow(
      refusal('.expected.values()[0] is a symbol, which cannot be handed to a program.'),
    );
    await expect(withValue(1, 'x'.repeat(200_000))).rejects.toThrow(
      refusal('.expected cannot be compared: it returned too long a text.'),
    );
  });

  it('judges problems of the world by their id', async () => {
    const { filtrate, asked } = surface();
    await filtrate.judgeProblem('sum', ['function f(xs) { return 0 }']);
    expect(asked[0][0].tests.length).toBeGreaterThanOrEqual(10);
    await expect(filtrate.judgeProblem('nope', [])).rejects.toThrow('no problem "nope"');
  });

  it('refuses a spec that it does not understand', () => {
    const { filtrate } = surface();
    expect(() => filtrate.experiment({ arms: ['best' as never] })).toThrow(SpecError);
  });

  it('exports the arms of the page', async () => {
    const { filtrate, store } = surface();
    const arm = newArm({ id: 'a', name: 'BW', color: 0, settings: defaultSettings(), seed: 3 });
    store.setState({
      arms: [{ ...arm, evaluations: [{ iteration: 0, metrics: { heldPass: 0.3 } }] }],
    });
    const { file, metrics, rollouts, summary } = await filtrate.exportRun();
    expect(file.length).toBeGreaterThan(100);
    expect(JSON.parse(metrics)).toMatchObject({ arm: 'BW', seed: 3, kind: 'evaluation' });
    expect(rollouts).toBe('');
    expect(summary.arms[0].arm).toBe('BW');
  });
});

describe('eventStream', () => {
  it('gives every event once, also those between two reads, and ends', async () => {
    const listeners = new Set<(event: number) => void>();
    let finish = () => {};
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const stream = eventStream<number>((listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    }, done);
    const first = stream.next();
    await Promise.resolve();
    for (const value of [1, 2, 3]) for (const listener of listeners) listener(value);
    expect((await first).value).toBe(1);
    finish();
    const rest: number[] = [];
    for await (const value of stream) rest.push(value);
    expect(rest).toEqual([2, 3]);
    expect(listeners.size).toBe(0);
  });
});
