/** `window.filtrate`: what scripts drive. The same surface carries `npm run experiment`. */
import { expect, hero, open, quick, onePage as test, transport } from './support/journey.ts';

/** Small enough that a run takes seconds. */
const small = {
  prompts: 6,
  responses: 4,
  minibatches: 2,
  pool: 20,
  evaluateEvery: 1000,
  evaluationSamples: 1,
  iterations: 2,
};

test('an experiment tells what it does, and gives the same numbers twice', async ({ page }) => {
  const results = await page.evaluate(async (settings) => {
    const run = async () => {
      const experiment = window.filtrate.experiment({ arms: ['ppo-m', 'bw'], seeds: 2, settings });
      const types: string[] = [];
      const lines: string[] = [];
      const reading = (async () => {
        for await (const event of experiment.events()) {
          types.push(event.type === 'state' ? event.state : event.type);
          if (event.type !== 'iteration' && event.type !== 'evaluation') continue;
          const { run, record } = event;
          const { kl, rewardPi, heldPass, heldReward, updateTokens } = record.metrics;
          const numbers = [kl, rewardPi, heldPass, heldReward, updateTokens];
          lines.push(JSON.stringify([run.arm, run.seed, event.type, record.iteration, ...numbers]));
        }
      })();
      experiment.start();
      await experiment.done;
      await reading;
      const states = experiment.runs.map((run) => `${run.arm} ${run.seed} ${run.state}`);
      return { types, lines: lines.sort(), states, table: experiment.summary() };
    };
    return [await run(), await run()];
  }, small);
  const [first, second] = results;
  expect(first.states).toEqual(['PPO-M 1 finished', 'BW 1 finished', 'PPO-M 2 finished', 'BW 2 finished']);
  // Two evaluations and two iterations of each of four runs.
  expect(first.lines).toHaveLength(16);
  expect(second.lines).toEqual(first.lines);
  expect(first.types[0]).toBe('running');
  expect(first.types.at(-1)).toBe('finished');
  expect(first.types.filter((type) => type === 'progress')).toHaveLength(8);
  expect(first.table.reference).toBe('PPO-M');
  expect(first.table.arms[1].difference!.count).toBe(2);
});

test('an experiment gives the numbers of the same arm on the page', async ({ page }) => {
  await open(page, `${quick(['bw'], small)}&seed=5`);
  await expect(hero(page)).toContainText('Ready');
  await transport(page).getByRole('button', { name: 'Play', exact: true }).click();
  await expect(hero(page)).toContainText('Finished', { timeout: 90_000 });
  const [shown, computed] = await page.evaluate(async (settings) => {
    const { metrics } = await window.filtrate.exportRun();
    const experiment = window.filtrate.experiment({ arms: ['bw'], seeds: [5], settings });
    experiment.start();
    await experiment.done;
    const iterations = metrics
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((line) => line.kind === 'iteration');
    return [
      iterations.map((line) => [line.step, line.data.kl, line.data.rewardMu, line.data.policyLoss]),
      experiment
        .records()[0]
        .iterations.map(({ iteration, metrics: { kl, rewardMu, policyLoss } }) => [
          iteration,
          kl,
          rewardMu,
          policyLoss,
        ]),
    ];
  }, small);
  expect(computed).toHaveLength(2);
  expect(shown).toEqual(computed);
});

test('an experiment steps, is stopped, and keeps what it computed', async ({ page }) => {
  const seen = await page.evaluate(async (settings) => {
    const experiment = window.filtrate.experiment({
      arms: ['bw'],
      settings: { ...settings, iterations: 50 },
    });
    const iteration = () =>
      new Promise<number>((resolve) => {
        const quiet = experiment.listen((event) => {
          if (event.type !== 'iteration') return;
          quiet();
          resolve(event.record.iteration);
        });
      });
    const first = iteration();
    experiment.step();
    const steps = [await first];
    const second = iteration();
    experiment.step();
    steps.push(await second);
    const state = experiment.state;
    experiment.stop();
    await experiment.done;
    return { steps, state, after: experiment.state, kept: experiment.records()[0].iterations.length };
  }, small);
  expect(seen).toEqual({ steps: [1, 2], state: 'paused', after: 'stopped', kept: 2 });
});

test('a spec that cannot be run names every field at fault', async ({ page }) => {
  const message = await page.evaluate(async () => {
    try {
      window.filtrate.experiment({ arms: ['rand3', { method: 'bw', beta: 9 }] });
      return 'accepted';
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(message).toContain('arms[0]: There is no method "rand3"; did you mean rand2?');
  expect(message).toContain('arms[1].beta: beta must be a number from 0 to 5, and is 9.');
});

test('programs are judged against a task or a problem of the world', async ({ page }) => {
  const [own, world, fault] = await page.evaluate(async () => {
    const task = {
      entry: 'f',
      tests: [
        { args: [1, 2], expected: 3 },
        { args: [0, 0], expected: 0 },
      ],
    };
    const programs = [
      'function f(a, b) { return a + b }',
      'function f(a, b) { return a * b }',
      'function f( {',
    ];
    return [
      await window.filtrate.judge(task, programs),
      await window.filtrate.judgeProblem('sum', [
        'function f(xs) { return xs.reduce((a, b) => a + b, 0) }',
        'function f(xs) { return xs.length }',
      ]),
      await window.filtrate.judge({ entry: 'f', tests: [] }, programs).catch((error: Error) => error.message),
    ];
  });
  expect(own).toMatchObject([
    { status: 'ok', passed: 2, total: 2, score: 1 },
    { status: 'ok', passed: 1, total: 2, score: 0.5 },
    { status: 'rejected', score: 0 },
  ]);
  expect(world).toMatchObject([{ score: 1 }, { status: 'ok' }]);
  expect(fault).toContain('at least one test');
});
