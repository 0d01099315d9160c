/**
 * The settings with which the shipped models were trained. The training panel starts from them, and
 * `npm run checkpoints` uses them as they are.
 */
import { noNoise } from '../../rlhf/prepare/noise/settings.ts';
import type { RewardSlot } from '../trainer/models/modelSlots.ts';
import type { GenrmSettings, RewardModelSettings, SftSettings, ValueSettings } from '../trainer/protocol.ts';

/** The starting policy: 0.12 M parameters, about 3.3 M tokens of right and buggy programs. */
export const shippedPolicy: SftSettings = {
  steps: 3000,
  batch: 32,
  learningRate: 4e-3,
  corpus: 20_000,
  layers: 2,
  width: 64,
  heads: 4,
  ...noNoise,
};

/** The larger preset, 0.8 M parameters: about six times the work for each token. */
export const largerPolicy: SftSettings = {
  ...shippedPolicy,
  learningRate: 2e-3,
  layers: 4,
  width: 128,
  heads: 4,
};

const strong: RewardModelSettings = {
  prompts: 2000,
  samplesPerPrompt: 5,
  pairing: 'all',
  clearFrom: 0,
  style: 1,
  flipped: 0,
  epochs: 2,
  batch: 128,
  learningRate: 3e-3,
  ...noNoise,
};

/**
 * Strong: many prompts, every differing pair. Weak: few prompts and the paper's one pair each. Careless: labels of the
 * strong one's programs by people who look no closer than half of the tests. The others are the strong one, pre-heated
 * under noise of the same mean.
 */
export const shippedRewardModels: Record<RewardSlot, RewardModelSettings> = {
  strong,
  weak: { ...strong, prompts: 400, pairing: 'max-edit' },
  careless: { ...strong, clearFrom: 0.5 },
  'strong-dropout': { ...strong, noise: 'dropout' },
  'strong-beta': { ...strong, noise: 'beta' },
  'strong-mask': { ...strong, noise: 'learned' },
};

/** The model that compares: the strong one's programs, half of them beside the reference program. */
export const shippedGenrm: GenrmSettings = {
  prompts: 2000,
  samplesPerPrompt: 5,
  withReference: 0.5,
  steps: 1500,
  batch: 64,
  learningRate: 3e-3,
};

/** The value network: two rounds, as in the ablation of Q#, where the second adds a little. */
export const shippedValueNetwork: ValueSettings = {
  prompts: 2400,
  samplesPerPrompt: 6,
  learns: 'pass',
  rounds: 2,
  eta: 0.2,
  epochs: 2,
  batch: 128,
  learningRate: 3e-3,
};

/** The other value network, from one round alone. */
export const shippedHistogram: ValueSettings = { ...shippedValueNetwork, learns: 'share', rounds: 1 };

/** The seed of the shipped models. */
export const shippedModelSeed = 1;
