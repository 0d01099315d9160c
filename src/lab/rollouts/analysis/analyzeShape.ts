/** What `analyze` takes and gives. Public and stable (docs/automation.md). */
import type { CriterionName, Normalise } from '../../../core/analysis/criteria.ts';
import type { Followed } from '../../../core/analysis/overSteps.ts';
import type { Comparison } from '../../../core/analysis/toldApart.ts';
import type { Filter, Sampler } from '../../../core/filters/filter.ts';
import type { PromptFilter } from '../../../core/filters/promptFilter.ts';

export interface AnalyzeOptions {
  /**
   * What the reward is made of: 'rm', 'rm + 0.5*format', 'sum(token_rewards)'. Null or missing in one of several columns
   * means that it abstains: the others count. Default: the field `reward`.
   */
  reward?: string;
  /** What the filters look at, made of columns in the same way; 'score' for the truth. Default: the reward. */
  filterOn?: string;
  /**
   * Names of filters, of prompts and responses in a row as 'zero-variance+bw', or filters of your own. Default: all the
   * standard ones.
   */
  filters?: (
    | string
    | { id: string; label?: string; prompts?: PromptFilter | null; filter: Filter; sampler?: Sampler }
  )[];
  /** Name of a prompt filter that runs before each of the filters, or one of your own. Default: none. */
  prompts?: string | PromptFilter;
  /** Whether advantages are compared with all of a group ('before' filtering, the default) or what is kept ('after'). */
  normalise?: Normalise;
  /** Also says how the filters do step by step. Default false. */
  bySteps?: boolean;
  /** Also lists what this filter, by its id, discards, with the reason. */
  discarded?: string;
  /** Into how many groups of similar reward the grouped R² gathers responses. Default 20. */
  groups?: number;
  /** How the groups are cut; a number is short for that many groups of equal count. Default 'equal-count'. */
  bins?: 'equal-count' | 'equal-width' | number;
  /** Bootstrap replicates behind each 95 % interval; 0 for none. Default 1000. */
  bootstrap?: number;
  /** Default 1. The same seed gives the same report. */
  seed?: number;
}

/** An estimate and its 95 % interval; null where undefined. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface AnalyzedFilter {
  label: string;
  /** The prompt filter that runs before; null for every prompt. */
  prompts: PromptFilter | null;
  filter: Filter;
  sampler: Sampler;
  /** Rows of the training set, repeats counted. */
  kept: number;
  /** kept / rows. */
  share: number;
  meanReward: number | null;
  /** Over the kept rows whose true score is known; null without any. */
  meanScore: number | null;
  passRate: number | null;
  r2: {
    perResponse: Estimate;
    grouped: Estimate & {
      bins: { low: number; high: number; count: number; reward: number; score: number }[];
    };
  };
  /** R² per response minus that of all responses, on the same resamples. */
  gain: Estimate;
  /** What R² would be if the reward were equally noisy everywhere: the effect of range alone. */
  control: { perResponse: number | null; grouped: number | null };
  spearman: number | null;
  kendall: number | null;
  /**
   * What other filters optimise: variance of the kept rewards within a prompt, 4N·p(1−p), share of phantom groups among
   * the kept, and share of kept responses whose advantage points where the truth does.
   */
  criteria: Record<CriterionName, Estimate>;
}

/** Groups that are all equally right and rewarded differently. */
export interface PhantomAnalysis {
  /** Groups whose truth is known for two responses or more. */
  groups: number;
  phantom: number;
  rows: number;
  /** Groups that differ in what the filters look at and not in truth, and the other way round. */
  onlyLooked: number;
  onlyTruth: number;
  /** What each prompt filter keeps of them. */
  byPromptFilter: Record<string, { groups: number; phantom: number }>;
}

export interface DiscardedRow {
  row: number;
  reason: string;
  /** Place in its group by what the filters look at, from 1, and how many the group has. */
  rank: number;
  of: number;
  reward: number;
  filterOn: number;
  score: number | null;
  /** Advantage among all responses of the group, and among the kept ones (0: none of it is kept). */
  before: number;
  after: number;
}

export interface Analysis {
  /** Rows used. */
  rows: number;
  groups: number;
  prompts: number;
  /** Rows left out, by index into the input, with the reason. */
  dropped: { row: number; reason: string }[];
  /** By filter id: 'ppo-m', 'bon', 'br', 'bw' … */
  filters: Record<string, AnalyzedFilter>;
  /** By criterion: the best filter, and those that these data do not tell apart from it. */
  toldApart: Partial<Record<Comparison, { best: string; notToldApart: string[] }>>;
  /** Null without a true score. */
  phantom: PhantomAnalysis | null;
  /** What a person should know before trusting a filter. */
  warnings: string[];
  /** Where `bySteps` asks for it; null where all rows are of one step. */
  steps?: StepsAnalysis | null;
  /** Where `discarded` asks for it. Rows are counted as the input has them. */
  discarded?: { filter: string; counts: Record<string, number>; rows: DiscardedRow[] };
}

export interface StepsAnalysis {
  /** Different steps of the rows. */
  steps: number;
  windows: {
    /** First and last step that are looked at together. */
    from: number;
    to: number;
    rows: number;
    filters: Record<string, Record<Followed, Estimate>>;
    /** Mean score by reward, in bins of equal count; null without a true score. */
    reliability: { reward: number; score: number; count: number; standardError: number }[] | null;
    /** Rank correlation over the filters of each criterion with R². */
    agreement: Record<string, number | null>;
  }[];
  /** By criterion: which filter to begin with, and at which step another is told apart and stays better. */
  schedule: Record<Followed, { start: string | null; changes: { step: number; to: string }[] }>;
}
