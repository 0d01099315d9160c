/** Budget counters in the manner of the paper's Table 6: what a method spent, whatever it reached. */
export interface Costs {
  /** Programs sampled for training; those begun and thrown away count, too. */
  samples: number;
  /** Tokens that were written for training, those of programs thrown away among them. */
  sampledTokens: number;
  /** Sequences read by the reward model. */
  rewardPasses: number;
  /** Sequences read by the reference for what is learned: to price or to compare. */
  referencePasses: number;
  /** Sequences that went forward and backward through the critic. */
  criticPasses: number;
  /** Sequences that went forward and backward through the policy. */
  policyPasses: number;
  /** Tokens, prompt included, that went forward and backward through the policy. */
  updateTokens: number;
  /** Computing time of the loop in seconds. */
  seconds: number;
}

export const noCosts: Costs = {
  samples: 0,
  sampledTokens: 0,
  rewardPasses: 0,
  referencePasses: 0,
  criticPasses: 0,
  policyPasses: 0,
  updateTokens: 0,
  seconds: 0,
};

export function addCosts(a: Costs, b: Partial<Costs>): Costs {
  const sum = { ...a };
  for (const [what, spent] of Object.entries(b) as [keyof Costs, number][]) sum[what] += spent;
  return sum;
}
