/** The judge's answer about one program. `score` is the true score of the product's vocabulary. */

/**
 * ok: the program ran, each test passed or failed. error: it parsed but could not be loaded or defines no entry
 * function. timeout: it was cut off, its remaining tests count as failed. rejected: it never ran, because it does
 * not parse or the static filter refused it.
 */
export const verdictStatuses = ['ok', 'error', 'timeout', 'rejected'] as const;
export type VerdictStatus = (typeof verdictStatuses)[number];

export interface Verdict {
  status: VerdictStatus;
  passed: number;
  total: number;
  /** Share of hidden tests passed, in [0, 1]. A *pass* means exactly 1. */
  score: number;
  /** One sentence for the inspector: the first error, guard or mismatch. */
  detail?: string;
  /** A test ended in an error that the program threw. */
  raised?: true;
  /** No assertion was reached, and nothing failed: then the verdict is 0, and says nothing about the program. */
  isVacuous?: true;
  /** What its tests use that is not available here: then the verdict says nothing about the program. */
  unsupported?: string;
  /** Every call in canonical text, when it was asked for. */
  tests?: CallOutcome[];
}

export interface CallOutcome {
  args: string;
  expected: string;
  /** What the program returned; starts with '!' when it returned nothing that can be compared. */
  output: string;
  passed: boolean;
}
