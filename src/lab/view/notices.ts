/** Messages to the person: what happened and what to do. The newest is last; the same text is never shown twice. */
import type { LabStore, Notice } from '../state/store.ts';
import type { LabError } from '../trainer/protocol.ts';

/** More than this many at once helps nobody: the oldest goes. */
const most = 5;

export class Notices {
  #store: LabStore;
  #next = 1;

  constructor(store: LabStore) {
    this.#store = store;
  }

  post(notice: Omit<Notice, 'id'>): void {
    this.#store.setState(({ notices }) => ({
      notices: [...notices.filter((old) => old.text !== notice.text), { ...notice, id: this.#next++ }].slice(
        -most,
      ),
    }));
  }

  /** An error, with its field and the name of whatever it befell. */
  fail(error: LabError, who?: string): void {
    this.post({
      kind: 'error',
      text: who ? `${who}: ${error.message}` : error.message,
      ...(error.field === undefined ? {} : { field: error.field }),
    });
  }

  dismiss(id: number): void {
    this.#store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
  }
}
