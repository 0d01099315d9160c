/** What changes from one iteration to the next: what a checkpoint must hold. */
import type { Transformer } from '../../nn/model/transformer.ts';
import type { AdamW } from '../../nn/training/adamw.ts';
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

/** What a method carries from one iteration to the next: numbers, so that a checkpoint can hold it. */
export type Memory = Readonly<Record<string, number | readonly number[]>>;

export interface ArmState {
  /** The policy, and what the update trains beside it, by name. */
  networks: { policy: Network; [name: string]: Network };
  /** What the reference has become; null while it is the starting policy. */
  reference: Transformer | null;
  /** What each method remembers that remembers anything, by its slot; nothing before the first iteration. */
  memory: Readonly<Record<string, Memory>>;
  costs: Costs;
}
