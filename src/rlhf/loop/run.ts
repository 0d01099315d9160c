/** What the loop knows of the judge: it asks about programs, and learns how many of their tests pass. */
import type { Problem } from '../../tasks/problem.ts';

/** How a judging can end: the statuses of the judge's verdicts. */
export const outcomes = ['ok', 'error', 'timeout', 'rejected'] as const;
export type Outcome = (typeof outcomes)[number];

/** The judge's answers, in the order of the programs. */
export interface Judged {
  /** [B] share of hidden tests passed. */
  score: Float32Array;
  /** [B] index into `outcomes`. */
  status: Uint8Array;
  /** [B] 1 where a test ended in an error that the program threw. */
  raised: Uint8Array;
  /** Share of the programs whose verdict was already known. */
  cacheHits: number;
}

/** Runs `programs[i]` against the hidden tests of `problems[i]`. */
export type JudgePrograms = (problems: Problem[], programs: string[]) => Promise<Judged>;
