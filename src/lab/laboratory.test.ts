import { beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../rlhf/catalogue/catalogue.ts';
import { settingsWith, withChanges } from '../rlhf/catalogue/paths.ts';
import type { PageSpec } from './arms/armIdentity.ts';
import { Laboratory } from './laboratory.ts';
import { decodeLink } from './links/link.ts';
import type { Services } from './services.ts';
import { presetById } from './settings/presets.ts';
import { encodeRecording } from './storage/recordFile.ts';
import { row, ScriptedWorker } from './testing/scriptedWorker.ts';
import { TrainerHandle } from './trainer/pageSide/trainerHandle.ts';

const settled = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

let workers: ScriptedWorker[];
let failOpening: boolean;
let files: Map<string, Uint8Array<ArrayBuffer>>;

function laboratory(still = true): Laboratory {
  const services: Services = {
    judge: () => ({ client: null as never, connect: () => new MessageChannel().port1 }),
    spawnTrainer: () =>
      new TrainerHandle(() => {
        const worker = new ScriptedWorker(failOpening);
        workers.push(worker);
        return worker;
      }),
    assets: 'http://localhost/',
    fetchBytes: async (path) => files.get(path) ?? null,
    still: () => still,
  };
  return new Laboratory(services);
}

const opening = (...methods: string[]): PageSpec => ({
  preset: 'healthy',
  seed: 5,
  arms: methods.map((method) => ({ settings: settingsWith({ method, iterations: 3 }) })),
});

const commandsOf = (worker: ScriptedWorker) => worker.commands.map((command) => command.type);

const list = new TextEncoder().encode('{"recordings":{"healthy":{}}}');

beforeEach(() => {
  workers = [];
  files = new Map([['recorded/manifest.json', list]]);
  failOpening = false;
});

describe('arms', () => {
  it('cost nothing before they start, then get a trainer each on one seed', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-m', 'bw'));
    expect(workers).toHaveLength(0);
    expect(lab.store.getState()).toMatchObject({ ready: true, mode: 'live', playing: false });
    lab.play();
    await settled();
    expect(workers.map(commandsOf)).toEqual([
      ['open', 'pace', 'arm', 'play'],
      ['open', 'pace', 'arm', 'play'],
    ]);
    const seeds = workers.map((worker) => worker.commands.find((command) => command.type === 'arm')?.seed);
    expect(seeds).toEqual([5, 5]);
    expect(lab.store.getState().arms.map((arm) => arm.state)).toEqual(['running', 'running']);
  });

  it('never stand with a combination that cannot be: it is repaired, and told', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-s', 'bw'));
    const [first, second] = lab.store.getState().arms;
    lab.arms.change(first.id, { update: 'grpo' });
    expect(lab.store.getState().arms[0].settings).toMatchObject({
      order: { method: 'uniform' },
      update: { method: 'grpo' },
    });
    expect(lab.store.getState().notices.at(-1)?.text).toContain('order must not be ppo-s');
    lab.arms.change(second.id, { update: 'rloo', responses: 1 });
    expect(lab.store.getState().arms[1].settings.training.responses).toBe(5);
    await lab.open(opening('ppo-s'));
    lab.arms.addMethod('dapo');
    expect(lab.store.getState().arms[1].settings.order.method).toBe('uniform');
  });

  it('append rows and keep the identity of the arms that did not change', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-m', 'bw'));
    lab.play();
    await settled();
    const [, before] = lab.store.getState().arms;
    workers[0].iterate(1);
    workers[0].iterate(2);
    const [first, second] = lab.store.getState().arms;
    expect(first.iterations.map((each) => each.iteration)).toEqual([1, 2]);
    expect(second).toBe(before);
  });

  it('step once when asked before the models are loaded', async () => {
    const lab = laboratory();
    await lab.open(opening('bw'));
    lab.step('station');
    await settled();
    expect(workers[0].commands.filter((command) => command.type === 'step')).toEqual([
      { type: 'step', unit: 'station' },
    ]);
    expect(commandsOf(workers[0])).not.toContain('play');
  });

  it('have distinct names and colours', async () => {
    const lab = laboratory();
    await lab.open(opening('bw', 'bw'));
    const { activeArm } = lab.store.getState();
    const [first] = lab.store.getState().arms;
    lab.arms.add({ settings: withChanges(first.settings, { beta: 0.05 }) });
    lab.arms.duplicate(activeArm!);
    const { arms } = lab.store.getState();
    expect(new Set(arms.map((arm) => arm.name)).size).toBe(4);
    expect(new Set(arms.map((arm) => arm.color)).size).toBe(4);
    expect(arms[2].name).toBe('BW, beta 0.05');
  });

  it('are no more than the palette can tell apart', async () => {
    const lab = laboratory();
    await lab.open(opening('bw', 'bw', 'bw', 'bw', 'bw', 'bw', 'bw', 'bw'));
    expect(lab.arms.add({ settings: defaultSettings() })).toBeNull();
    expect(lab.store.getState().notices.at(-1)?.text).toMatch(/At most 8 arms/);
  });

  it('that cannot start say why and leave the others alone', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-m'));
    failOpening = true;
    lab.play();
    await settled();
    const { arms, notices, playing } = lab.store.getState();
    expect(arms[0].state).toBe('failed');
    expect(arms[0].error?.message).toBe('No engine could be opened.');
    expect(notices.at(-1)).toMatchObject({ kind: 'error', text: 'PPO-M: No engine could be opened.' });
    expect(playing).toBe(false);
    expect(workers[0].terminated).toBe(true);
  });

  it('stop playing when the last one has finished', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-m', 'bw'));
    lab.play();
    await settled();
    workers[0].emit({ type: 'state', state: 'finished' });
    expect(lab.store.getState().playing).toBe(true);
    workers[1].emit({ type: 'state', state: 'finished' });
    expect(lab.store.getState().playing).toBe(false);
  });
});

describe('a change of settings', () => {
  it('starts that arm again, alone, and undo brings its curve and its trainer back', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-m', 'bw'));
    lab.step('iteration');
    await settled();
    for (const worker of workers) worker.iterate(1);
    const [first] = lab.store.getState().arms;
    lab.arms.change(first.id, { beta: 0.05 });
    let { arms } = lab.store.getState();
    expect(arms.map((arm) => arm.iterations.length)).toEqual([0, 1]);
    expect(arms[0]).toMatchObject({ settings: { price: { beta: 0.05 } }, state: 'ready' });
    expect(lab.store.getState().notices.at(-1)).toMatchObject({ action: 'undo' });
    expect(workers[0].terminated).toBe(false);

    workers[1].iterate(2);
    lab.undo();
    ({ arms } = lab.store.getState());
    expect(arms[0].settings.price.beta).toBe(first.settings.price.beta);
    // The arm that was not touched keeps what it learned since.
    expect(arms.map((arm) => arm.iterations.length)).toEqual([1, 2]);
    workers[0].iterate(2);
    expect(lab.store.getState().arms[0].iterations).toHaveLength(2);
  });

  it('renames an arm that has its name from its settings, and no other', async () => {
    const lab = laboratory();
    await lab.open({
      ...opening('ppo-m'),
      arms: [...opening('ppo-m').arms, { name: 'mine', settings: defaultSettings() }],
    });
    const [first, second] = lab.store.getState().arms;
    lab.arms.change(first.id, { method: 'bon' });
    lab.arms.change(second.id, { method: 'br' });
    expect(lab.store.getState().arms.map((arm) => arm.name)).toEqual(['BoN', 'mine']);
  });

  it('that changes nothing does nothing', async () => {
    const lab = laboratory();
    await lab.open(opening('bw'));
    const [arm] = lab.store.getState().arms;
    lab.arms.change(arm.id, { beta: arm.settings.price.beta });
    expect(lab.store.getState().arms[0]).toBe(arm);
    expect(lab.store.getState().undo).toBeNull();
  });

  it('keeps playing in the arm that starts again', async () => {
    const lab = laboratory();
    await lab.open(opening('bw'));
    lab.play();
    await settled();
    lab.arms.change(lab.store.getState().arms[0].id, { beta: 0.4 });
    await settled();
    expect(workers).toHaveLength(2);
    expect(commandsOf(workers[0]).at(-1)).toBe('pause');
    expect(commandsOf(workers[1]).at(-1)).toBe('play');
  });

  it('keeps only so many old trainers for undo', async () => {
    const lab = laboratory();
    await lab.open(opening('bw'));
    for (let i = 1; i <= 6; i++) {
      lab.step('iteration');
      await settled();
      lab.arms.change(lab.store.getState().arms[0].id, { beta: i / 10 + 1 });
    }
    expect(workers).toHaveLength(6);
    expect(workers.filter((worker) => !worker.terminated).length).toBeLessThanOrEqual(3);
  });
});

describe('what is removed', () => {
  it('comes back with undo', async () => {
    const lab = laboratory();
    await lab.open(opening('ppo-m', 'bw'));
    lab.step('iteration');
    await settled();
    workers[1].iterate(1);
    lab.arms.remove(lab.store.getState().arms[1].id);
    expect(lab.store.getState().arms).toHaveLength(1);
    expect(lab.store.getState().undo).toBe('removing BW');
    lab.undo();
    expect(lab.store.getState().arms[1]).toMatchObject({ name: 'BW', iterations: [{ iteration: 1 }] });
  });
});

describe('a recording', () => {
  const preset = presetById('healthy');
  const record = async () => {
    files.set(
      'recorded/healthy.bin',
      await encodeRecording({
        preset: 'healthy',
        command: 'test',
        runs: preset.arms.map(({ settings }, index) => ({
          format: 'filtrate-run/1',
          name: `run ${index}`,
          seed: 1,
          settings,
          worldSeed: 1,
          backend: { name: 'simd', reason: 'recorded' },
          iterations: [row(1), row(2)],
          evaluations: [
            { iteration: 0, metrics: { heldPass: 0.3 } },
            { iteration: 2, metrics: { heldPass: 0.4 } },
          ],
        })),
      }),
    );
  };
  const page = { preset: 'healthy', seed: 1, arms: preset.arms };

  it('is shown, labelled, without computing anything', async () => {
    await record();
    const lab = laboratory();
    await lab.open(page);
    expect(lab.store.getState().mode).toBe('recorded');
    expect(lab.store.getState().arms.map((arm) => [arm.recorded, arm.iterations.length])).toEqual([
      [true, 2],
      [true, 2],
    ]);
    expect(workers).toHaveLength(0);
  });

  it('is there at once where a link shows a moment of it', async () => {
    await record();
    const lab = laboratory(false);
    const rows = () => lab.store.getState().arms.map((arm) => arm.iterations.length);
    await lab.openLink(decodeLink('seed=1').link);
    expect(rows()).toEqual([0, 0]);
    await lab.openLink(decodeLink('seed=1&at=2').link);
    expect(lab.store.getState()).toMatchObject({ mode: 'recorded', cursor: 2 });
    expect(rows()).toEqual([2, 2]);
  });

  it('stays faintly behind the live run until that has caught up', async () => {
    await record();
    const lab = laboratory();
    await lab.open(page);
    lab.play();
    await settled();
    let [arm] = lab.store.getState().arms;
    expect(arm).toMatchObject({ recorded: false, iterations: [] });
    expect(arm.ghost?.iterations).toHaveLength(2);
    workers[0].iterate(1);
    workers[0].iterate(2);
    [arm] = lab.store.getState().arms;
    expect(arm.ghost).toBeNull();
  });

  it('of other settings or another seed is not shown', async () => {
    await record();
    const lab = laboratory();
    await lab.open({ ...page, seed: 2 });
    expect(lab.store.getState().mode).toBe('live');
    await lab.open({ ...page, arms: [{ settings: withChanges(preset.arms[0].settings, { beta: 1 }) }] });
    expect(lab.store.getState().mode).toBe('live');
  });

  it('that is not on the list is not asked for', async () => {
    await record();
    files.delete('recorded/manifest.json');
    const lab = laboratory();
    await lab.open(page);
    expect(lab.store.getState()).toMatchObject({ mode: 'live', ready: true, notices: [] });
  });

  it('that is damaged costs a message, not the page', async () => {
    files.set('recorded/healthy.bin', new Uint8Array([1, 2, 3]));
    const lab = laboratory();
    await lab.open(page);
    const { mode, ready, notices, arms } = lab.store.getState();
    expect({ mode, ready, arms: arms.length }).toEqual({ mode: 'live', ready: true, arms: 2 });
    expect(notices[0].text).toMatch(/Recorded run: .* Press play/);
  });
});

describe('links', () => {
  const open = async (lab: Laboratory, text: string) => {
    const { link } = decodeLink(text);
    lab.view.setTeaching(link.teaching);
    await lab.openLink(link);
  };

  it('open the program under inspection beside the iteration that they show', async () => {
    const lab = laboratory();
    await open(lab, 'arms=ppo-m,bw&at=3&program=2,3,4&open=');
    const { arms, cursor, panels, selection } = lab.store.getState();
    expect(cursor).toBe(3);
    expect(selection).toEqual({ armId: arms[1].id, iteration: 3, row: 3 });
    expect(panels).toEqual(['inspector']);
  });

  it('leave no trace where another was opened meanwhile', async () => {
    const lab = laboratory();
    await Promise.all([open(lab, 'seed=2&at=3&program=1,3,1'), open(lab, 'seed=4&open=')]);
    expect(lab.store.getState()).toMatchObject({ seed: 4, cursor: null, selection: null, panels: [] });
  });

  it('keep hidden panels closed, whoever opens them, and locked arms as they are', async () => {
    const lab = laboratory();
    await open(lab, 'hide=inspector&lock=arms&program=1,1,1&open=');
    lab.view.setPanel('inspector', true);
    expect(lab.store.getState().panels).toEqual([]);
    await lab.savedRuns.open(['some-run']);
    expect(lab.store.getState().notices.at(-1)?.text).toMatch(/^Locked by this link/);
    lab.view.setTheme('dark');
    expect(lab.store.getState()).toMatchObject({
      theme: 'dark',
      teaching: { hide: ['inspector'], theme: null },
    });
  });
});

it('says where reward and truth part, and shows the place', async () => {
  const lab = laboratory();
  await lab.open(opening('ppo-m', 'bw'));
  lab.play();
  await settled();
  for (let iteration = 1; iteration <= 40; iteration++) {
    const rises = { rewardPi: iteration, passRate: 0.5 + iteration / 100 };
    const parts = { rewardPi: iteration, passRate: 0.5 - Math.abs(iteration - 10) / 100 };
    for (const [arm, metrics] of [rises, parts].entries())
      workers[arm].emit({ type: 'iteration', record: { ...row(iteration), metrics } });
  }
  lab.view.showParting();
  const { activeArm, arms, cursor, notices } = lab.store.getState();
  expect(activeArm).toBe(arms[1].id);
  expect(cursor).toBe(10);
  expect(notices.at(-1)?.text).toMatch(/PPO-M: reward and truth do not part\. BW: from iteration 10 on/);
});
