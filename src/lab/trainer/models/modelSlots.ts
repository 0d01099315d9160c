/** Those that are trained on pairs and grade a program by itself. */
export const rewardSlots = [
  'strong',
  'weak',
  'careless',
  'strong-dropout',
  'strong-beta',
  'strong-mask',
] as const;
export type RewardSlot = (typeof rewardSlots)[number];

/** The trained models that arms start with and methods read, each under the name of its slot. */
export const modelSlots = ['policy', ...rewardSlots, 'genrm', 'value', 'histogram'] as const;
export type ModelSlot = (typeof modelSlots)[number];

/** What methods read: the model of a slot, or the policy that ships, whatever has taken its place in its slot. */
export type ModelName = ModelSlot | 'small-policy';

export const slotText: Record<ModelName, string> = {
  policy: 'starting policy',
  'small-policy': 'small policy',
  strong: 'strong reward model',
  weak: 'weak reward model',
  careless: 'careless reward model',
  'strong-dropout': 'reward model pre-heated under dropout',
  'strong-beta': 'reward model pre-heated under fixed Beta noise',
  'strong-mask': 'reward model pre-heated under a learned mask',
  genrm: 'GenRM',
  value: 'value network',
  histogram: 'value network of histograms',
};
