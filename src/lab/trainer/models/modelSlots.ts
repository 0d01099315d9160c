/** The trained models that arms start with and methods read, each under the name of its slot. */
export const modelSlots = ['policy', 'strong', 'weak', 'careless', 'genrm', 'value'] as const;
export type ModelSlot = (typeof modelSlots)[number];

/** Those that are trained on pairs and grade a program by itself. */
export const rewardSlots = ['strong', 'weak', 'careless'] as const satisfies readonly ModelSlot[];
export type RewardSlot = (typeof rewardSlots)[number];

export const slotText: Record<ModelSlot, string> = {
  policy: 'starting policy',
  strong: 'strong reward model',
  weak: 'weak reward model',
  careless: 'careless reward model',
  genrm: 'GenRM',
  value: 'value network',
};
