/**
 * The questions that learners ask again and again about the update, each with the page in the state that shows the answer:
 * one token of a recorded response, and what the update does to it.
 */

export interface Question {
  id: string;
  name: string;
  what: string;
  /** In Unicode; empty where a formula says nothing. */
  formula: string;
  /** The page that shows it, as the fragment of a link. */
  open: string;
}

export const questions: readonly Question[] = [
  {
    id: 'old-or-reference',
    name: 'Which policy is “old”, and which is the reference?',
    what: 'π_old wrote the responses of this iteration: the ratio and its clip are measured from it. π_ref is the starting policy, π_SFT, unless the reference moves: the KL is measured from it. At the first step of an update π is π_old, so every ratio is 1, while log π − log π_ref is not 0.',
    formula: 'ρ = π/π_old, KL = log π − log π_ref',
    open: 'preset=no-critic&program=3,15,6&token=5',
  },
  {
    id: 'zero-loss',
    name: 'Why is the loss zero while the policy learns?',
    what: 'At the first step every ratio is 1, and the advantages of a group sum to 0: so does −ρ A, and the loss is 0 but for the price of distance. Its gradient is not, because each token is pushed by its own advantage. Watch the reward and the pass rate, not this loss.',
    formula: 'Σ −ρ A = −Σ A = 0 at ρ = 1, ∂/∂log π = −ρ A',
    open: 'preset=no-critic&program=3,15,6&token=5',
  },
  {
    id: 'what-the-clip-does',
    name: 'What does the clip do?',
    what: 'At the first step nothing: every ratio is 1. Move the slider to the right of 1 + ε: a token with a positive advantage gets no gradient any more from the surrogate. To the left of 1 − ε it does, because the loss takes the worse of the two terms: the clip stops a move that has gone far enough, and never one that goes back. With one step per batch it does not act at all.',
    formula: 'min(ρ A, clip(ρ, 1 − ε, 1 + ε) A)',
    open: 'preset=no-critic&program=3,15,6&token=5',
  },
  {
    id: 'equal-rewards',
    name: 'What if all rewards of a group are equal?',
    what: 'Every advantage is 0, so the group teaches nothing: not with GRPO, Dr. GRPO or DAPO, and RLOO and GRPO are left with the price of distance alone. Pairs have nothing to compare. Here the policy wrote the same program five times.',
    formula: 'r₁ = … = r_N ⇒ A = 0',
    open: 'preset=no-critic&program=3,19,11&token=4',
  },
  {
    id: 'spread-and-length',
    name: 'Why divide by the spread, or by the length?',
    what: 'GRPO divides by the spread of the group, so that small differences of reward count as much as large ones, and takes the mean over each response, so that a token of a short response is pushed harder than one of a long response. Dr. GRPO does neither; DAPO divides by the spread alone. Open “How other updates would treat it”: between GRPO and DAPO stands the length of this response against the mean length.',
    formula: 'push of GRPO ÷ push of DAPO ≈ mean |y| / |y|',
    open: 'preset=no-critic&program=3,15,6&token=5',
  },
  {
    id: 'kl-in-reward-or-loss',
    name: 'Does the KL belong into the reward or into the loss?',
    what: 'PPO, REINFORCE and RLOO pay for distance in the reward: it is a part of the advantage. GRPO pays in the loss: its push is the advantage’s and, beside it, a pull back to the reference. Dr. GRPO and DAPO pay nothing here, so nothing holds them back from a reward that can be fooled.',
    formula: 'r − β Σ log π/π_ref, or + β (eᵈ − d − 1) with d = log π_ref/π',
    open: 'preset=no-critic&program=3,15,6&token=5',
  },
];
