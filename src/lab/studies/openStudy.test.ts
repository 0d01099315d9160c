import { expect, it } from 'vitest';
import { mergeStudy } from './mergeStudy.ts';
import { type OpenedSpec, type OpenedStudy, openStudy, type PickedFile } from './openStudy.ts';
import { studyText } from './study.ts';
import { planText, type StudyPlan, type StudyRun } from './studyFiles.ts';
import { somePart, somePlan, someRuns } from './testing/someStudy.ts';

const runs = someRuns(['learned', 'tests'], ['PPO-M', 'BW'], 1);
const plan = somePlan(runs);
const text = studyText(mergeStudy([somePart('a', plan, runs)], { partial: false }).study!);

const file = (path: string, content: string): PickedFile => ({
  name: path.split('/').at(-1)!,
  webkitRelativePath: path.includes('/') ? path : '',
  text: async () => content,
});
const folder = (name: string, its: StudyPlan, own: readonly StudyRun[]): PickedFile[] => [
  file(`${name}/plan.json`, planText(its)),
  ...own.map((run) => file(`${name}/runs/${run.id}.json`, JSON.stringify(run))),
  file(`${name}/cut-off/x.filtrate-run`, ''),
];
const isStudy = (opened: OpenedStudy | OpenedSpec): OpenedStudy => {
  if ('spec' in opened) throw new Error('It is a spec.');
  return opened;
};
const opened = async (files: readonly PickedFile[]) => isStudy(await openStudy(files));

it('opens a merged file, a folder that was never merged, and one of several machines, to the same study', async () => {
  expect(studyText((await opened([file('mine.json', text)])).study)).toBe(text);
  expect(studyText((await opened(folder('mine', plan, runs))).study)).toBe(text);
  const two = [...folder('all/one', plan, runs.slice(0, 2)), ...folder('all/two', plan, runs.slice(2))];
  expect(studyText((await opened(two)).study)).toBe(text);
});

it('takes the merged file of a folder unless the folder has more runs by now', async () => {
  const part = studyText(mergeStudy([somePart('a', plan, runs.slice(1))], { partial: true }).study!);
  const stale = await opened([file('mine/study.json', part), ...folder('mine', plan, runs)]);
  expect(stale.study.runs).toHaveLength(4);
  const present = await opened([file('mine/study.json', text), ...folder('mine', plan, runs.slice(1))]);
  expect(present.study.runs).toHaveLength(4);
});

it('has a message of its own for a missing run, a foreign file, a changed spec and two engines', async () => {
  const missing = await opened(folder('mine', plan, runs.slice(1)));
  expect(missing.warnings).toEqual(['1 run of 4 is missing: learned: PPO-M, seed 1.']);
  const strange = await opened([
    ...folder('mine', plan, runs),
    file('mine/runs/spec.json', '{"arms": ["bw"]}'),
    file('mine/runs/other.json', '{"a": 1}'),
    file('mine/runs/later.json', '{"format": "filtrate-study-run/2"}'),
  ]);
  expect(strange.warnings).toEqual([
    'mine/later.json is no run of a study: it is filtrate-study-run/2, which this version does not read. It is left out.',
    'mine/other.json is no run of a study: it was not written by Filtrate. It is left out.',
    'mine/spec.json is no run of a study: it is a spec, which says what to run, not what came of it. It is left out.',
  ]);
  const other = someRuns(['learned', 'elsewhere'], ['PPO-M'], 1);
  await expect(
    openStudy([...folder('all/one', plan, runs), ...folder('all/two', somePlan(other), other)]),
  ).rejects.toThrow('all/two and all/one are of different studies: the spec was changed between them.');
  const relaxed = { ...runs[0], engine: { name: 'simd', device: 'WASM relaxed SIMD' } };
  const mixed = await opened(folder('mine', plan, [relaxed, ...runs.slice(1)]));
  expect(mixed.warnings[0]).toContain('Mixed engines: 3 runs with simd (WASM SIMD), 1 run with');
});

it('takes a spec for a spec', async () => {
  const spec = { arms: ['bw'], grid: [{ name: 'a' }] };
  expect(await openStudy([file('map.json', JSON.stringify(spec))])).toEqual({ name: 'map.json', spec });
});

it.each([
  ['{}', 'a.json is no merged study: it was not written by Filtrate.'],
  ['[1]', 'a.json is no merged study: it was not written by Filtrate.'],
  ['{"format":', 'a.json is not JSON: it was cut off or altered.'],
  [
    planText(plan),
    'a.json is no merged study: it is the list of a study’s runs; open the folder that it lies in.',
  ],
  [
    JSON.stringify(runs[0]),
    'a.json is no merged study: it is one run of a study; open the folder of the study',
  ],
  [
    '{"spec": {}, "summary": []}',
    'a.json is no merged study: it is the summary of an experiment, which is no',
  ],
  [text.replace('"planned": 4', '"planned": "x"'), 'it was altered. planned should be a number, and is "x".'],
  [text.replace('"planned": 4,', ''), 'it was altered. planned is missing.'],
])('says what a file is that is no merged study: %s', async (content, message) => {
  await expect(openStudy([file('a.json', content)])).rejects.toThrow(message);
});

it('says what to pick where there is no study, and where none of its runs is finished', async () => {
  await expect(openStudy([file('x/a.txt', ''), file('x/b.txt', '')])).rejects.toThrow(
    'There is no study here',
  );
  await expect(openStudy(folder('x', plan, []))).rejects.toThrow('There is no finished run yet.');
});
