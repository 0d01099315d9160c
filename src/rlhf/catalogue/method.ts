/**
 * What every method says of itself. A method is one object in one file: its words, its source, its formula, its knobs
 * and its code. Forms, links, specs and docs read the words; the loop runs the code. Method files import no value of
 * src/nn: the tensor library is handed to them, so the page can read the words without loading it.
 */
import type { Knobs, ValuesOf } from './knobs.ts';
import type { ArmSettings, Slot } from './settings.ts';

/** Where a method comes from. */
export interface Source {
  /** Number on arXiv. */
  arxiv?: string;
  /** Section, equation or repository; for a construction of this project, that it is one. */
  where: string;
}

export interface About<K extends Knobs = Knobs> {
  /** What links, specs and stored runs call it. An id is never given to another method, in whatever slot. */
  id: string;
  label: string;
  /** A few words for menus. */
  short: string;
  /** What it does, in one plain line. */
  what: string;
  source: Source;
  /** In Unicode. */
  formula: string;
  /** What it costs beside the work that every arm does, in a few words. */
  cost: string;
  knobs: K;
  /** Methods of other slots that it brings along where it is chosen by its name alone. */
  brings?: Partial<Readonly<Record<Slot, string>>>;
  /** Combinations that no single knob rules out. */
  conflicts?(knobs: ValuesOf<K>, settings: ArmSettings): Conflict[];
}

export interface Conflict {
  /** The knob at fault, as its path: "filter.keep". */
  path: string;
  /** A whole sentence that says what is allowed; it names the knob without its slot. */
  message: string;
  /** Values by path that repair it. */
  repair: Readonly<Record<string, unknown>>;
}
