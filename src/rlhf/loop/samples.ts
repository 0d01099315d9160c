/** The stations of one iteration and the columns that it leaves behind. */

export const stations = ['sample', 'score', 'run', 'filter', 'update'] as const;
export type Station = (typeof stations)[number];

/** All responses of one iteration, as columns. B responses, T completion tokens in total. */
export interface SampleColumns {
  /** [B] index of the problem among the training problems. */
  problem: Int32Array;
  /** [B] index of the group (prompt occurrence) within the iteration. */
  group: Int32Array;
  /** [B+1] where each response starts in the token columns. */
  starts: Int32Array;
  /** [T] completion tokens, end of sequence included when the policy wrote it. */
  tokens: Uint16Array;
  /** [T] log-probability under the policy that sampled it, in nats. */
  logProb: Float32Array;
  /** [T] log-probability under the starting policy, in nats. */
  refLogProb: Float32Array;
  /** [B] what the reward source said, before normalisation. */
  reward: Float32Array;
  /** [B] share of hidden tests passed. */
  score: Float32Array;
  /** [B] index into `verdictStatuses`. */
  status: Uint8Array;
  /** [T] what the update took each token to be worth; absent where it knows no advantages, and in older runs. */
  advantage?: Float32Array;
  /** [B] how many times the filter let the response into the training set (0 = dropped). */
  uses: Uint16Array;
}
