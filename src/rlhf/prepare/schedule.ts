/** Share of the peak learning rate at `step` of `steps`: linear warm-up, then a cosine down to zero. */
export function cosine(step: number, steps: number, warmUp: number): number {
  if (step < warmUp) return (step + 1) / (warmUp + 1);
  return 0.5 * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)));
}
