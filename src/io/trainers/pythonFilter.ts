/**
 * A filter as a Python module that needs nothing but Python: the same arithmetic as `selectPipeline`, written again. With
 * the sampler `keep` it selects the very rows that the page selects; the other samplers draw with Python's own
 * generator, so there only the probabilities are the same.
 */
import { type Filter, keepAll, type Sampler } from '../../core/filters/filter.ts';
import { isGroupChoice } from '../../core/filters/groupChoice.ts';
import type { PromptFilter } from '../../core/filters/promptFilter.ts';
import { choicePart } from './pythonChoice.ts';
import { promptsPart } from './pythonPrompts.ts';
import { rankingPart, rankPart, weightsPart } from './pythonRank.ts';
import { eachPart, rowPart } from './pythonRows.ts';
import { oneLine, type PythonSampler } from './pythonText.ts';

/** The two seeds that `select` takes from its stream: with them the module breaks ties as the page did. */
export interface Seeds {
  tie: number;
  draw: number;
}

export interface ExportedFilter {
  filter: Filter;
  sampler: Sampler;
  /** Which prompts go on to the filter of responses; null where all do. */
  prompts: PromptFilter | null;
  label: string;
  seeds: Seeds;
}

/** The filters that are written as Python, too. */
export type PythonShape = Exclude<Filter, { kind: 'custom' }>;
export const hasPython = (filter: Filter): filter is PythonShape => filter.kind !== 'custom';

/** Whether a filter looks at how long responses are. */
export const needsLengths = (filter: Filter): boolean => filter.kind === 'length';

/** Whether a row can be selected more than once. */
export const repeats = ({ sampler }: ExportedFilter): boolean => sampler !== 'keep';

/** @throws TypeError for a custom filter: it is JavaScript and cannot be exported */
export function pythonFilter(exported: ExportedFilter): string {
  const { filter, prompts, seeds } = exported;
  if (!hasPython(filter)) {
    throw new TypeError('This filter has no Python form: export the kept rows instead.');
  }
  const sampler: PythonSampler = exported.sampler === 'verl' ? 'resample' : exported.sampler;
  const ranks = filter.kind === 'rank' || isGroupChoice(filter) || prompts !== null;
  const parts = [
    ...(isGroupChoice(filter) || prompts !== null ? [singlePart] : []),
    ...(ranks ? [rankingPart] : []),
    ...(prompts === null ? [] : [promptsPart(prompts)]),
    ...responsesParts(filter, sampler),
    prompts === null ? selectPart : selectOfPromptsPart,
  ];
  return `${header(exported, sampler)}
${constants(seeds)}
${randomPart}
${parts.map((part) => part.trim()).join('\n\n\n')}
`;
}

function responsesParts(filter: PythonShape, sampler: PythonSampler): string[] {
  if (filter.kind === 'rank') return [weightsPart(filter.weights), rankPart(sampler, filter.keep)];
  if (isGroupChoice(filter)) return [choicePart(filter, sampler)];
  return [rowPart(filter), eachPart(sampler)];
}

function header({ label, filter, prompts }: ExportedFilter, sampler: PythonSampler): string {
  const shape = (value: unknown) => JSON.stringify(value, (_, one) => (one === keepAll ? 'all' : one));
  return `"""${oneLine(label)}: a policy filter, tuned in Filtrate.

    rows = select(rewards, groups)

rewards: what the filter looks at, one number per response. groups: one key per response; equal keys are responses to
one prompt.${needsLengths(filter) ? ' lengths: tokens of each response.' : ''} Returns the indices of the responses to train on${
    sampler === 'keep' ? ', ascending' : ', repeats included'
  }.
Only the standard library is needed.

${prompts === null ? '' : `prompts: ${shape(prompts)}\n`}filter:  ${shape(filter)}
sampler: ${sampler}
"""

import math
${sampler === 'keep' ? '' : 'import random\n'}from array import array
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


def _checked(rewards, groups):
    """Rewards in single precision, as trainers hold them."""
    if len(rewards) != len(groups):
        raise ValueError(f"There are {len(rewards)} rewards for {len(groups)} groups.")
    rounded = array("f", rewards)
    for row, reward in enumerate(rounded):
        if not math.isfinite(reward):
            raise ValueError(f"The reward of row {row} is {reward}; it cannot be ranked.")
    return rounded

`;

const singlePart = `
def _single(value):
    """A number in single precision, in which values are compared."""
    return array("f", [value])[0]
`;

const selectPart = `
def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED, lengths=None):
    """Indices of the responses to train on."""
    return _responses(_checked(rewards, groups), groups, tie_seed, seed, lengths)
`;

/** The responses to the prompts that are left are numbered anew, as if nothing else had been sampled. */
const selectOfPromptsPart = `
def select(rewards, groups, tie_seed=TIE_SEED, seed=SEED, lengths=None):
    """Indices of the responses to train on: of the prompts that are worth an update, those that the filter keeps."""
    rewards = _checked(rewards, groups)
    kept = keep_groups(_ranked_groups(rewards, groups, tie_seed), rewards, tie_seed)
    left = sorted(row for rows in kept for row in rows)
    chosen = _responses(
        [rewards[row] for row in left],
        [groups[row] for row in left],
        tie_seed,
        seed,
        None if lengths is None else [lengths[row] for row in left],
    )
    return [left[row] for row in chosen]
`;
