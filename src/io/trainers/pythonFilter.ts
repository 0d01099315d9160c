/**
 * A filter as a Python module that needs nothing but Python: the same arithmetic as `select`, written again. With
 * the sampler `keep` it selects the very rows that the page selects; the other samplers draw with Python's own
 * generator, so there only the probabilities are the same.
 */
import { type Filter, keepAll, type Sampler } from '../../core/filter.ts';
import type { RankPreset } from '../../core/weights.ts';

/** The two seeds that `select` takes from its stream: with them the module breaks ties as the page did. */
export interface Seeds {
  tie: number;
  draw: number;
}

export interface ExportedFilter {
  filter: Filter;
  sampler: Sampler;
  label: string;
  seeds: Seeds;
}

/** The filters that are written as Python, too. */
export type PythonShape = Extract<Filter, { kind: 'rank' | 'threshold' | 'power' }>;
export const hasPython = (filter: Filter): filter is PythonShape =>
  filter.kind === 'rank' || filter.kind === 'threshold' || filter.kind === 'power';

type PythonSampler = Exclude<Sampler, 'verl'>;

/** @throws TypeError for a custom filter: it is JavaScript and cannot be exported */
export function pythonFilter({ filter, sampler, label, seeds }: ExportedFilter): string {
  if (!hasPython(filter)) {
    throw new TypeError('This filter has no Python form: export the kept rows instead.');
  }
  // Batch-wide extremes are what verl does itself; a module is there to filter per prompt.
  if (sampler === 'verl') sampler = 'resample';
  const parts =
    filter.kind === 'rank'
      ? [rankingPart, weightsPart(filter.weights), rankPart(sampler, filter.keep)]
      : [rowPart(filter), eachPart(sampler)];
  return `${header(label, filter, sampler)}
${constants(seeds)}
${randomPart}
${parts.join('\n\n')}
`;
}

function header(label: string, filter: Filter, sampler: Sampler): string {
  const needsRandom = sampler !== 'keep';
  return `"""${oneLine(label)}: a policy filter in the manner of PF-PPO (arXiv 2409.06957), tuned in Filtrate.

    rows = select(rewards, groups)

rewards: one number per response. groups: one key per response; equal keys are responses to one prompt.
Returns the indices of the responses to train on${
    needsRandom ? ', repeats included' : ', ascending'
  }. Only the standard library is needed.

filter:  ${JSON.stringify(filter, (_, value) => (value === keepAll ? 'all' : value))}
sampler: ${sampler}
"""

import math
${needsRandom ? 'import random\n' : ''}from array import array
`;
}

function constants(seeds: Seeds): string {
  return `
# The seeds of the page: with them ties fall as they fell there. Pass the training step for fresh ones.
TIE_SEED = ${seeds.tie >>> 0}
SEED = ${seeds.draw >>> 0}
`;
}

const randomPart = `
def _mix32(word):
    word &= 0xFFFFFFFF
    word ^= word >> 16
    word = word * 0x85EBCA6B & 0xFFFFFFFF
    word ^= word >> 13
    word = word * 0xC2B2AE35 & 0xFFFFFFFF
    return word ^ word >> 16


def _counter32(seed, index):
    """The index-th number of a counter-based stream, uniform over [0, 2**32)."""
    return _mix32(_mix32(index + 0x9E3779B9) ^ (seed & 0xFFFFFFFF))


def _checked(rewards):
    """Rewards in single precision, as trainers hold them."""
    rounded = array("f", rewards)
    for row, reward in enumerate(rounded):
        if not math.isfinite(reward):
            raise ValueError(f"The reward of row {row} is {reward}; it cannot be ranked.")
    return rounded

`;

const rankingPart = `def _ranked_groups(rewards, groups, tie_seed):
    """Rows of each group, highest reward first; equal rewards in random order."""
    if len(rewards) != len(groups):
        raise ValueError(f"There are {len(rewards)} rewards for {len(groups)} groups.")
    members = {}
    for row, group in enumerate(groups):
        members.setdefault(group, []).append(row)
    for rows in members.values():
        rows.sort(key=lambda row: (-rewards[row], _counter32(tie_seed, row), row))
    return list(members.values())
`;

function weightsPart(weights: RankPreset | number[]): string {
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

function rankPart(sampler: PythonSampler, keep: number): string {
  const isAll = keep === keepAll;
  switch (sampler) {
    case 'keep':
      return `${inclusionPart}

def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED):
    """Indices of the rows to train on: ${isAll ? 'all' : keep} of each group."""
    rewards = _checked(rewards)
    chosen = []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        chosen += _choose(rows, inclusion(rank_weights(len(rows)), ${isAll ? 'len(rows)' : keep}), seed)
    return sorted(chosen)`;
    case 'draw':
      return `def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED):
    """Indices of the rows to train on: independent draws from each group, ${isAll ? 'as many as it has rows' : keep}."""
    rewards = _checked(rewards)
    rng = random.Random(seed)
    chosen = []
    for rows in _ranked_groups(rewards, groups, tie_seed):
        weights = rank_weights(len(rows))
        if any(weights):
            chosen += rng.choices(rows, weights, k=${isAll ? 'len(rows)' : `min(${keep}, len(rows))`})
    return chosen`;
    case 'resample':
      return `def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED):
    """Indices of the rows to train on: as many draws as there are rows, every group counting the same."""
    rewards = _checked(rewards)
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

function rowPart(filter: Exclude<PythonShape, { kind: 'rank' }>): string {
  if (filter.kind === 'power') {
    return `def row_weights(rewards):
    """abs(reward) ** ${pythonNumber(filter.exponent)}, as a share of the largest."""
    weights = [abs(reward) ** ${pythonNumber(filter.exponent)} for reward in rewards]
    largest = max(weights, default=0)
    return [weight / largest for weight in weights] if largest > 0 else weights
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

function eachPart(sampler: PythonSampler): string {
  switch (sampler) {
    case 'keep':
      return `
def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED):
    """Indices of the rows to train on: each row on its own with its own probability."""
    weights = row_weights(_checked(rewards))
    return [row for row, p in enumerate(weights) if _counter32(seed, row) < p * 2**32]`;
    case 'draw':
      return `
def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED):
    """Indices of the rows to train on: as many draws from each group as it has rows."""
    weights = row_weights(_checked(rewards))
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
def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED):
    """Indices of the rows to train on: as many draws from all rows as there are rows."""
    weights = row_weights(_checked(rewards))
    if not any(weights):
        return []
    return random.Random(seed).choices(range(len(weights)), weights, k=len(weights))`;
    default:
      sampler satisfies never;
      throw new TypeError('There is no such sampler.');
  }
}

/** Python reads JavaScript's shortest decimals as the same doubles. */
function pythonNumber(value: number): string {
  return String(value);
}

/** A label is free text and stands inside a docstring. */
export function oneLine(label: string): string {
  return label.replace(/[\\"\r\n]+/g, ' ').trim() || 'filter';
}
