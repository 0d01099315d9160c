/** Rollouts as columns: grown row by row while a file is read, a few dozen bytes per row whatever the texts weigh. */
import type { Rollouts } from '../core/analysis/compareFilters.ts';
import { type Mapping, verlGroup } from './mapping.ts';
import { type Fields, fieldOf, hash53, numberOf, textOf } from './values.ts';

/** Where a row came from, so that its texts can be read again when someone wants to see them. */
export interface Place {
  /** Number of the file. */
  file: number;
  /** Byte position of the record, or row number in a parquet file. */
  offset: number;
  /** Number of the row within its record: most records hold one. */
  part: number;
  /** Bytes of the record; 1 in a parquet file. */
  length: number;
  /** Line on which the record begins, or row number from 1. */
  line: number;
}

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
}

export interface DropReason {
  reason: string;
  count: number;
  /** The first few places. */
  examples: { file: number; line: number }[];
}

const examplesKept = 20;

export class ColumnBuilder {
  #rows = 0;
  #capacity = 1024;
  #reward = new Float32Array(this.#capacity);
  #score = new Float32Array(this.#capacity);
  #group = new Int32Array(this.#capacity);
  #prompt = new Int32Array(this.#capacity);
  #step = new Float64Array(this.#capacity);
  #response = new Int32Array(this.#capacity);
  #file = new Uint16Array(this.#capacity);
  #offset = new Float64Array(this.#capacity);
  #length = new Uint32Array(this.#capacity);
  #part = new Uint32Array(this.#capacity);
  #anyPart = false;
  #anyScore = false;
  #anyResponse = false;
  readonly #groups = new Numbering();
  readonly #prompts = new Numbering();
  readonly #responses = new Numbering();
  readonly #samples = new Set<number>();
  readonly #dropped = new Map<string, DropReason>();

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
  add(fields: Fields, mapping: Mapping, place: Place): void {
    const reason = this.#take(fields, mapping, place);
    if (reason !== null) this.drop(reason, place);
  }

  drop(reason: string, { file, line }: Pick<Place, 'file' | 'line'>): void {
    const known = this.#dropped.get(reason) ?? { reason, count: 0, examples: [] };
    known.count++;
    if (known.examples.length < examplesKept) known.examples.push({ file, line });
    this.#dropped.set(reason, known);
  }

  /** The rows so far. */
  columns(): ImportedColumns {
    const n = this.#rows;
    return {
      reward: this.#reward.slice(0, n),
      score: this.#anyScore ? this.#score.slice(0, n) : null,
      group: this.#group.slice(0, n),
      prompt: this.#prompt.slice(0, n),
      step: this.#step.slice(0, n),
      response: this.#anyResponse ? this.#response.slice(0, n) : null,
      file: this.#file.slice(0, n),
      offset: this.#offset.slice(0, n),
      length: this.#length.slice(0, n),
      part: this.#anyPart ? this.#part.slice(0, n) : null,
    };
  }

  /** Takes a row, or says why not. */
  #take(fields: Fields, mapping: Mapping, place: Place): string | null {
    const reward = numberOf(fieldOf(fields, mapping.reward));
    if (reward === null) {
      const value = fieldOf(fields, mapping.reward);
      const missing = value === undefined || value === null || value === '';
      return `the reward (${mapping.reward}) is ${missing ? 'missing' : 'not a number'}`;
    }
    if (!Number.isFinite(Math.fround(reward))) return `the reward (${mapping.reward}) is NaN or infinite`;
    const step = mapping.step === null ? 0 : numberOf(fieldOf(fields, mapping.step));
    if (step === null || !Number.isFinite(step)) return `the step (${mapping.step}) is not a number`;
    const identity = identityOf(fields, mapping);
    if (identity === null) return `the group (${mapping.group ?? mapping.prompt}) is missing`;
    const group = this.#groups.of(hash53(`${step}\n${identity.group}`));
    if (mapping.sample !== null) {
      const sample = textOf(fieldOf(fields, mapping.sample));
      const key = hash53(`${group}\n${sample}`);
      // Rows that were given no number are rows of their own.
      if (sample !== '' && this.#samples.has(key)) return 'the same step, group and sample as an earlier row';
      this.#samples.add(key);
    }
    const score = mapping.score === null ? null : numberOf(fieldOf(fields, mapping.score));
    this.#push(reward, score, step, group, this.#prompts.of(identity.prompt), place);
    if (mapping.response !== null) {
      this.#anyResponse = true;
      const text = textOf(fieldOf(fields, mapping.response));
      this.#response[this.#rows - 1] = this.#responses.of(hash53(text));
    }
    return null;
  }

  #push(reward: number, score: number | null, step: number, group: number, prompt: number, place: Place) {
    if (this.#rows === this.#capacity) this.#grow();
    const row = this.#rows++;
    this.#reward[row] = reward;
    this.#score[row] = score !== null && Number.isFinite(Math.fround(score)) ? score : Number.NaN;
    this.#anyScore ||= !Number.isNaN(this.#score[row]);
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
    this.#score = grown(new Float32Array(n), this.#score);
    this.#group = grown(new Int32Array(n), this.#group);
    this.#prompt = grown(new Int32Array(n), this.#prompt);
    this.#step = grown(new Float64Array(n), this.#step);
    this.#response = grown(new Int32Array(n), this.#response);
    this.#file = grown(new Uint16Array(n), this.#file);
    this.#offset = grown(new Float64Array(n), this.#offset);
    this.#length = grown(new Uint32Array(n), this.#length);
    this.#part = grown(new Uint32Array(n), this.#part);
  }
}

/** What a row belongs to: the name of its group within the step, and its prompt. */
function identityOf(fields: Fields, mapping: Mapping): { group: string; prompt: number } | null {
  const prompt = mapping.prompt === null ? null : textOf(fieldOf(fields, mapping.prompt));
  let group = prompt;
  if (mapping.group !== null) {
    group = textOf(fieldOf(fields, mapping.group));
    if (mapping.groupRule === 'verl-uid') group = verlGroup(group);
  }
  if (group === null || group === '') return null;
  return { group, prompt: hash53(prompt ?? group) };
}

/** Small consecutive numbers for large keys, in order of appearance. */
class Numbering {
  readonly #known = new Map<number, number>();

  of(key: number): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#known.size);
    return this.#known.size - 1;
  }
}
