/** What the filter under edit would keep of the responses: what the figures draw at every frame of a drag. */
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { lookedAt, type NamedFilter } from '../../../core/analysis/rollouts.ts';
import { selectWeighted } from '../../../core/filters/filter.ts';
import type { PromptFilter } from '../../../core/filters/promptFilter.ts';
import { selectionStream } from '../../../core/filters/selectionSeeds.ts';
import { linearFit } from '../../../core/statistics/stats.ts';
import { type DragSample, throughOf } from '../../../lab/rollouts/edit/dragSample.ts';
import {
  type EditedFilter,
  filterOfEdit,
  functionOf,
  labelOf,
  promptsOfEdit,
  samplerOf,
} from '../../../lab/rollouts/edit/filterEdit.ts';
import { effectOf, expectedByRank } from '../../../lab/rollouts/edit/filterEffect.ts';
import type { ShownResponses } from '../../../lab/rollouts/shownResponses.ts';
import { keptBars, planBars } from './figures/histogramBars.ts';

/** Ranks that have a bar of their own. */
const mostRanks = 16;

/** What a custom function gave, and for which text and responses. */
interface CustomRun {
  source: string;
  responses: ShownResponses;
  looked: Float32Array;
  weights: Float32Array;
}

export interface FilterEffectInput {
  responses: ShownResponses;
  sample: DragSample;
  edit: EditedFilter;
  /** The name of the edited filter in the table. */
  id: string;
  seed: number;
  barCount: number;
  runCustom: (source: string, batch: { reward: Float32Array; group: Int32Array }) => Promise<Float32Array>;
}

export function useFilterEffect({
  responses,
  sample,
  edit,
  id,
  seed,
  barCount,
  ...given
}: FilterEffectInput) {
  const [custom, setCustom] = useState<CustomRun | null>(null);
  const { ranking, rows } = sample;
  const { reward, score, group } = sample.rollouts;
  const looked = lookedAt(sample.rollouts);
  const ranks = useMemo(() => {
    let most = 1;
    for (let g = 0; g < ranking.first.length; g++)
      most = Math.max(most, ranking.starts[g + 1] - ranking.starts[g]);
    return Math.min(most, mostRanks);
  }, [ranking]);
  const plan = useMemo(() => planBars(looked, score, barCount), [looked, score, barCount]);

  const filter = useMemo(() => filterOfEdit(edit), [edit]);
  const sampler = samplerOf(edit);
  const keep = edit.knobs.keep as number;
  const weights =
    custom && custom.source === functionOf(edit) && custom.responses === responses && custom.looked === looked
      ? custom.weights
      : null;
  const prompts = useMemo(() => promptsOfEdit(edit), [edit]);
  const wanted = JSON.stringify(prompts);
  const share = reward.length / responses.rollouts.reward.length;
  const through = useMemo(
    () => throughOf(JSON.parse(wanted) as PromptFilter | null, sample, share),
    [wanted, sample, share],
  );
  const effect = useMemo(() => {
    const lengths = sample.rollouts.lengths ?? null;
    return effectOf({ reward, looked, score, ranking, lengths, through }, filter, sampler, { weights, keep });
  }, [reward, looked, score, ranking, sample, through, filter, sampler, keep, weights]);
  const bars = useMemo(() => keptBars(plan, effect.uses), [plan, effect]);
  // The cloud and its line may follow a drag a frame or two late; the counts and the handle may not.
  const settled = useDeferredValue(effect);
  const gaps = useMemo(() => score?.some(Number.isNaN) ?? false, [score]);
  const keptFit = useMemo(() => {
    if (!score || settled.uses.length !== reward.length || settled.kept === 0) return null;
    // A row of weight 0 is passed over, whatever its score.
    const known = gaps ? settled.uses.map((use, row) => (Number.isNaN(score[row]) ? 0 : use)) : settled.uses;
    return linearFit(reward, score, known);
  }, [reward, score, gaps, settled]);
  const expected = useMemo(() => expectedByRank(effect, ranking, ranks), [effect, ranking, ranks]);

  const edited = useMemo((): NamedFilter | null => {
    const label = `edited: ${labelOf(edit)}`;
    const named = { id, label, prompts, filter, sampler };
    if (filter.kind !== 'custom') return named;
    if (!weights || rows) return null;
    const rng = selectionStream(seed, id);
    if (through === null) return { ...named, rows: selectWeighted(weights, sampler, keep, group, rng) };
    const left = Float32Array.from(through.rows, (row) => weights[row]);
    const chosen = selectWeighted(left, sampler, keep, through.group, rng);
    return { ...named, rows: chosen.map((row) => through.rows[row]) };
  }, [group, rows, filter, prompts, through, edit, sampler, keep, weights, id, seed]);

  const { runCustom } = given;
  const onRunCustom = useCallback(
    async (source: string) => {
      setCustom({ source, responses, looked, weights: await runCustom(source, { reward: looked, group }) });
    },
    [runCustom, looked, group, responses],
  );
  return {
    filter,
    effect,
    bars,
    /** [ranks] expected uses by rank: as many ranks as have a bar. */
    expected,
    range: [plan.edges[0], plan.edges[barCount]] as const,
    /** Uses of each response and the line through what is kept, a frame or two late; null while they do not fit. */
    uses: settled.uses.length === reward.length ? settled.uses : null,
    keptFit,
    /** The edited filter for the table; null for a custom one that has no rows there. */
    edited,
    /** What a custom function gave is at hand for these responses. */
    hasWeights: weights !== null,
    onRunCustom,
  };
}
