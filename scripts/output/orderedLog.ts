/**
 * A file of lines that is written as data arrives, in whatever order parallel runs deliver it, and put into its proper
 * order at the end, so that the same experiment gives the same file however its runs interleaved.
 */
import { closeSync, copyFileSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';

interface Piece {
  order: number;
  at: number;
  length: number;
}

export class OrderedLog {
  readonly path: string;
  #file: number;
  #end = 0;
  /** Pieces by their order: a piece that comes again (a run that recovered) replaces the one before. */
  #pieces = new Map<number, Piece>();
  #sorted = true;
  #last = Number.NEGATIVE_INFINITY;

  /** Starts an empty file. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'w+');
  }

  /** @param order where the piece belongs; equal orders replace each other */
  append(order: number, text: string): void {
    const bytes = Buffer.from(text);
    writeSync(this.#file, bytes, 0, bytes.length, this.#end);
    if (order <= this.#last) this.#sorted = false;
    this.#last = order;
    this.#pieces.set(order, { order, at: this.#end, length: bytes.length });
    this.#end += bytes.length;
  }

  /** Forgets the pieces from `order` up to and without `end`. */
  forget(order: number, end: number): void {
    for (const key of [...this.#pieces.keys()]) {
      if (key < order || key >= end) continue;
      this.#pieces.delete(key);
      this.#sorted = false;
    }
  }

  /** Puts the file in order and closes it. The file is whole at every moment: a sorted copy takes its place. */
  finish(): void {
    if (!this.#sorted) {
      const copy = `${this.path}.sorting`;
      const out = openSync(copy, 'w');
      for (const { at, length } of [...this.#pieces.values()].sort((a, b) => a.order - b.order)) {
        const bytes = Buffer.alloc(length);
        readSync(this.#file, bytes, 0, length, at);
        writeSync(out, bytes);
      }
      closeSync(out);
      closeSync(this.#file);
      try {
        renameSync(copy, this.path);
      } catch {
        // Some file systems do not rename over a file.
        copyFileSync(copy, this.path);
        rmSync(copy);
      }
    } else closeSync(this.#file);
  }
}
