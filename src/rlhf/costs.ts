/** Budget counters in the manner of the paper's Table 6: what a method spent, whatever it reached. */
export interface Costs {
  /** Programs sampled for training. */
  samples: number;
  /** Sequences read by the reward model. */
  rewardPasses: number;
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
  rewardPasses: 0,
  criticPasses: 0,
  policyPasses: 0,
  updateTokens: 0,
  seconds: 0,
};

export function addCosts(a: Costs, b: Costs): Costs {
  return {
    samples: a.samples + b.samples,
    rewardPasses: a.rewardPasses + b.rewardPasses,
    criticPasses: a.criticPasses + b.criticPasses,
    policyPasses: a.policyPasses + b.policyPasses,
    updateTokens: a.updateTokens + b.updateTokens,
    seconds: a.seconds + b.seconds,
  };
}

/** What an arm reports that has no critic: a pass that cannot be is absent, not zero. */
export function withoutCritic({ criticPasses: _, ...costs }: Costs): Omit<Costs, 'criticPasses'> {
  return costs;
}
