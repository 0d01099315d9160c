/** What an arm starts with: its reward, and the networks that its update trains. */
import * as nn from '../../nn/forMethods.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { methodsOf } from '../catalogue/catalogue.ts';
import type { ArmSettings } from '../catalogue/settings.ts';
import type { Reward, Surroundings } from '../slots.ts';
import { noCosts } from './costs.ts';
import type { ArmState, Network } from './state.ts';

export interface Start {
  settings: ArmSettings;
  seed: number;
  /** The starting policy; the arm trains a copy. */
  policy: Transformer;
  /** The trained models that the reward reads, by slot: see `RewardMethod.models`. */
  models: Readonly<Record<string, Transformer>>;
}

export function openReward(
  { settings, seed, models }: Omit<Start, 'policy'>,
  surroundings: Surroundings,
): Reward {
  return methodsOf(settings).reward.open({ nn, seed, models, ...surroundings }, settings.reward);
}

/** Copies of the starting policy, and of the model that the reward reads, with fresh optimisers. */
export function startState({ settings, policy, models }: Omit<Start, 'seed'>): ArmState {
  const { reward, update } = methodsOf(settings);
  const [graded] = reward.models(settings.reward);
  const network = (model: Transformer): Network => ({ model, optimiser: new AdamW(model) });
  const networks: ArmState['networks'] = { policy: network(policy.clone()) };
  for (const [name, { from }] of Object.entries(update.networks(settings.update))) {
    const body = from === 'reward' && graded !== undefined ? models[graded] : policy;
    networks[name] = network(body.withScalarHead());
  }
  return { networks, reference: null, memory: {}, costs: noCosts };
}

export function disposeState({ networks, reference }: ArmState): void {
  reference?.dispose();
  for (const { model, optimiser } of Object.values(networks)) {
    optimiser.dispose();
    model.dispose();
  }
}
