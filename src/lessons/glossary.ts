/** Every word and every number of the page: one line, one formula, and where to read on. */

import { metricKeys, metrics } from '../lab/records/metrics.ts';
import type { LessonId } from '../lab/state/syllabus.ts';
import { allMethods } from '../rlhf/catalogue/catalogue.ts';
import type { Slot } from '../rlhf/catalogue/settings.ts';
import { questions } from './questions.ts';

export interface Term {
  /** What texts call it: ((id|words)). */
  id: string;
  name: string;
  what: string;
  /** In Unicode, as the page's tooltips have it; empty where a formula says nothing. */
  formula: string;
  lesson?: LessonId;
  /** The page that shows it, as the fragment of a link. */
  open?: string;
  group: 'Words' | 'Questions' | 'Methods' | 'Numbers';
}

const word = (id: string, name: string, lesson: LessonId, what: string, formula = ''): Term => ({
  id,
  name,
  what,
  formula,
  lesson,
  group: 'Words',
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
  word(
    'filter-on',
    'filter on',
    'take-home',
    'What filters look at: the reward, or the outcome behind it. What is learned from stays the reward.',
  ),
  word(
    'phantom-group',
    'phantom group',
    'take-home',
    'Responses to one prompt that are all equally right and rewarded differently: an update turns the difference into advantages.',
    's₁ = … = s_N, sd(r) > 0',
  ),
  word(
    'sign-agreement',
    'sign agreement',
    'take-home',
    'The share of kept responses whose advantage has the sign that the true score would give it.',
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
  word(
    'pre-heating',
    'pre-heating',
    'noise-mask',
    'Training under noise on the token embeddings for the first steps; then the noise is dropped.',
    'm · embedding + position,  m ~ Beta(α, β)',
  ),
  word(
    'syntax-match',
    'syntax match',
    'reward-parts',
    'How much of a reference’s syntax a program has, by shape alone: names, values and operators do not count.',
    '|sub-trees of the reference that occur in the program| / |sub-trees of the reference|',
  ),
  word(
    'data-flow-match',
    'data-flow match',
    'reward-parts',
    'How much of where a reference’s values come from holds in a program, whatever the variables are called.',
    '|triples of the reference matched| / |triples of the reference|',
  ),
  word(
    'systematic-error',
    'systematic error',
    'reward-parts',
    'An error that is the same for the same program and can be learned from programs, unlike chance.',
  ),
  word(
    'anchor',
    'anchor',
    'fooled-first',
    'The program that a model compares a candidate with: the reference program, or the best that the starting policy wrote.',
  ),
  word(
    'verifier',
    'verifier',
    'fooled-first',
    'A reward that checks instead of guessing: here, the tests. The paper calls it RTV, reasoning-task verifier.',
    'r = 2 s − 1',
  ),
  word(
    'careless',
    'careless annotators',
    'fooled-first',
    'People who label a pair by the truth where two programs clearly differ, and by taste where they do not.',
    '|sₐ − s_b| ≥ t: the truth;  else the style',
  ),
  word(
    'naive-judge',
    'naive judge',
    'graders',
    'A grader as they are often written: it compares in the program’s own realm, skips tests that end in an error, and believes what it is told.',
  ),
  word(
    'soft-prompt',
    'soft prompt',
    'pocket-student',
    'Learned vectors that a model reads before every request, while its weights stay as they are.',
    'p(y | e₁ … e_k, c)',
  ),
  word(
    'knowledge-store',
    'knowledge store',
    'pocket-student',
    'What a teacher wrote: request, program, verdict and the log-probability of every token; no two alike, and by default only what passes.',
  ),
  word(
    'pocket-student',
    'pocket student',
    'pocket-student',
    'A model of a few per cent of its teacher’s parameters that learns from a knowledge store and looks things up in it.',
    'p = λ p_retrieved + (1 − λ) p_student',
  ),
  word(
    'self-bleu',
    'self-BLEU',
    'pocket-student',
    'How much a program repeats the others for the same request: BLEU of n-grams up to 4 against them. One minus it is diversity.',
    'BLEU(yᵢ, {yⱼ : j ≠ i})',
  ),
  word('arm', 'arm', 'loop', 'One way of training in a comparison; all arms share the seed and the prompts.'),
];

/** Where a method is explained; those that no lesson is about stand with the loop. */
const methodLessons: Readonly<Record<string, LessonId>> = {
  bon: 'best-of-n',
  top: 'take-home',
  'top-rand': 'take-home',
  'top-bott': 'take-home',
  pow: 'take-home',
  model: 'reward-model',
  synthetic: 'reward-parts',
  rtv: 'reward-parts',
  ppocoder: 'reward-parts',
  genrm: 'fooled-first',
  hybrid: 'fooled-first',
};
const slotLessons: Partial<Record<Slot, LessonId>> = {
  filter: 'filtration',
  order: 'filtration',
  price: 'hacking',
};

/** Every method of the five stations, in its own words. */
const methods: readonly Term[] = allMethods.map(({ slot, method: { id, label, what, formula } }) => ({
  id,
  name: label,
  what,
  formula,
  lesson: methodLessons[id] ?? slotLessons[slot] ?? 'loop',
  group: 'Methods',
}));

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

const asked: readonly Term[] = questions.map((question) => ({ ...question, group: 'Questions' }));

export const glossary: readonly Term[] = [...words, ...asked, ...methods, ...numbers];

/** Terms in whose name or line every word of the query occurs. */
export function findTerms(query: string): readonly Term[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return glossary.filter((term) => {
    const text = `${term.name} ${term.what}`.toLowerCase();
    return wanted.every((each) => text.includes(each));
  });
}
