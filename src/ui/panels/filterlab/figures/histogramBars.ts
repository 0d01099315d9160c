/** The bars of the reward histogram: counted once per set of responses, their kept parts on every frame. Pure. */

/** Which bar each row falls into, and the counts that no filter changes. */
export interface BarPlan {
  edges: Float64Array;
  /** [B] bar of each row. */
  bar: Uint16Array;
  /** [B] 1 when the row passes; rows without a true score count as passing, in one colour. */
  passes: Uint8Array;
  pass: Float64Array;
  fail: Float64Array;
}

export interface Bars {
  edges: Float64Array;
  pass: Float64Array;
  fail: Float64Array;
  passKept: Float64Array;
  failKept: Float64Array;
}

export function planBars(reward: Float32Array, score: Float32Array | null, count: number): BarPlan {
  let low = Infinity;
  let high = -Infinity;
  for (const value of reward) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => low + ((high - low) * i) / count);
  const bar = new Uint16Array(reward.length);
  const passes = new Uint8Array(reward.length);
  const pass = new Float64Array(count);
  const fail = new Float64Array(count);
  for (let row = 0; row < reward.length; row++) {
    bar[row] = Math.min(count - 1, Math.floor(((reward[row] - low) / (high - low)) * count));
    passes[row] = score === null || Number.isNaN(score[row]) || score[row] === 1 ? 1 : 0;
    (passes[row] ? pass : fail)[bar[row]]++;
  }
  return { edges, bar, passes, pass, fail };
}

/** @param uses [B] expected uses; a response used twice still fills its place once */
export function keptBars(plan: BarPlan, uses: Float64Array): Bars {
  const passKept = new Float64Array(plan.pass.length);
  const failKept = new Float64Array(plan.pass.length);
  for (let row = 0; row < uses.length; row++) {
    if (uses[row] > 0) (plan.passes[row] ? passKept : failKept)[plan.bar[row]] += Math.min(1, uses[row]);
  }
  return { edges: plan.edges, pass: plan.pass, fail: plan.fail, passKept, failKept };
}
