import { expect, test } from 'vitest';
import { stream } from '../../../core/random.ts';
import { Analyst, type AnalystCommand, type AnalystEvent } from './analyst.ts';

function rollouts(groups: number, size: number) {
  const rng = stream(1, 'analyst test');
  const rows = groups * size;
  const score = Float32Array.from({ length: rows }, () => (rng.uniform() < 0.5 ? 1 : 0));
  const reward = Float32Array.from(score, (s) => s + rng.normal());
  const group = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size));
  return { reward, score, group, prompt: group };
}
const pictureSettings = {
  grouping: { groups: 6, mode: 'equal-width' as const },
  lines: 10,
  by: 'split' as const,
  bars: 20,
  seed: 1,
};
const edited = {
  id: 'edited',
  label: 'edited',
  filter: { kind: 'rank' as const, weights: 'best-random' as const, keep: 2 },
  sampler: 'keep' as const,
};
const table = (request: number): AnalystCommand => ({
  type: 'table',
  looks: 'given',
  request,
  edited,
  options: { replicates: 50, seed: 1 },
});

function started() {
  const events: AnalystEvent[] = [];
  const waiting: { wanted: (event: AnalystEvent) => boolean; resolve: () => void }[] = [];
  const analyst = new Analyst((event) => {
    events.push(event);
    for (const { wanted, resolve } of waiting) if (wanted(event)) resolve();
  });
  const until = (wanted: (event: AnalystEvent) => boolean) =>
    new Promise<void>((resolve) => {
      if (events.some(wanted)) resolve();
      else waiting.push({ wanted, resolve });
    });
  return { analyst, events, until };
}

test('a picture counts every response and knows the sizes of groups', () => {
  const { analyst, events } = started();
  analyst.handle({ type: 'load', rollouts: rollouts(40, 5), texts: null });
  analyst.handle({ type: 'picture', request: 1, settings: pictureSettings });
  const [event] = events;
  if (event.type !== 'picture') throw new Error(event.type);
  const { picture } = event;
  expect(picture).toMatchObject({ rows: 200, groups: 40, known: 200 });
  expect(picture.groupSizes[5]).toBe(40);
  const total = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0);
  expect(total(picture.histogram.pass) + total(picture.histogram.fail)).toBe(200);
  expect(picture.tenLines!.bins.reduce((n, bin) => n + bin.count, 0)).toBe(200);
  expect(picture.ranks!.map((row) => row.count)).toEqual([40, 40, 40, 40, 40]);
});

test('rows without a true score are left out of what needs one', () => {
  const { analyst, events } = started();
  const given = rollouts(40, 5);
  given.score.fill(Number.NaN, 0, 50);
  analyst.handle({ type: 'load', rollouts: given, texts: null });
  analyst.handle({ type: 'picture', request: 1, settings: pictureSettings });
  analyst.handle({ type: 'load', rollouts: { ...given, score: null }, texts: null });
  analyst.handle({ type: 'picture', request: 2, settings: pictureSettings });
  const [some, none] = events.map((event) => (event.type === 'picture' ? event.picture : null));
  expect(some).toMatchObject({ rows: 200, known: 150 });
  expect(some!.tenLines!.bins.reduce((n, bin) => n + bin.count, 0)).toBe(150);
  expect(none).toMatchObject({ rows: 200, known: 0, tenLines: null, calibration: null, fit: null });
});

test('the table has the edited filter first, and its rows are those that a selection gives', async () => {
  const { analyst, events, until } = started();
  const given = rollouts(40, 5);
  analyst.handle({ type: 'load', rollouts: given, texts: null });
  analyst.handle(table(1));
  await until((event) => event.type === 'done');
  const reports = events.flatMap((event) => (event.type === 'row' ? [event.report] : []));
  expect(reports.slice(0, 3).map((report) => report.id)).toEqual(['edited', 'ppo-m', 'bon']);
  analyst.handle({ type: 'select', looks: 'given', request: 2, named: edited, seed: 1 });
  const selected = events.at(-1)!;
  if (selected.type !== 'selected') throw new Error(selected.type);
  const passing = selected.rows.reduce((n, row) => n + given.score[row], 0);
  expect(selected.rows).toHaveLength(reports[0].kept);
  expect(passing / selected.rows.length).toBeCloseTo(reports[0].truth!.passRate.value);
});

test('a newer table takes the place of an older one', async () => {
  const { analyst, events, until } = started();
  analyst.handle({ type: 'load', rollouts: rollouts(40, 5), texts: null });
  analyst.handle(table(1));
  analyst.handle(table(2));
  await until((event) => event.type === 'done');
  expect(events.filter((event) => event.type === 'done')).toEqual([{ type: 'done', request: 2 }]);
  expect(events.some((event) => event.type === 'row' && event.request === 1)).toBe(false);
});

test('what cannot be computed is a failure with a reason, not silence', () => {
  const { analyst, events } = started();
  analyst.handle({ type: 'load', rollouts: rollouts(4, 5), texts: null });
  analyst.handle({
    type: 'picture',
    request: 1,
    settings: { ...pictureSettings, grouping: { groups: 0, mode: 'equal-width' } },
  });
  expect(events).toEqual([
    { type: 'failed', request: 1, name: 'RangeError', message: expect.stringContaining('groups') },
  ]);
});
