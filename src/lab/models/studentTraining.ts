/**
 * The pocket student and its knowledge store in the page: the recorded store that comes with it, training, files in and out.
 * A student travels as the Hugging Face folder of its model, with the store and the retriever beside it.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Knowledge } from '../../rlhf/student/knowledge.ts';
import {
  KnowledgeError,
  knowledgeFileName,
  readKnowledge,
  writeKnowledge,
} from '../../rlhf/student/knowledgeFile.ts';
import type { LabStore, ModelOrigin, StudentState } from '../state/store.ts';
import { LabFailure, labError } from '../trainer/errors.ts';
import type { StudentBytes, StudentSettings, Teacher } from '../trainer/protocol.ts';
import type { Notices } from '../view/notices.ts';
import { folderFiles } from './modelFolder.ts';
import type { Models } from './models.ts';
import type { ModelTraining } from './modelTraining.ts';

/** The name of the retriever's file: that of src/rlhf/student/retrieverFile.ts, which only workers load. */
const retrieverFileName = 'retriever.safetensors';
/** More than a store of a hundred thousand entries. */
const maxBytes = 64 << 20;

/** Whom a student can be trained on: the starting policy, what an arm has made of it by now, or a model from files. */
export type TeacherSource = 'policy' | { arm: string } | Required<Teacher>;

const policyName: Record<ModelOrigin, string> = {
  shipped: 'the shipped starting policy',
  trained: 'a starting policy trained in the page',
  imported: 'a starting policy from files',
};

/** Reads a file beside the page; null when there is none. */
type FetchBytes = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

export class StudentTraining {
  readonly #store: LabStore;
  readonly #notices: Notices;
  readonly #models: Models;
  readonly #training: ModelTraining;
  readonly #fetchBytes: FetchBytes;

  constructor(
    store: LabStore,
    notices: Notices,
    models: Models,
    training: ModelTraining,
    fetchBytes: FetchBytes,
  ) {
    this.#store = store;
    this.#notices = notices;
    this.#models = models;
    this.#training = training;
    this.#fetchBytes = fetchBytes;
  }

  /** Shows the recorded store where no other is there. Without one the page waits for a store that is made here. */
  async open(): Promise<void> {
    if (this.#store.getState().student) return;
    try {
      const bytes = await this.#fetchBytes('recorded/knowledge.jsonl');
      if (!bytes || this.#store.getState().student) return;
      this.#show('recorded', readKnowledge(strFromU8(bytes), knowledgeFileName), null);
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'The recorded store');
    }
  }

  /** Trains a student on what a teacher is made to say. Where the teacher cannot be had, a notice says why. */
  async train(settings: StudentSettings, seed: number, source: TeacherSource): Promise<void> {
    let teacher: Teacher;
    try {
      teacher = await this.#teacher(source);
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'No student was trained');
      return;
    }
    const student = await this.#training.trainStudent(settings, seed, teacher);
    if (student) this.#show('trained', readKnowledge(student.knowledge, knowledgeFileName), student);
  }

  /** Trains a student on the store that is shown. */
  async trainOnStore(settings: StudentSettings, seed: number): Promise<void> {
    const shown = this.#store.getState().student;
    if (!shown) return;
    const { knowledge, origin } = shown;
    const teacher = { name: knowledge.teacher };
    const student = await this.#training.trainStudent(settings, seed, teacher, writeKnowledge(knowledge));
    if (student) this.#show(origin, knowledge, student);
  }

  /** The model in these files as a teacher; null, with a notice, where it does not fit. */
  async readTeacher(files: readonly File[]): Promise<Required<Teacher> | null> {
    try {
      const name = files.length === 1 ? files[0].name : 'a model from files';
      return { name, checkpoint: await this.#models.read('policy', files) };
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'No teacher was read');
      return null;
    }
  }

  async #teacher(source: TeacherSource): Promise<Teacher> {
    if (source === 'policy') return { name: policyName[this.#store.getState().models.policy] };
    if ('checkpoint' in source) return source;
    const checkpoint = await this.#models.checkpoint({ arm: source.arm, part: 'policy' });
    const arm = this.#store.getState().arms.find(({ id }) => id === source.arm);
    const when = arm && `${arm.station === null ? 'after' : 'in'} iteration ${arm.iteration}`;
    return { name: arm ? `the policy of ${arm.name} ${when}` : 'the policy of an arm', checkpoint };
  }

  /**
   * Shows the store in a file, or the one in a zip, with the student beside it where there is one. What does not fit
   * changes nothing.
   */
  async importFile(file: File): Promise<void> {
    try {
      if (file.size > maxBytes)
        throw new KnowledgeError(`${file.name} is larger than ${maxBytes >> 20} MB, more than a store is.`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const zip = file.name.endsWith('.zip') ? filesIn(bytes, file.name) : null;
      const text = zip ? zip[knowledgeFileName] : bytes;
      if (!text) throw new KnowledgeError(`${file.name} holds no ${knowledgeFileName}.`);
      const knowledge = readKnowledge(strFromU8(text), file.name);
      const student = zip && studentIn(zip);
      if (student) await this.#training.checkStudent(student);
      this.#show('imported', knowledge, student);
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'The store was not replaced');
    }
  }

  /** The store that is shown, as a file; null where none is. */
  exportStore(): Blob | null {
    const shown = this.#store.getState().student;
    return shown && new Blob([writeKnowledge(shown.knowledge)], { type: 'application/jsonl' });
  }

  /** The student as one zip; null where none was trained. */
  exportStudent(): Blob | null {
    const student = this.#store.getState().student?.student;
    if (!student) return null;
    const files = {
      ...folderFiles(student.checkpoint),
      [knowledgeFileName]: strToU8(student.knowledge),
      [retrieverFileName]: student.retriever,
    };
    return new Blob([zipSync(files, { level: 6 })], { type: 'application/zip' });
  }

  #show(origin: StudentState['origin'], knowledge: Knowledge, student: StudentState['student']): void {
    this.#store.setState({ student: { origin, knowledge, student } });
  }
}

const [modelName, configName] = ['model.safetensors', 'config.json'];
const wanted = [knowledgeFileName, retrieverFileName, modelName, configName];
const baseName = (path: string) => path.split('/').at(-1)!;

/** What a student's zip has of a student, by the names of the files without their folders. */
function filesIn(bytes: Uint8Array, name: string): Record<string, Uint8Array | undefined> {
  try {
    let total = 0;
    const files = unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => {
        total += originalSize;
        return total <= maxBytes && wanted.includes(baseName(path));
      },
    });
    return Object.fromEntries(Object.entries(files).map(([path, content]) => [baseName(path), content]));
  } catch (cause) {
    throw new LabFailure(
      { code: 'bad-checkpoint', message: `${name} is not a zip file, or was cut off.` },
      cause,
    );
  }
}

/** The student beside the store of a zip; null where its model or the way into the store is not there. */
function studentIn(files: Record<string, Uint8Array | undefined>): StudentBytes | null {
  const model = files[modelName];
  const config = files[configName];
  const retriever = files[retrieverFileName];
  const knowledge = files[knowledgeFileName];
  if (!model || !config || !retriever || !knowledge) return null;
  return {
    checkpoint: { model, config: strFromU8(config) },
    knowledge: strFromU8(knowledge),
    retriever,
  };
}
