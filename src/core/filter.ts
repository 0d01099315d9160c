/** Placeholder for the contract; the implementation follows. */
export type RankPreset = 'uniform' | 'best' | 'best-random' | 'best-worst' | 'worst-random';

/** A filter: from the rewards of a group to which responses are learned from (PF-PPO, section 4; Table 3). */
export type Filter =
  /** Weights over ranks, rank 1 = highest reward; `keep` responses per group. */
  | { kind: 'rank'; weights: RankPreset | number[]; keep: number }
  /** Keep rewards > `above` or < `below`; anything else with probability `otherwise`. */
  | { kind: 'threshold'; above: number | null; below: number | null; otherwise: number }
  /** Draw from the whole buffer with weight |reward|^exponent. */
  | { kind: 'power'; exponent: number }
  /** A function written in the page; executed in the sandbox, never here. */
  | { kind: 'custom'; source: string };

/** How a filter's weights become training rows. */
export type Sampler = 'keep' | 'draw' | 'resample' | 'verl';
