/** What changes from one iteration to the next: what a checkpoint must hold. */
import type { AdamW } from '../nn/adamw.ts';
import type { Transformer } from '../nn/transformer.ts';
import type { Costs } from './costs.ts';

/** Mean and deviation of the rewards of the starting policy; the policy learns from (r − mean) / deviation. */
export interface RewardScale {
  mean: number;
  deviation: number;
}

/** A network in training. */
export interface Network {
  model: Transformer;
  optimiser: AdamW;
}

export interface ArmState {
  /** The policy, and what the update trains beside it, by name. */
  networks: { policy: Network; [name: string]: Network };
  costs: Costs;
}
