/** Python that looks at one reward at a time: thresholds, powers and signs. */
import type { Filter } from '../../core/filters/filter.ts';
import { type PythonSampler, pythonNumber } from './pythonText.ts';

export type RowFilter = Extract<Filter, { kind: 'threshold' | 'power' | 'sign' }>;

export function rowPart(filter: RowFilter): string {
  if (filter.kind === 'power') {
    return `def row_weights(rewards):
    """abs(reward) ** ${pythonNumber(filter.exponent)}, as a share of the largest."""
    weights = [abs(reward) ** ${pythonNumber(filter.exponent)} for reward in rewards]
    largest = max(weights, default=0)
    return [weight / largest for weight in weights] if largest > 0 else weights
`;
  }
  if (filter.kind === 'sign') {
    const [passAt, positives, negatives] = [filter.passAt, filter.positives, filter.negatives].map(
      pythonNumber,
    );
    return `def row_weights(rewards):
    """${positives} for rewards of at least ${passAt}, ${negatives} for the others."""
    return [float(${positives} if reward >= ${passAt} else ${negatives}) for reward in rewards]
`;
  }
  const tests = [
    ...(filter.above === null ? [] : [`reward > ${pythonNumber(filter.above)}`]),
    ...(filter.below === null ? [] : [`reward < ${pythonNumber(filter.below)}`]),
  ];
  return `def row_weights(rewards):
    """Probability of each row: 1 beyond the thresholds, ${pythonNumber(filter.otherwise)} elsewhere."""
    return [1.0 if ${tests.join(' or ') || 'False'} else ${pythonNumber(filter.otherwise)} for reward in rewards]
`;
}

export function eachPart(sampler: PythonSampler): string {
  switch (sampler) {
    case 'keep':
      return `
def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: each row on its own with its own probability."""
    weights = row_weights(rewards)
    return [row for row, p in enumerate(weights) if _counter32(seed, row) < p * 2**32]`;
    case 'draw':
      return `
def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: as many draws from each group as it has rows."""
    weights = row_weights(rewards)
    rng = random.Random(seed)
    members = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    chosen = []
    for rows in members.values():
        if any(weights[row] for row in rows):
            chosen += rng.choices(rows, [weights[row] for row in rows], k=len(rows))
    return chosen`;
    case 'resample':
      return `
def _responses(rewards, groups, tie_seed, seed, lengths):
    """Rows to train on: as many draws from all rows as there are rows."""
    weights = row_weights(rewards)
    if not any(weights):
        return []
    return random.Random(seed).choices(range(len(weights)), weights, k=len(weights))`;
    default:
      sampler satisfies never;
      throw new TypeError('There is no such sampler.');
  }
}
