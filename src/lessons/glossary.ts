/** Every word and every number of the page: one line, one formula, and where to read on. */
import { metricKeys, metrics } from '../lab/records/metrics.ts';
import type { LessonId } from '../lab/state/syllabus.ts';

export interface Term {
  /** What texts call it: ((id|words)). */
  id: string;
  name: string;
  what: string;
  /** In Unicode, as the page's tooltips have it; empty where a formula says nothing. */
  formula: string;
  lesson?: LessonId;
  group: 'Words' | 'Filters' | 'Numbers';
}

const word = (id: string, name: string, lesson: LessonId, what: string, formula = ''): Term => ({
  id,
  name,
  what,
  formula,
  lesson,
  group: 'Words',
});
const filter = (id: string, name: string, lesson: LessonId, what: string, formula: string): Term => ({
  id,
  name,
  what,
  formula,
  lesson,
  group: 'Filters',
});

const words: readonly Term[] = [
  word('pi', 'π, the policy', 'loop', 'The model that writes programs and is trained.', 'y ~ π(· | c)'),
  word(
    'mu',
    'μ, the filtered policy',
    'filtration',
    'What the policy’s programs are distributed like after the filter.',
    'y = Σ zᵢ yᵢ,  z ~ Categorical(w)',
  ),
  word('group', 'group', 'loop', 'The N programs that were written for one prompt in one iteration.'),
  word(
    'reward',
    'reward r',
    'loop',
    'What the reward source says about a program. It can be wrong.',
    'r = R(y | c) ∈ [−1, 1]',
  ),
  word(
    'score',
    'score s',
    'loop',
    'The share of hidden tests that a program passes when it is executed. A pass is s = 1.',
    's = passed / tests',
  ),
  word(
    'reward-model',
    'reward model',
    'reward-model',
    'A network that has learned from pairs which of two programs is better.',
    'P(a ≻ b) = σ(R(a) − R(b))',
  ),
  word(
    'synthetic',
    'synthetic reward',
    'reward-model',
    'The true score seen through a reliability curve that you draw.',
    'r = truth, or noise in the chosen bands',
  ),
  word(
    'critic',
    'critic',
    'loop',
    'A network that guesses the reward to be expected, token by token.',
    'V(c, y≤t)',
  ),
  word(
    'advantage',
    'advantage A',
    'best-of-n',
    'How much better than expected a token turned out, whitened over the buffer.',
    'A = Σ (γλ)ˡ δₜ₊ₗ,  δₜ = rₜ + γVₜ₊₁ − Vₜ',
  ),
  word(
    'kl',
    'KL',
    'hacking',
    'How far the policy has moved from where it started.',
    'Σₜ (log π − log π_SFT)',
  ),
  word('beta', 'beta', 'hacking', 'The price of one nat of KL.', 'r − β · KL'),
  word(
    'reliability',
    'reliability',
    'reward-model',
    'In the paper: how closely the mean scores of ten resampled lines agree at a reward.',
    'sd over lines of mean s at r',
  ),
  word(
    'chance',
    'band of chance',
    'reward-model',
    'The spread of a mean score that drawing so few responses gives by itself.',
    '√(p(1 − p) / n)',
  ),
  word(
    'over-optimisation',
    'over-optimisation',
    'hacking',
    'Reward that rises while the truth falls; also called reward hacking.',
  ),
  word('arm', 'arm', 'loop', 'One way of training in a comparison; all arms share the seed and the prompts.'),
];

const filters: readonly Term[] = [
  filter('ppo-m', 'PPO-M', 'filtration', 'No filter: all N programs of each group.', 'w = (1/N, …, 1/N)'),
  filter(
    'ppo-s',
    'PPO-S',
    'filtration',
    'One program per prompt, N times as many prompts.',
    'N = 1, prompts × N',
  ),
  filter(
    'bon',
    'BoN, best of N',
    'best-of-n',
    'Only the program with the highest reward.',
    'w = (1, 0, …, 0)',
  ),
  filter(
    'br',
    'BR, best-random',
    'filtration',
    'The best and one of the others by chance.',
    'w = (1/2, 1/2(N−1), …, 1/2(N−1))',
  ),
  filter('bw', 'BW, best-worst', 'filtration', 'The best and the worst.', 'w = (1/2, 0, …, 0, 1/2)'),
  filter(
    'wr',
    'WR, worst-random',
    'filtration',
    'The worst and one of the others by chance. Not in the paper.',
    'w = (1/2(N−1), …, 1/2(N−1), 1/2)',
  ),
  filter(
    'rand2',
    'Rand2, the control',
    'filtration',
    'Two by chance, without a look at the reward. Not in the paper.',
    'k = 2, w = (1/N, …, 1/N)',
  ),
  filter(
    'top',
    'top, top-rand, top-bott',
    'take-home',
    'Rewards above a threshold; and a share of the rest; or also those below another.',
    'r > a;  r > a or chance;  r > a or r < b',
  ),
  filter(
    'pow',
    'pow-k',
    'take-home',
    'Drawn with a weight that grows with the size of the reward.',
    'weight ∝ |r|ᵏ',
  ),
];

/** `heldPass` as texts call it: `held-pass`. */
const idOf = (key: string): string =>
  key.replace(/([A-Z0-9]+)/g, (_, tail: string) => `-${tail.toLowerCase()}`);

const numberLessons: Partial<Record<(typeof metricKeys)[number], LessonId>> = {
  heldGreedy: 'hacking',
  rewardMu: 'best-of-n',
  rewardPi: 'hacking',
  kl: 'hacking',
  r2All: 'r-squared',
  r2Kept: 'r-squared',
  keptShare: 'filtration',
  updateTokens: 'filtration',
};

const numbers: readonly Term[] = metricKeys.map((key) => {
  const { label, what, formula } = metrics[key];
  const id = idOf(key);
  return {
    id: words.some((term) => term.id === id) ? `metric-${id}` : id,
    name: label,
    what,
    formula,
    group: 'Numbers',
    lesson: numberLessons[key] ?? 'loop',
  };
});

export const glossary: readonly Term[] = [...words, ...filters, ...numbers];

/** Terms in whose name or line every word of the query occurs. */
export function findTerms(query: string): readonly Term[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return glossary.filter((term) => {
    const text = `${term.name} ${term.what}`.toLowerCase();
    return wanted.every((each) => text.includes(each));
  });
}
