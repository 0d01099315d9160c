/**
 * The analyst: statistics of the filter lab away from the page's own thread. Holds one set of responses, draws
 * pictures of its reliability and compares filters on it. Newer requests of a kind supersede older ones.
 */

import type { Grouping } from '../../../core/analysis/bins.ts';
import type { NamedFilter } from '../../../core/analysis/compareFilters.ts';
import {
  type AnalysisOptions,
  compareFilters,
  type FilterReport,
  type Rollouts,
} from '../../../core/analysis/compareFilters.ts';
import type { Normalise } from '../../../core/analysis/criteria.ts';
import { type Discarded, discardedBy } from '../../../core/analysis/discarded.ts';
import { overSteps, type StepsReport } from '../../../core/analysis/overSteps.ts';
import { type PhantomReport, phantomReport } from '../../../core/analysis/phantom.ts';
import {
  type CalibrationBin,
  calibration,
  passFailHistogram,
  type RankRow,
  rankProfile,
  type TenLines,
  tenLines,
} from '../../../core/analysis/reliability.ts';
import {
  batchesOf,
  chooseRows,
  type Looks,
  lookedAt,
  looking,
  rankLooked,
} from '../../../core/analysis/rollouts.ts';
import type { Texts } from '../../../core/diversity/diversity.ts';
import { type Ranking, rankGroups } from '../../../core/filters/ranking.ts';
import { tieSeed } from '../../../core/filters/selectionSeeds.ts';
import { type Line, linearFit } from '../../../core/statistics/stats.ts';
import { type Analysis, type AnalysisRow, type AnalyzeOptions, analyze } from './analyze.ts';
import { promptFiltersOf, scaleOf, standardFilters } from './standardFilters.ts';

/** What the responses say, as columns that can cross to a worker. */
export interface ResponseTexts {
  /** [B+1] where each response starts. */
  starts: Int32Array;
  /** Tokens of all responses. */
  tokens: Uint16Array;
}

/** Seed of the ties in the picture, in the table and in what a drag follows. */
export const dragTies = tieSeed(1);

/** Which responses are the same, when the texts themselves stay in a file. */
export interface ResponseIds {
  /** [B] equal numbers for equal responses. */
  ids: Int32Array;
}

export interface PictureSettings {
  grouping: Pick<Grouping, 'groups' | 'mode'>;
  lines: number;
  by: 'split' | 'resample';
  /** Bars of the histogram. */
  bars: number;
  seed: number;
}

/** Everything that the reliability view draws, the scatter aside. Null parts need a true score. */
export interface Picture {
  rows: number;
  groups: number;
  /** Rows whose true score is known. */
  known: number;
  tenLines: TenLines | null;
  calibration: CalibrationBin[] | null;
  histogram: { edges: Float64Array; pass: Float64Array; fail: Float64Array };
  ranks: RankRow[] | null;
  fit: Line | null;
  /** [size] how many groups have this many responses. */
  groupSizes: Int32Array;
}

/** The responses that an analyst is to hold. */
export interface AnalystLoad {
  rollouts: Rollouts;
  texts: ResponseTexts | ResponseIds | null;
}

export type AnalystCommand =
  | ({ type: 'load' } & AnalystLoad)
  | { type: 'picture'; request: number; settings: PictureSettings }
  | {
      type: 'table';
      request: number;
      /** Stands before the standard filters. */
      edited: NamedFilter | null;
      looks: Looks;
      options: Pick<AnalysisOptions, 'grouping' | 'replicates' | 'seed' | 'normalise'>;
    }
  /** How the edited filter and the standard ones do over the steps. */
  | {
      type: 'steps';
      request: number;
      edited: NamedFilter | null;
      looks: Looks;
      seed: number;
      normalise: Normalise;
    }
  /** Why a filter does not learn from each row. */
  | { type: 'discarded'; request: number; named: NamedFilter; looks: Looks; seed: number }
  /** Which rows a filter chooses, as the table chose them. */
  | { type: 'select'; request: number; named: NamedFilter; looks: Looks; seed: number }
  /** Rows of a script, a part at a time; `analyze` takes all that came before it. */
  | { type: 'rows'; rows: AnalysisRow[] }
  | { type: 'analyze'; request: number; options: AnalyzeOptions };

export type AnalystEvent =
  | { type: 'picture'; request: number; picture: Picture }
  | { type: 'row'; request: number; report: FilterReport }
  /** Null without any truth. */
  | { type: 'phantom'; request: number; phantom: PhantomReport | null }
  /** Null where all rows are of one step. */
  | { type: 'steps'; request: number; report: StepsReport | null; labels: Record<string, string> }
  | { type: 'discarded'; request: number; discarded: Discarded }
  | { type: 'done'; request: number }
  | { type: 'selected'; request: number; rows: Int32Array }
  | { type: 'analyzed'; request: number; analysis: Analysis }
  | { type: 'failed'; request: number; name: string; message: string };

interface Loaded {
  rollouts: Rollouts;
  ranking: Ranking;
  texts: Texts | undefined;
}

const yieldToMessages = () => new Promise((resolve) => setTimeout(resolve));

export class Analyst {
  #post: (event: AnalystEvent) => void;
  #loaded: Loaded | null = null;
  #newestTable = 0;
  #rows: AnalysisRow[] = [];

  constructor(post: (event: AnalystEvent) => void) {
    this.#post = post;
  }

  handle(command: AnalystCommand): void {
    switch (command.type) {
      case 'load':
        this.#newestTable = 0;
        this.#loaded = load(command.rollouts, command.texts);
        break;
      case 'picture':
        this.#attempt(command.request, (loaded) => {
          const picture = pictureOf(loaded, command.settings);
          this.#post({ type: 'picture', request: command.request, picture });
        });
        break;
      case 'select':
        this.#attempt(command.request, (loaded) => {
          const { named, seed, request } = command;
          const rollouts = looking(loaded.rollouts, command.looks);
          const rows = chooseRows(named, rollouts, rankLooked(rollouts, seed), seed);
          this.#post({ type: 'selected', request, rows });
        });
        break;
      case 'steps':
        this.#attempt(command.request, (loaded) => {
          const { edited, looks, seed, normalise, request } = command;
          const rollouts = looking(loaded.rollouts, looks);
          const filters = filtersBeside(edited, rollouts);
          const report = overSteps(rollouts, filters, { seed, normalise });
          const labels = Object.fromEntries(filters.map(({ id, label }) => [id, label]));
          this.#post({ type: 'steps', request, report, labels });
        });
        break;
      case 'discarded':
        this.#attempt(command.request, (loaded) => {
          const { named, looks, seed, request } = command;
          const discarded = discardedBy(named, looking(loaded.rollouts, looks), seed);
          this.#post({ type: 'discarded', request, discarded });
        });
        break;
      case 'table':
        this.#newestTable = command.request;
        void this.#table(command);
        break;
      case 'rows':
        for (const row of command.rows) this.#rows.push(row);
        break;
      case 'analyze': {
        const { request, options } = command;
        const rows = this.#rows;
        this.#rows = [];
        try {
          this.#post({ type: 'analyzed', request, analysis: analyze(rows, options) });
        } catch (cause) {
          this.#post(failed(request, cause));
        }
        break;
      }
      default:
        command satisfies never;
    }
  }

  async #table({ request, edited, looks, options }: AnalystCommand & { type: 'table' }): Promise<void> {
    const loaded = this.#loaded;
    if (!loaded) return;
    try {
      const rollouts = looking(loaded.rollouts, looks);
      const phantom = phantomReport(rollouts, promptFiltersOf(scaleOf(rollouts)), tieSeed(options.seed ?? 1));
      this.#post({ type: 'phantom', request, phantom });
      const filters = filtersBeside(edited, rollouts);
      const reports = compareFilters(rollouts, filters, { ...options, texts: loaded.texts });
      for (;;) {
        await yieldToMessages();
        if (this.#newestTable !== request) return;
        const next = reports.next();
        if (next.done) break;
        this.#post({ type: 'row', request, report: next.value });
      }
      this.#post({ type: 'done', request });
    } catch (cause) {
      this.#post(failed(request, cause));
    }
  }

  #attempt(request: number, work: (loaded: Loaded) => void): void {
    try {
      if (this.#loaded) work(this.#loaded);
    } catch (cause) {
      this.#post(failed(request, cause));
    }
  }
}

/** The standard filters, the edited one first. */
function filtersBeside(edited: NamedFilter | null, rollouts: Rollouts): NamedFilter[] {
  return [...(edited ? [edited] : []), ...standardFilters(rollouts)];
}

function failed(request: number, cause: unknown): AnalystEvent {
  const { name, message } = cause instanceof Error ? cause : { name: 'Error', message: String(cause) };
  return { type: 'failed', request, name, message };
}

function load(rollouts: Rollouts, texts: ResponseTexts | ResponseIds | null): Loaded {
  const ranking = rankGroups(lookedAt(rollouts), rollouts.group, dragTies);
  const batch = batchesOf(rollouts.step ?? null)?.batch ?? null;
  return { rollouts: { ...rollouts, batch }, ranking, texts: texts ? textsOf(texts) : undefined };
}

function textsOf(texts: ResponseTexts | ResponseIds): Texts {
  if ('ids' in texts) return { id: texts.ids, read: null };
  const { starts, tokens } = texts;
  const ids = new Map<string, number>();
  const read = (row: number) => tokens.subarray(starts[row], starts[row + 1]);
  const id = Int32Array.from({ length: starts.length - 1 }, (_, row) => {
    const key = String.fromCharCode(...read(row));
    const known = ids.get(key) ?? ids.size;
    ids.set(key, known);
    return known;
  });
  return { id, read };
}

/** The pictures of a set of responses; rows without a true score count only where none is needed. */
function pictureOf({ rollouts, ranking }: Loaded, settings: PictureSettings): Picture {
  const { reward, score, prompt } = rollouts;
  const rows: number[] = [];
  for (let row = 0; row < reward.length; row++) if (score && !Number.isNaN(score[row])) rows.push(row);
  const all = rows.length === reward.length;
  const take = (column: ArrayLike<number>) => (all ? column : rows.map((row) => column[row]));
  const sizes = new Int32Array(1 + largestGroup(ranking));
  for (let g = 0; g < ranking.first.length; g++) sizes[ranking.starts[g + 1] - ranking.starts[g]]++;
  const base = { rows: reward.length, groups: ranking.first.length, known: rows.length, groupSizes: sizes };
  if (!score || rows.length === 0) {
    const unknown = new Float32Array(reward.length);
    return {
      ...base,
      histogram: passFailHistogram(reward, unknown, settings.bars),
      tenLines: null,
      calibration: null,
      ranks: null,
      fit: null,
    };
  }
  const x = take(reward);
  const y = take(score);
  const z = take(prompt);
  return {
    ...base,
    histogram: passFailHistogram(x, y, settings.bars),
    tenLines: tenLines(x, y, z, settings),
    calibration: calibration(x, y, z, settings.grouping),
    ranks: rankProfile(ranking, reward, score),
    fit: linearFit(x, y),
  };
}

function largestGroup(ranking: Ranking): number {
  let largest = 0;
  for (let g = 0; g < ranking.first.length; g++) {
    largest = Math.max(largest, ranking.starts[g + 1] - ranking.starts[g]);
  }
  return largest;
}
