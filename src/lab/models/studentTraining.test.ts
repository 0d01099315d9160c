import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { makeKnowledge } from '../../rlhf/student/knowledge.ts';
import { writeKnowledge } from '../../rlhf/student/knowledgeFile.ts';
import { retrieverFileName } from '../../rlhf/student/retrieverFile.ts';
import { newArm } from '../state/arm.ts';
import { createLabStore, type LabStore } from '../state/store.ts';
import { LabFailure } from '../trainer/errors.ts';
import type { StudentBytes, Teacher } from '../trainer/protocol.ts';
import { Notices } from '../view/notices.ts';
import type { Models } from './models.ts';
import type { ModelTraining } from './modelTraining.ts';
import { pocketStudent } from './studentPresets.ts';
import { StudentTraining } from './studentTraining.ts';

const entry = (program: string) => ({
  request: 'sort descending',
  program,
  score: 1,
  outcome: 'ok' as const,
  logProb: [-0.5, -0.25, 0],
});
const recorded = writeKnowledge(makeKnowledge('the recorded teacher', [entry('return xs')]));
const extracted = writeKnowledge(makeKnowledge('a teacher', [entry('return xs'), entry('return s')]));
const student: StudentBytes = {
  checkpoint: { model: Uint8Array.of(1, 2), config: '{"n_positions":128}' },
  knowledge: extracted,
  retriever: Uint8Array.of(3),
};

const checkpointOfArm = { model: Uint8Array.of(7), config: '{}' };
const checkpointOfFile = { model: Uint8Array.of(8), config: '{}' };

describe('the student of the page', () => {
  let store: LabStore;
  let asked: { seed: number; teacher: Teacher; knowledge: string | undefined }[];
  let checked: StudentBytes[];
  let students: StudentTraining;
  beforeEach(() => {
    store = createLabStore();
    asked = [];
    checked = [];
    const training: Pick<ModelTraining, 'trainStudent' | 'checkStudent'> = {
      trainStudent: async (_, seed, teacher, knowledge) => {
        asked.push({ seed, teacher, knowledge });
        return student;
      },
      checkStudent: async (one) => {
        checked.push(one);
        if (one.retriever.length === 0)
          throw new LabFailure({ code: 'bad-checkpoint', message: 'retriever.safetensors is damaged.' });
      },
    };
    const models: Pick<Models, 'checkpoint' | 'read'> = {
      checkpoint: async () => checkpointOfArm,
      read: async (_, [first]) => {
        if (first.size === 0)
          throw new LabFailure({ code: 'bad-checkpoint', message: 'It has 50257 tokens.' });
        return checkpointOfFile;
      },
    };
    students = new StudentTraining(
      store,
      new Notices(store),
      models as Models,
      training as ModelTraining,
      async (path) => (path === 'recorded/knowledge.jsonl' ? new Uint8Array(strToU8(recorded)) : null),
    );
  });
  const shown = () => store.getState().student;
  const file = (name: string, content: BlobPart) => new File([content], name);

  it('opens with the recorded store, which goes out as it came in', async () => {
    await students.open();
    expect(shown()).toMatchObject({ origin: 'recorded', student: null });
    expect(await students.exportStore()!.text()).toBe(recorded);
    expect(students.exportStudent()).toBeNull();
  });

  it('is trained from the policy, or from the store that is shown, and travels with its store beside it', async () => {
    await students.open();
    await students.trainOnStore(pocketStudent, 7);
    expect(shown()).toMatchObject({ origin: 'recorded', student });
    await students.train(pocketStudent, 7, 'policy');
    expect(asked).toEqual([
      { seed: 7, teacher: { name: 'the recorded teacher' }, knowledge: recorded },
      { seed: 7, teacher: { name: 'the shipped starting policy' }, knowledge: undefined },
    ]);
    expect(shown()).toMatchObject({ origin: 'trained', student });
    const files = unzipSync(new Uint8Array(await students.exportStudent()!.arrayBuffer()));
    expect(Object.keys(files)).toEqual([
      'model.safetensors',
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'knowledge.jsonl',
      retrieverFileName,
    ]);
    expect(strFromU8(files['knowledge.jsonl'])).toBe(extracted);
  });

  it('learns from what an arm has made of the policy, or from a model in files', async () => {
    const arm = newArm({ id: 'a', name: 'PPO-M', color: 0, settings: settingsWith({}), seed: 1 });
    store.setState({ arms: [{ ...arm, iteration: 12 }] });
    await students.train(pocketStudent, 1, { arm: 'a' });
    const brought = await students.readTeacher([file('large.zip', 'x')]);
    await students.train(pocketStudent, 1, brought!);
    expect(asked.map(({ teacher }) => teacher)).toEqual([
      { name: 'the policy of PPO-M after iteration 12', checkpoint: checkpointOfArm },
      { name: 'large.zip', checkpoint: checkpointOfFile },
    ]);
    expect(await students.readTeacher([file('foreign.zip', '')])).toBeNull();
    expect(store.getState().notices.at(-1)?.text).toMatch(/No teacher was read.*50257 tokens/);
  });

  it('comes back from its zip, with its store', async () => {
    await students.train(pocketStudent, 7, 'policy');
    const zip = await students.exportStudent()!.arrayBuffer();
    store.setState({ student: null });
    await students.importFile(file('mine.zip', zip));
    expect(shown()).toMatchObject({ origin: 'imported', student });
    expect(checked).toEqual([student]);
    const again = await students.exportStudent()!.arrayBuffer();
    expect(unzipSync(new Uint8Array(again))).toEqual(unzipSync(new Uint8Array(zip)));
    const before = shown();
    const torn = { ...unzipSync(new Uint8Array(zip)), [retrieverFileName]: new Uint8Array() };
    await students.importFile(file('torn.zip', zipSync(torn)));
    expect(shown()).toBe(before);
    expect(store.getState().notices.at(-1)?.text).toMatch(/retriever\.safetensors is damaged/);
  });

  it('takes a store from a file or from a student’s zip, and refuses others by name with all as it was', async () => {
    await students.importFile(file('mine.jsonl', extracted));
    expect(shown()).toMatchObject({ origin: 'imported', knowledge: { teacher: 'a teacher' } });
    await students.importFile(file('s.zip', zipSync({ 'knowledge.jsonl': strToU8(recorded) })));
    expect(shown()?.knowledge.teacher).toBe('the recorded teacher');
    const before = shown();
    for (const [bad, says] of [
      [file('half.jsonl', extracted.slice(0, -5)), /half\.jsonl is cut off/],
      [file('other.jsonl', '{}'), /other\.jsonl is no knowledge store/],
      [file('empty.zip', zipSync({ 'README.md': strToU8('x') })), /empty\.zip holds no knowledge\.jsonl/],
      [file('torn.zip', 'zip?'), /torn\.zip is not a zip file/],
    ] as const) {
      await students.importFile(bad);
      expect(shown()).toBe(before);
      expect(store.getState().notices.at(-1)?.text).toMatch(says);
    }
  });
});
