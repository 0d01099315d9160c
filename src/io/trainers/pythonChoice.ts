/** Python that chooses a set of responses of each group: by variance (PODS), advantage (CPPO), or length (GFPO). */
import type { GroupChoice } from '../../core/filters/groupChoice.ts';
import type { PythonSampler } from './pythonText.ts';

export function choicePart(filter: GroupChoice, sampler: PythonSampler): string {
  const chosen = filter.kind === 'max-variance' ? varianceChoice(filter.keep) : keyChoice(filter);
  return `${chosen}

${drawn(filter.keep, sampler)}`;
}

const varianceChoice = (keep: number) => `def highest_of(rows, rewards, keep):
    """How many of the keep rows of largest variance are from the top; the others are from the bottom."""
    n = len(rows)
    if keep >= n:
        return keep
    # Measured from the lowest: a large common part of the rewards costs no digits.
    at = [rewards[row] - rewards[rows[-1]] for row in rows]
    total = squares = 0.0
    for value in at[n - keep :]:
        total += value
        squares += value * value
    best, best_variance, best_odds = 0, -1.0, math.inf
    for high in range(keep + 1):
        if high > 0:
            joins, leaves = at[high - 1], at[n - keep + high - 1]
            total += joins - leaves
            squares += joins * joins - leaves * leaves
        variance = _single(squares / keep - (total / keep) * (total / keep))
        odds = abs(2 * high - keep)
        if variance > best_variance or (variance == best_variance and odds <= best_odds):
            best, best_variance, best_odds = high, variance, odds
    return best


def _chosen(rows, rewards, lengths, seed):
    """The rows of a group that are kept; rows come highest reward first."""
    keep = min(${keep}, len(rows))
    high = highest_of(rows, rewards, keep)
    return rows[:high] + rows[len(rows) - keep + high :]
`;

function keyChoice(filter: Exclude<GroupChoice, { kind: 'max-variance' }>): string {
  return `def _chosen(rows, rewards, lengths, seed):
    """The rows of a group that are kept; rows come highest reward first."""
${keys(filter)}
    order = sorted(range(len(rows)), key=lambda i: (-key[i], _counter32(seed, rows[i]), rows[i]))
    return [rows[i] for i in order[:${filter.keep}]]
`;
}

function keys(filter: Exclude<GroupChoice, { kind: 'max-variance' }>): string {
  if (filter.kind === 'advantage') {
    return `    total = 0.0
    for row in rows:
        total += rewards[row]
    centre = total / len(rows)
    key = [_single(abs(rewards[row] - centre)) for row in rows]`;
  }
  const key = filter.by === 'shortest' ? '-lengths[row]' : 'rewards[row] / max(1, lengths[row])';
  return `    if lengths is None:
        raise ValueError("This filter looks at the length of responses: pass lengths, in tokens.")
    key = [_single(${key}) for row in rows]`;
}

function drawn(keep: number, sampler: PythonSampler): string {
  switch (sampler) {
    case 'keep':
      return `def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: ${keep} of each group."""
    chosen = []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        chosen += _chosen(rows, rewards, lengths, seed)
    return sorted(chosen)`;
    case 'draw':
      return `def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: as many draws from the chosen rows of each group as there are."""
    rng = random.Random(seed)
    drawn = []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        drawn += rng.choices(_chosen(rows, rewards, lengths, seed), k=min(${keep}, len(rows)))
    return drawn`;
    case 'resample':
      return `def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: as many draws as there are rows, every group counting the same."""
    chosen, weights = [], []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        kept = _chosen(rows, rewards, lengths, seed)
        chosen += kept
        weights += [1 / len(kept)] * len(kept)
    return random.Random(seed).choices(chosen, weights, k=len(rewards))`;
    default:
      sampler satisfies never;
      throw new TypeError('There is no such sampler.');
  }
}
