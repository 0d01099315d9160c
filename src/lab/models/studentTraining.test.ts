import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeKnowledge } from '../../rlhf/student/knowledge.ts';
import { writeKnowledge } from '../../rlhf/student/knowledgeFile.ts';
import { retrieverFileName } from '../../rlhf/student/retrieverFile.ts';
import { createLabStore, type LabStore } from '../state/store.ts';
import type { StudentBytes, StudentSettings } from '../trainer/protocol.ts';
import { Notices } from '../view/notices.ts';
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

describe('the student of the page', () => {
  let store: LabStore;
  let asked: [StudentSettings, number, string | undefined][];
  let students: StudentTraining;
  beforeEach(() => {
    store = createLabStore();
    asked = [];
    const training: Pick<ModelTraining, 'trainStudent'> = {
      trainStudent: async (...args) => {
        asked.push(args as (typeof asked)[number]);
        return student;
      },
    };
    students = new StudentTraining(store, new Notices(store), training as ModelTraining, async (path) =>
      path === 'recorded/knowledge.jsonl' ? new Uint8Array(strToU8(recorded)) : null,
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
    await students.train(pocketStudent, 7, 'store');
    await students.train(pocketStudent, 7, 'policy');
    expect(asked.map(([, seed, knowledge]) => [seed, knowledge])).toEqual([
      [7, recorded],
      [7, undefined],
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
