/** Options of `analyze`, read and refused in sentences. */
import { defaultGrouping } from '../../../core/analysis/bins.ts';
import type { AnalysisOptions } from '../../../core/analysis/compareFilters.ts';
import type { Normalise } from '../../../core/analysis/criteria.ts';
import type { NamedFilter, Rollouts } from '../../../core/analysis/rollouts.ts';
import type { PromptFilter } from '../../../core/filters/promptFilter.ts';
import type { AnalyzeOptions } from './analyzeShape.ts';
import {
  filterIds,
  filterNamed,
  promptFilterIds,
  promptFilterNamed,
  type Scale,
  scaleOf,
  standardFilterIds,
} from './standardFilters.ts';

/** @throws RangeError naming the option that is impossible */
export function settingsOf(
  options: AnalyzeOptions,
): AnalysisOptions & { seed: number; normalise: Normalise } {
  const { bins = 'equal-count', bootstrap = 1000, seed = 1, normalise = 'before' } = options;
  const groups = typeof bins === 'number' ? bins : (options.groups ?? defaultGrouping.groups);
  const mode = typeof bins === 'number' ? 'equal-count' : bins;
  if (!Number.isInteger(groups) || groups < 2 || groups > 1000) {
    throw new RangeError(`options.groups must be an integer from 2 to 1000 and not ${groups}.`);
  }
  if (mode !== 'equal-count' && mode !== 'equal-width') {
    throw new RangeError(`options.bins must be 'equal-count', 'equal-width' or a number and not ${mode}.`);
  }
  if (!Number.isInteger(bootstrap) || bootstrap < 0 || bootstrap > 20_000) {
    throw new RangeError(`options.bootstrap must be an integer from 0 to 20000 and not ${bootstrap}.`);
  }
  if (!Number.isFinite(seed)) throw new RangeError(`options.seed must be a number and not ${seed}.`);
  if (normalise !== 'before' && normalise !== 'after') {
    throw new RangeError(`options.normalise must be 'before' or 'after' and not ${normalise}.`);
  }
  return { grouping: { groups, mode, weighted: true }, replicates: bootstrap, seed, normalise };
}

/** @throws RangeError for a name that is none, TypeError for a filter that is none */
export function filtersOf({ filters, prompts }: AnalyzeOptions, rollouts: Rollouts): NamedFilter[] {
  const scale = scaleOf(rollouts);
  const before = prompts === undefined ? null : promptsOf(prompts, scale);
  const usual = standardFilterIds.filter((id) => lengthsKnown(rollouts) || !id.startsWith('gfpo'));
  return (filters ?? usual).map((one, i): NamedFilter => {
    const named = typeof one === 'string' ? byName(one, scale) : ownFilter(one, i);
    if (before === null) return named;
    if (named.prompts) {
      throw new RangeError(
        `options.filters[${i}] has a prompt filter of its own, and options.prompts is another.`,
      );
    }
    return { ...named, prompts: before };
  });
}

const lengthsKnown = ({ lengths }: Rollouts): boolean => lengths !== null && lengths !== undefined;

function byName(name: string, scale: Scale): NamedFilter {
  const found = filterNamed(name, scale);
  if (found === null) {
    throw new RangeError(
      `There is no filter called '${name}'; the names are ${filterIds.join(', ')}; of prompts, alone or before one of those as 'zero-variance+bw': ${promptFilterIds.join(', ')}.`,
    );
  }
  return found;
}

function ownFilter(
  one: Exclude<NonNullable<AnalyzeOptions['filters']>[number], string>,
  i: number,
): NamedFilter {
  if (typeof one?.id !== 'string' || one.filter === undefined) {
    throw new TypeError(`options.filters[${i}] must be a name or { id, filter }.`);
  }
  const { id, label = id, prompts = null, filter, sampler = 'keep' } = one;
  return { id, label, prompts, filter, sampler };
}

function promptsOf(prompts: string | PromptFilter, scale: Scale): PromptFilter {
  if (typeof prompts !== 'string') return prompts;
  if (!promptFilterIds.includes(prompts)) {
    throw new RangeError(
      `There is no prompt filter called '${prompts}'; the names are ${promptFilterIds.join(', ')}.`,
    );
  }
  return promptFilterNamed(prompts, scale);
}

/** The filter whose discarded rows are asked for: one of the comparison, or any other by its name. */
export const discardingFilter = (
  id: string,
  filters: readonly NamedFilter[],
  rollouts: Rollouts,
): NamedFilter => filters.find((each) => each.id === id) ?? byName(id, scaleOf(rollouts));
