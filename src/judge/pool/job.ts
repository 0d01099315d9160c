/** What an engine runs: one program and what to do with its report. */
import type { CompiledSet } from '../testSets/testSet.ts';

/** A program on its way through a sandbox. */
export interface Job {
  code: string;
  set: CompiledSet;
  /** Steps and milliseconds that it may take. */
  fuel: number;
  limitMs: number;
  /** See Prepared in staticFilter.ts. */
  stateless: boolean;
  /** Run alone: it was in bad company, or stalled a sandbox before. */
  alone: boolean;
  /** The sandbox's report, or null when the program had to be cut off. */
  done(report: string | null): void;
  failed(error: Error): void;
}
