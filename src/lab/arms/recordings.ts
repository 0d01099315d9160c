/**
 * The recorded runs that come with the page. It reads their list once, and each file when it is first asked for. A
 * missing or damaged file costs the picture before the first run, never the page.
 */
import * as v from 'valibot';
import { decodeRecording, type Recording } from '../storage/recordFile.ts';
import { labError } from '../trainer/errors.ts';
import type { Notices } from '../view/notices.ts';

/** Reads a file beside the page; null when there is none. */
type FetchBytes = (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;

const listSchema = v.object({ recordings: v.record(v.string(), v.unknown()) });

export class Recordings {
  #fetchBytes: FetchBytes;
  #notices: Notices;
  #list: Promise<ReadonlySet<string>> | null = null;
  #taken = new Map<string, Promise<Recording | null>>();

  constructor(fetchBytes: FetchBytes, notices: Notices) {
    this.#fetchBytes = fetchBytes;
    this.#notices = notices;
  }

  /** The recording of a preset; null when there is none that can be read. */
  async find(preset: string): Promise<Recording | null> {
    this.#list ??= this.#readList();
    if (!(await this.#list).has(preset)) return null;
    let found = this.#taken.get(preset);
    if (!found) {
      found = this.#read(`recorded/${preset}.bin`);
      this.#taken.set(preset, found);
    }
    return found;
  }

  async #readList(): Promise<ReadonlySet<string>> {
    try {
      const bytes = await this.#fetchBytes('recorded/manifest.json');
      const list = bytes && v.parse(listSchema, JSON.parse(new TextDecoder().decode(bytes)));
      return new Set(Object.keys(list?.recordings ?? {}));
    } catch {
      // Without a list the page opens ready to start, which is all that is lost.
      return new Set();
    }
  }

  async #read(path: string): Promise<Recording | null> {
    try {
      const bytes = await this.#fetchBytes(path);
      return bytes && (await decodeRecording(bytes));
    } catch (thrown) {
      this.#notices.post({
        kind: 'warning',
        text: `${labError(thrown).message} Press play to compute the curves here instead.`,
        field: path,
      });
      return null;
    }
  }
}
