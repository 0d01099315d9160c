/** Python that ranks groups and chooses by weights over ranks. */
import { keepAll } from '../../core/filters/filter.ts';
import type { RankPreset } from '../../core/filters/weights.ts';
import { type PythonSampler, pythonNumber } from './pythonText.ts';

export const rankingPart = `def _ranked_groups(rewards, groups, tie_seed):
    """Rows of each group, highest reward first; equal rewards in random order."""
    members = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    for rows in members.values():
        rows.sort(key=lambda row: (-rewards[row], _counter32(tie_seed, row), row))
    return list(members.values())
`;

export function weightsPart(weights: RankPreset | number[]): string {
  return `
def rank_weights(n):
    """Weights of the ranks of a group of n, best first, summing to 1 (or to 0 when nothing is kept)."""
${typeof weights === 'string' ? presetWeights(weights) : listWeights(weights)}
`;
}

function presetWeights(preset: RankPreset): string {
  const body: Record<RankPreset, string> = {
    uniform: '    return [1 / n] * n',
    best: '    return [1.0] + [0.0] * (n - 1)',
    'best-random': '    return [0.5] + [1 / (2 * (n - 1))] * (n - 1)',
    'best-worst': '    return [0.5] + [0.0] * (n - 2) + [0.5]',
    'worst-random': '    return [1 / (2 * (n - 1))] * (n - 1) + [0.5]',
  };
  return `    if n == 1:
        return [1.0]
${body[preset]}`;
}

function listWeights(weights: number[]): string {
  return `    # A list made for another group size is stretched, both ends fixed.
    listed = [${weights.map(pythonNumber).join(', ')}]
    last = len(listed) - 1
    weights = []
    for i in range(n):
        position = 0 if n == 1 else i * last / (n - 1)
        below = math.floor(position)
        above = min(below + 1, last)
        weights.append(listed[below] + (listed[above] - listed[below]) * (position - below))
    if n == 1:
        weights = [max(listed[0], listed[last])]
    # Not sum(): newer Pythons round it differently.
    total = 0.0
    for weight in weights:
        total += weight
    return [weight / total for weight in weights] if total > 0 else weights`;
}

const inclusionPart = `def inclusion(weights, k):
    """Probability of each candidate to be among k: min(1, k * weight), the excess shared in proportion."""
    probability = [0.0] * len(weights)
    certain = [False] * len(weights)
    left = k
    while True:
        open_rows = [i for i, weight in enumerate(weights) if weight > 0 and not certain[i]]
        if not open_rows or left <= 0:
            return probability
        total = 0.0
        for i in open_rows:
            total += weights[i]
        every = len(open_rows) <= left
        saturated = False
        for i in open_rows:
            share = left * weights[i] / total
            if every or share >= 1 - 1e-12:
                probability[i] = 1.0
                certain[i] = saturated = True
            else:
                probability[i] = share
        if every or not saturated:
            return probability
        left = k - sum(certain)


def _choose(rows, probability, seed):
    """Systematic sampling of the uncertain rows, in random order from a random start."""
    chosen = [row for row, p in zip(rows, probability) if p == 1]
    uncertain = [i for i, p in enumerate(probability) if 0 < p < 1]
    total = 0.0
    for i in uncertain:
        total += probability[i]
    due_in_all = math.floor(total + 0.5)
    uncertain.sort(key=lambda i: (_counter32(seed, rows[i]), i))
    position = _counter32(seed ^ 0x5BD1E995, min(rows)) / 2**32
    taken = 0
    for at, i in enumerate(uncertain):
        position += probability[i]
        due = due_in_all if at == len(uncertain) - 1 else min(due_in_all, math.floor(position))
        if due > taken:
            chosen.append(rows[i])
        taken = due
    return chosen
`;

export function rankPart(sampler: PythonSampler, keep: number): string {
  const isAll = keep === keepAll;
  switch (sampler) {
    case 'keep':
      return `${inclusionPart}

def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: ${isAll ? 'all' : keep} of each group."""
    chosen = []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        chosen += _choose(rows, inclusion(rank_weights(len(rows)), ${isAll ? 'len(rows)' : keep}), seed)
    return sorted(chosen)`;
    case 'draw':
      return `def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: independent draws from each group, ${isAll ? 'as many as it has rows' : keep}."""
    rng = random.Random(seed)
    chosen = []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        weights = rank_weights(len(rows))
        if any(weights):
            chosen += rng.choices(rows, weights, k=${isAll ? 'len(rows)' : `min(${keep}, len(rows))`})
    return chosen`;
    case 'resample':
      return `def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: as many draws as there are rows, every group counting the same."""
    weights = [0.0] * len(rewards)
    for rows in _ranked_groups(rewards, groups, tie_seed):
        for row, weight in zip(rows, rank_weights(len(rows))):
            weights[row] = weight
    if not any(weights):
        return []
    return random.Random(seed).choices(range(len(weights)), weights, k=len(weights))`;
    default:
      sampler satisfies never;
      throw new TypeError('There is no such sampler.');
  }
}
