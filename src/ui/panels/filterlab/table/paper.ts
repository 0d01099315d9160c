/** What PF-PPO (arXiv 2409.06957) printed for R², beside which ours stands. Its grouping of responses is not stated. */

/** Table 1: R² on samples of three policies. */
export const paperTable1: Record<string, readonly [sft: number, middle: number, final: number]> = {
  'ppo-m': [0.886, 0.907, 0.876],
  bon: [0.454, 0.389, 0.431],
  br: [0.922, 0.935, 0.916],
  bw: [0.952, 0.956, 0.946],
};

/** Table 3: R² on samples of the SFT policy. (It prints .841 for BR, where Table 1 prints .922.) */
export const paperTable3: Record<string, number> = {
  'ppo-m': 0.886,
  bon: 0.454,
  br: 0.841,
  bw: 0.952,
  top: 0.621,
  'top-rand': 0.889,
  'top-bott': 0.927,
  'pow-1': 0.926,
  'pow-2': 0.939,
  'pow-3': 0.946,
};
