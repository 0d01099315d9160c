/**
 * Gives each row its group while files are read. A group is a run, a step and what the mapping says tells groups
 * apart; whether rows of two files may share one is decided at the end, when all of them are known.
 */
import type { Mapping } from '../mapping/mapping.ts';
import { type Fields, fieldOf, hash53, textOf } from '../values.ts';
import { type FilesAre, groupColumn, parseUid } from './grouping.ts';
import { Numbering } from './numbering.ts';
import { RunHints } from './runHints.ts';
import { sizesOf } from './sizes.ts';

/** Where a row stands. */
export interface Standing {
  file: number;
  /** Number of the record in its file, from 0, bad ones counted. */
  record: number;
}

/** What the grouper makes of a row. */
export type Placed =
  | { kind: 'row'; group: number; prompt: number }
  /** A further output of the session whose first is in row `of`. */
  | { kind: 'output'; of: number; isLast: boolean }
  | { kind: 'dropped'; reason: string };

/** Rows of one prompt, run and step that follow each other in a file. */
interface Spoken {
  file: number;
  run: string;
  step: number;
  said: string;
  /** Of the prompt; empty where there is none. */
  hash: string;
  /** The number of the stretch. */
  stretch: number;
}

interface Grouped {
  spoken: Spoken;
  name: string;
  /** What is the same in all files if they are parts of one. */
  wide: number;
  group: number;
  prompt: number;
  runNumber: number;
  nameNumber: number;
}

const runOf = (fields: Fields, columns: readonly string[]): string =>
  columns.map((name) => textOf(fieldOf(fields, name))).join('\0');

export class Grouper {
  /** [B] numbers of what tells the groups of the rows apart. */
  readonly runs: number[] = [];
  readonly names: number[] = [];
  /** [B] equal prompts that follow each other in a file have one number. */
  readonly stretches: number[] = [];
  /** Rows left out because another row of their group has their sample number. */
  duplicates = 0;
  /** Rows of two files that would be the same one if the files were parts of one. */
  collisions = 0;
  readonly hints = new RunHints();
  readonly #files: FilesAre;
  readonly #runNumbers = new Numbering();
  readonly #nameNumbers = new Numbering();
  readonly #groups = new Numbering();
  readonly #prompts = new Numbering();
  /** Row by its sample key. */
  readonly #samples = new Map<number, number>();
  /** Sample keys whatever the file; null where there is nothing to find out. */
  readonly #anywhere: Set<number> | null;
  /** Output numbers of sessions: the last one seen of each row. */
  readonly #outputs = new Map<number, number>();
  /** The prompt of each group of sessions is the one of its lowest output: later ones hold the answers so far. */
  readonly #sessionPrompts = new Map<number, { output: number; prompt: number }>();
  readonly #isOpen: boolean;
  #spoken: Spoken = { file: -1, run: '', step: 0, said: '', hash: '', stretch: -1 };
  #place: Grouped | null = null;

  /** @param files what files are to each other; null to find out at the end */
  constructor(files: FilesAre | null, several: boolean) {
    this.#isOpen = files === null && several;
    this.#files = files === 'together' || !several ? 'together' : 'apart';
    this.#anywhere = this.#isOpen ? new Set() : null;
  }

  /** @param step the step of the row, 0 where it has none */
  place(fields: Fields, mapping: Mapping, step: number, { file, record }: Standing): Placed {
    const run = mapping.runs.length === 0 ? '' : runOf(fields, mapping.runs);
    const said = mapping.prompt === null ? '' : textOf(fieldOf(fields, mapping.prompt));
    const spoken = this.#spokenOf(file, run, step, said);
    const { name, sample, output } = this.#nameOf(fields, mapping, spoken.hash, {
      file,
      record,
      stretch: spoken.stretch,
    });
    if (name === '') {
      return {
        kind: 'dropped',
        reason: `the group (${groupColumn(mapping.group) ?? mapping.prompt}) is missing`,
      };
    }
    const { wide, group, prompt, runNumber, nameNumber } = this.#placeOf(
      spoken,
      name,
      mapping.prompt !== null,
    );
    if (output !== null) this.#noteSession(group, output, prompt);
    if (sample !== '') {
      const key = hash53(`${group}\n${sample}`);
      const known = this.#samples.get(key);
      const last = known === undefined ? undefined : this.#outputs.get(known);
      if (known !== undefined && last !== undefined && output !== null && output !== last) {
        if (output > last) this.#outputs.set(known, output);
        return { kind: 'output', of: known, isLast: output > last };
      }
      if (known !== undefined) {
        this.duplicates++;
        this.hints.compare(key, fields);
        return { kind: 'dropped', reason: 'the same step, group and sample as an earlier row' };
      }
      this.#samples.set(key, this.names.length);
      this.hints.remember(key, fields);
      if (this.#anywhere) this.#meet(hash53(`${wide}\n${sample}`));
    }
    if (output !== null) this.#outputs.set(this.names.length, output);
    this.runs.push(runNumber);
    this.names.push(nameNumber);
    this.stretches.push(spoken.stretch);
    return { kind: 'row', group, prompt };
  }

  /** Rows of sessions take the prompt that their session began with. */
  settlePrompts(group: Int32Array, prompt: Int32Array): void {
    if (this.#sessionPrompts.size === 0) return;
    for (let row = 0; row < group.length; row++) {
      const session = this.#sessionPrompts.get(group[row]);
      if (session) prompt[row] = session.prompt;
    }
  }

  /**
   * Decides what files are to each other, where nobody said so: parts of one only if that makes groups more alike in
   * size, as when a shard ends in the middle of a group.
   * @returns the groups, and how many of them would have rows in several files
   */
  settleFiles({ group, file, step }: { group: Int32Array; file: Uint16Array; step: Float64Array }): {
    group: Int32Array;
    files: FilesAre;
    shared: number;
  } {
    if (!this.#isOpen) return { group, files: this.#files, shared: 0 };
    const numbers = new Numbering();
    const wide = group.map((_, row) =>
      numbers.of(hash53(`${this.runs[row]} ${step[row]} ${this.names[row]}`)),
    );
    const first = new Int32Array(numbers.size).fill(-1);
    const inSeveral = new Set<number>();
    wide.forEach((name, row) => {
      if (first[name] < 0) first[name] = file[row];
      else if (first[name] !== file[row]) inSeveral.add(name);
    });
    const share = (of: Int32Array) => {
      const sizes = sizesOf(of.length, (row) => of[row]);
      return sizes.usual < 2 ? 0 : sizes.share;
    };
    const isOne = inSeveral.size > 0 && this.collisions === 0 && share(wide) > share(group);
    return isOne
      ? { group: wide, files: 'together', shared: inSeveral.size }
      : { group, files: 'apart', shared: inSeveral.size };
  }

  #nameOf(
    fields: Fields,
    { group, sample }: Mapping,
    prompt: string,
    { file, record, stretch }: Standing & { stretch: number },
  ): { name: string; sample: string; output: number | null } {
    const given = { sample: sample === null ? '' : textOf(fieldOf(fields, sample)), output: null };
    switch (group.by) {
      case 'prompt':
        return { name: prompt, ...given };
      case 'column':
        return { name: textOf(fieldOf(fields, group.column)), ...given };
      case 'verl-uid': {
        const key = textOf(fieldOf(fields, group.column));
        const uid = parseUid(key);
        return uid ? { name: uid.sample, sample: uid.session, output: uid.output } : { name: key, ...given };
      }
      // Groups that go by the order of rows have no use for a number that counts in others.
      case 'neighbours':
        return { name: prompt === '' ? '' : `${file} ${stretch}`, sample: '', output: null };
      case 'count':
        return { name: `${file} ${Math.floor(record / group.rows)}`, sample: '', output: null };
    }
  }

  /** What the prompt of a row is known by. Rows of a group mostly follow each other, and prompts are long. */
  #spokenOf(file: number, run: string, step: number, said: string): Spoken {
    const last = this.#spoken;
    if (last.said === said && last.step === step && last.run === run && last.file === file) return last;
    const hash = said === '' ? '' : String(hash53(said));
    this.#spoken = { file, run, step, said, hash, stretch: last.stretch + 1 };
    return this.#spoken;
  }

  /** The group of a row by its name, with whatever else is the same for the whole group. */
  #placeOf(spoken: Spoken, name: string, hasPrompt: boolean): Grouped {
    const last = this.#place;
    if (last !== null && last.spoken === spoken && last.name === name) return last;
    const { file, run, step, hash } = spoken;
    const wide = hash53(`${run}\0${step}\0${name}`);
    const group = this.#groups.of(this.#files === 'together' ? wide : hash53(`${file}\n${wide}`));
    const prompt = this.#prompts.of(hash53(hasPrompt ? hash : `${group}`));
    const runNumber = this.#runNumbers.of(hash53(run));
    const nameNumber = this.#nameNumbers.of(hash53(name));
    this.#place = { spoken, name, wide, group, prompt, runNumber, nameNumber };
    return this.#place;
  }

  #noteSession(group: number, output: number, prompt: number): void {
    const known = this.#sessionPrompts.get(group);
    if (!known || output < known.output) this.#sessionPrompts.set(group, { output, prompt });
  }

  #meet(id: number): void {
    if (this.#anywhere!.has(id)) this.collisions++;
    this.#anywhere!.add(id);
  }
}
