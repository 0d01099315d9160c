/** Rollouts as columns: grown row by row while a file is read, a few dozen bytes per row whatever the texts weigh. */
import type { Rollouts } from '../core/analysis/compareFilters.ts';
import { Grouper } from './grouping/grouper.ts';
import type { FilesAre } from './grouping/grouping.ts';
import { Numbering } from './grouping/numbering.ts';
import { stepInName } from './grouping/steps.ts';
import type { Mapping } from './mapping/mapping.ts';
import type { RewardReader } from './reward.ts';
import type { Place } from './rows/place.ts';
import { OutputBuilder } from './sessions.ts';
import { type Trained, type TrainedReader, trained } from './trained.ts';
import { type Fields, fieldOf, hash53, notAnObject, numberOf, textOf } from './values.ts';

export interface ImportedColumns extends Rollouts {
  /** [B] training step as the file has it, also a fraction of an epoch or a time; 0 where it has none. */
  step: Float64Array;
  /** [B] equal numbers for equal responses; null when no column holds the response. */
  response: Int32Array | null;
  /** [B] number of the file a row came from. */
  file: Uint16Array;
  /** [B] byte position of its record, or row number in a parquet file. */
  offset: Float64Array;
  /** [B] bytes of its record. */
  length: Uint32Array;
  /** [B] its number within the record; null where every record holds one row. */
  part: Uint32Array | null;
  /** [B] what filters look at; null: the reward. */
  filterOn: Float32Array | null;
  /** [B] characters of each response; null when no column holds the response. */
  lengths: Uint32Array | null;
  /** [B] whether the trainer learned from it (`trained`); null where no file says so. */
  trained: Uint8Array | null;
}

export interface DropReason {
  reason: string;
  count: number;
  /** The first few places. */
  examples: { file: number; line: number }[];
}

/** How the rows of a file are read. */
export interface Reading {
  mapping: Mapping;
  reward: RewardReader;
  /** What filters look at; null: the reward. */
  filterOn: RewardReader | null;
  /** The step that the name of the file says; null where it says none. */
  named: number | null;
  /** What the file says of what was trained on; null where it does not. */
  trained: TrainedReader | null;
}

const examplesKept = 20;

export class ColumnBuilder {
  #rows = 0;
  #capacity = 1024;
  #reward = new Float32Array(this.#capacity);
  #score = new Float32Array(this.#capacity);
  #filterOn = new Float32Array(this.#capacity);
  #lengths = new Uint32Array(this.#capacity);
  #anyFilterOn = false;
  #group = new Int32Array(this.#capacity);
  #prompt = new Int32Array(this.#capacity);
  #step = new Float64Array(this.#capacity);
  #response = new Int32Array(this.#capacity);
  #file = new Uint16Array(this.#capacity);
  #offset = new Float64Array(this.#capacity);
  #length = new Uint32Array(this.#capacity);
  #part = new Uint32Array(this.#capacity);
  #trained = new Uint8Array(this.#capacity);
  #anyPart = false;
  #anyTrained = false;
  /** Rows by what tells them apart in two files. */
  readonly #known = new Map<number, number>();
  #anyScore = false;
  #anyResponse = false;
  readonly #responses = new Numbering();
  #counted = { file: -1, rows: 0 };
  readonly #dropped = new Map<string, DropReason>();

  /** What tells the groups of the rows apart. */
  readonly grouper: Grouper;
  /** Rows that are further outputs of a session. */
  readonly outputs = new OutputBuilder();
  /** Those of them whose reward is another. */
  differingOutputs = 0;

  /** @param files what files are to each other, null to find out; `several` files or one */
  constructor(files: FilesAre | null = null, several = false) {
    this.grouper = new Grouper(files, several);
  }

  get rows(): number {
    return this.#rows;
  }

  get dropped(): DropReason[] {
    return [...this.#dropped.values()].sort((a, b) => b.count - a.count);
  }

  get droppedCount(): number {
    return this.dropped.reduce((sum, { count }) => sum + count, 0);
  }

  /** Adds a row, or drops it with a reason. */
  add(fields: Fields, reading: Reading, place: Place): void {
    const reason = this.#take(fields, reading, place);
    if (reason !== null) this.#note(reason, place);
  }

  drop(reason: string, { file, line }: Pick<Place, 'file' | 'line'>): void {
    // A stray message between the rows is no row; half a row is one.
    if (reason !== notAnObject) this.#count(file);
    this.#note(reason, { file, line });
  }

  /** The number of the row in its file, bad ones counted. */
  #count(file: number): number {
    if (this.#counted.file !== file) this.#counted = { file, rows: 0 };
    return this.#counted.rows++;
  }

  #note(reason: string, { file, line }: Pick<Place, 'file' | 'line'>): void {
    const known = this.#dropped.get(reason) ?? { reason, count: 0, examples: [] };
    known.count++;
    if (known.examples.length < examplesKept) known.examples.push({ file, line });
    this.#dropped.set(reason, known);
  }

  /** The rows so far. */
  columns(): ImportedColumns {
    const n = this.#rows;
    const group = this.#group.slice(0, n);
    const prompt = this.#prompt.slice(0, n);
    this.grouper.settlePrompts(group, prompt);
    return {
      reward: this.#reward.slice(0, n),
      score: this.#anyScore ? this.#score.slice(0, n) : null,
      group,
      prompt,
      step: this.#step.slice(0, n),
      response: this.#anyResponse ? this.#response.slice(0, n) : null,
      file: this.#file.slice(0, n),
      offset: this.#offset.slice(0, n),
      length: this.#length.slice(0, n),
      filterOn: this.#anyFilterOn ? this.#filterOn.slice(0, n) : null,
      lengths: this.#anyResponse ? this.#lengths.slice(0, n) : null,
      part: this.#anyPart ? this.#part.slice(0, n) : null,
      trained: this.#anyTrained ? this.#trained.slice(0, n) : null,
    };
  }

  /** Takes a row, or says why not. */
  #take(
    fields: Fields,
    { mapping, reward: read, filterOn, named, trained: says }: Reading,
    place: Place,
  ): string | null {
    const record = this.#count(place.file);
    const id = says?.identity ? hash53(textOf(fieldOf(fields, says.identity))) : null;
    const before = id === null ? undefined : this.#known.get(id);
    if (before !== undefined) {
      if (says!.of(fields) === trained.yes) this.#trained[before] = trained.yes;
      return null;
    }
    const reward = read(fields);
    if (typeof reward === 'string') return reward;
    const looked = filterOn === null ? reward : filterOn(fields);
    if (typeof looked === 'string') return looked.replace('the reward', 'what the filters look at');
    const step = stepOf(fields, mapping.step, named);
    if (step === null || !Number.isFinite(step)) return `the step (${mapping.step}) is not a number`;
    const placed = this.grouper.place(fields, mapping, step, { file: place.file, record });
    if (placed.kind === 'dropped') return placed.reason;
    const score = mapping.score === null ? null : numberOf(fieldOf(fields, mapping.score));
    const text = mapping.response === null ? null : textOf(fieldOf(fields, mapping.response));
    if (placed.kind === 'row') {
      this.#push(reward, score, step, placed, place);
      this.#filterOn[this.#rows - 1] = looked;
      this.#anyFilterOn ||= filterOn !== null;
      if (says) this.#setTrained(says.of(fields), id);
    } else {
      this.outputs.add(placed.of, place);
      this.#join(placed.of, placed.isLast, reward, score);
      if (placed.isLast) this.#filterOn[placed.of] = looked;
    }
    if (text !== null) {
      this.#anyResponse = true;
      const row = placed.kind === 'row' ? this.#rows - 1 : placed.of;
      const before = placed.kind === 'row' ? '' : `${this.#response[row]}\n`;
      this.#response[row] = this.#responses.of(hash53(before + text));
      this.#lengths[row] = placed.kind === 'row' ? text.length : this.#lengths[row] + text.length;
    }
    return null;
  }

  /** A further output of a session: the last one's reward and score are those of the response. */
  #join(row: number, isLast: boolean, reward: number, score: number | null): void {
    if (Math.fround(reward) !== this.#reward[row]) this.differingOutputs++;
    if (!isLast) return;
    this.#reward[row] = reward;
    this.#setScore(row, score);
  }

  #setTrained(state: Trained, id: number | null): void {
    const row = this.#rows - 1;
    this.#trained[row] = state;
    this.#anyTrained ||= state !== trained.unknown;
    if (id !== null) this.#known.set(id, row);
  }

  #setScore(row: number, score: number | null): void {
    this.#score[row] = score !== null && Number.isFinite(Math.fround(score)) ? score : Number.NaN;
    this.#anyScore ||= !Number.isNaN(this.#score[row]);
  }

  #push(
    reward: number,
    score: number | null,
    step: number,
    { group, prompt }: { group: number; prompt: number },
    place: Place,
  ): void {
    if (this.#rows === this.#capacity) this.#grow();
    const row = this.#rows++;
    this.#reward[row] = reward;
    this.#setScore(row, score);
    this.#group[row] = group;
    this.#prompt[row] = prompt;
    this.#step[row] = step;
    this.#response[row] = -1;
    this.#file[row] = place.file;
    this.#offset[row] = place.offset;
    this.#length[row] = place.length;
    this.#part[row] = place.part;
    this.#anyPart ||= place.part > 0;
  }

  #grow(): void {
    this.#capacity *= 2;
    const grown = <T extends { set(from: T): void }>(larger: T, old: T): T => {
      larger.set(old);
      return larger;
    };
    const n = this.#capacity;
    this.#reward = grown(new Float32Array(n), this.#reward);
    this.#filterOn = grown(new Float32Array(n), this.#filterOn);
    this.#lengths = grown(new Uint32Array(n), this.#lengths);
    this.#score = grown(new Float32Array(n), this.#score);
    this.#group = grown(new Int32Array(n), this.#group);
    this.#prompt = grown(new Int32Array(n), this.#prompt);
    this.#step = grown(new Float64Array(n), this.#step);
    this.#response = grown(new Int32Array(n), this.#response);
    this.#file = grown(new Uint16Array(n), this.#file);
    this.#offset = grown(new Float64Array(n), this.#offset);
    this.#length = grown(new Uint32Array(n), this.#length);
    this.#part = grown(new Uint32Array(n), this.#part);
    this.#trained = grown(new Uint8Array(n), this.#trained);
  }
}

function stepOf(fields: Fields, column: string | null, named: number | null): number | null {
  if (column === null) return 0;
  return column === stepInName ? (named ?? 0) : numberOf(fieldOf(fields, column));
}
