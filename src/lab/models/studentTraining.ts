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
import type { LabStore, StudentState } from '../state/store.ts';
import { LabFailure, labError } from '../trainer/errors.ts';
import type { StudentSettings } from '../trainer/protocol.ts';
import type { Notices } from '../view/notices.ts';
import { folderFiles } from './modelFolder.ts';
import type { ModelTraining } from './modelTraining.ts';

/** The name of the retriever's file: that of src/rlhf/student/retrieverFile.ts, which only workers load. */
const retrieverFileName = 'retriever.safetensors';
/** More than a store of a hundred thousand entries. */
const maxBytes = 64 << 20;

/** Reads a file beside the page; null when there is none. */
type FetchBytes = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

export class StudentTraining {
  readonly #store: LabStore;
  readonly #notices: Notices;
  readonly #training: ModelTraining;
  readonly #fetchBytes: FetchBytes;

  constructor(store: LabStore, notices: Notices, training: ModelTraining, fetchBytes: FetchBytes) {
    this.#store = store;
    this.#notices = notices;
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

  /** Trains a student, on what the present policy is made to say or on the store that is shown. */
  async train(settings: StudentSettings, seed: number, from: 'policy' | 'store'): Promise<void> {
    const shown = this.#store.getState().student;
    const file = from === 'store' && shown ? writeKnowledge(shown.knowledge) : undefined;
    const student = await this.#training.trainStudent(settings, seed, file);
    if (!student) return;
    const knowledge = readKnowledge(student.knowledge, knowledgeFileName);
    this.#show(file === undefined || !shown ? 'trained' : shown.origin, knowledge, student);
  }

  /** Shows the store in a file, or the one beside a student's model in a zip. What does not fit changes nothing. */
  async importFile(file: File): Promise<void> {
    try {
      if (file.size > maxBytes)
        throw new KnowledgeError(`${file.name} is larger than ${maxBytes >> 20} MB, more than a store is.`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const text = file.name.endsWith('.zip') ? storeIn(bytes, file.name) : strFromU8(bytes);
      this.#show('imported', readKnowledge(text, file.name), null);
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

function storeIn(bytes: Uint8Array, name: string): string {
  let files: Record<string, Uint8Array>;
  try {
    let total = 0;
    files = unzipSync(bytes, {
      filter: ({ name: path, originalSize }) => {
        total += originalSize;
        return total <= maxBytes && path.endsWith(knowledgeFileName);
      },
    });
  } catch (cause) {
    throw new LabFailure(
      { code: 'bad-checkpoint', message: `${name} is not a zip file, or was cut off.` },
      cause,
    );
  }
  const [store] = Object.values(files);
  if (!store) throw new KnowledgeError(`${name} holds no ${knowledgeFileName}.`);
  return strFromU8(store);
}
