import { describe, expect, it } from 'vitest';
import { type Arm, newArm } from '../../lab/state/arm.ts';
import { initialState } from '../../lab/state/store.ts';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { duration, heroText, listed, secondsLeft } from './heroText.ts';

const arm = (name: string, change: Partial<Arm> = {}): Arm => ({
  ...newArm({ id: name, name, color: 0, settings: defaultSettings(), seed: 1 }),
  ...change,
});
const looks = (...rates: number[]) =>
  rates.map((heldPass, index) => ({ iteration: 5 * index, metrics: { heldPass } }));
const say = (arms: Arm[], change: Partial<typeof initialState> = {}) =>
  heroText({ ...initialState, mode: 'live', arms, activeArm: arms[0]?.id ?? null, ...change });

describe('the sentence under the header', () => {
  it('says that a recorded run is recorded, and what to do', () => {
    const text = say([arm('PPO-M', { recorded: true, evaluations: looks(0.34, 0.503) })], {
      mode: 'recorded',
    });
    expect(text.badge).toBe('Recorded');
    expect(text.sentence).toMatch(/recorded run.*PPO-M from 34\u00a0% to 50\u00a0%.*Press play/);
  });

  it('tells of many arms the highest and the lowest', () => {
    const arms = ['a', 'b', 'c', 'd'].map((name, i) =>
      arm(name, { evaluations: looks(0.4, [0.5, 0.3, 0.6, 0.2][i]) }),
    );
    expect(say(arms, { mode: 'recorded' }).sentence).toContain(
      'c from 40\u00a0% to 60\u00a0% is the highest of 4, d from 40\u00a0% to 20\u00a0% the lowest.',
    );
  });

  it('names what happens at the station where a step stopped', () => {
    const text = say([arm('BW', { station: 'filter', iteration: 3, state: 'paused' })]);
    expect(text).toEqual({
      badge: 'Paused',
      sentence: 'Iteration 3, station filter: BW chooses which programs may be learned from.',
    });
  });

  it('never claims progress that was not measured', () => {
    expect(say([arm('BW', { state: 'running', evaluations: looks(0.4) })], { playing: true }).sentence).toBe(
      'Computed here, now: iteration 0 of 40.',
    );
  });

  it('leaves hidden arms out of what it counts', () => {
    const arms = [
      arm('BW', { state: 'finished', evaluations: looks(0.3, 0.4) }),
      arm('BoN', { state: 'finished', evaluations: looks(0.3, 0.2), hidden: true }),
    ];
    expect(say(arms).badge).toBe('Finished');
    expect(say(arms).sentence).not.toContain('BoN');
  });

  it('says why everything stopped', () => {
    const error = { code: 'backend' as const, message: 'No engine.' };
    expect(say([arm('BW', { state: 'failed', error })])).toEqual({
      badge: 'Stopped',
      sentence: 'BW stopped: No engine.',
    });
  });

  it('has something to say about an empty page', () => {
    expect(say([], { ready: true }).sentence).toMatch(/Add one/);
  });

  it('names no run before its arms are there, and none that is hidden', () => {
    expect(heroText(initialState).sentence).toBe('Opening the page.');
    const hidden = say([arm('BW', { recorded: true, hidden: true })], { mode: 'recorded' });
    expect(hidden.sentence).toMatch(/^A recorded run of hidden arms\./);
  });
});

it('lists names as a sentence does', () => {
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});

it('foresees the end from the pace so far', () => {
  const samples = null as never;
  expect(secondsLeft(arm('a'))).toBeNull();
  const iterations = [{ iteration: 10, metrics: { seconds: 20 }, samples }];
  expect(secondsLeft(arm('a', { iterations }))).toBe(60);
  expect([duration(0.2), duration(59), duration(61), duration(5400)]).toEqual([
    '1 s',
    '59 s',
    '1 min',
    '1 h 30 min',
  ]);
});
