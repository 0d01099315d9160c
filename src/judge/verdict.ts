/** The judge's answer about one program. `score` is the true score of the product's vocabulary. */

export type VerdictStatus =
  /** The program ran; each test passed or failed. */
  | 'ok'
  /** It parsed but could not be loaded, or defines no entry function. */
  | 'error'
  /** It was cut off; its remaining tests count as failed. */
  | 'timeout'
  /** It never ran: it does not parse, or the static filter refused it. */
  | 'rejected';

export interface Verdict {
  status: VerdictStatus;
  passed: number;
  total: number;
  /** Share of hidden tests passed, in [0, 1]. A *pass* means exactly 1. */
  score: number;
  /** One sentence for the inspector: the first error, guard or mismatch. */
  detail?: string;
}
