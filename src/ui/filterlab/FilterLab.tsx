/**
 * The filter lab: how far a reward can be trusted, a filter under edit, what it would keep, and every filter compared
 * on the same responses. Knows neither runs nor files: it is given responses and says what is to be applied.
 */
import {
  startTransition,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useReducer,
  useState,
} from 'react';
import { defaultGrouping, type Grouping } from '../../core/analysis/bins.ts';
import type { NamedFilter } from '../../core/analysis/standardFilters.ts';
import { type Ranking, selectWeighted } from '../../core/filter.ts';
import { selectionStream, tieSeed } from '../../core/selectionSeeds.ts';
import { linearFit } from '../../core/stats.ts';
import type { PictureSettings } from '../../lab/rollouts/analyst.ts';
import { dragSample } from '../../lab/rollouts/dragSample.ts';
import {
  commonestSize,
  type EditedFilter,
  type Effect,
  editedFrom,
  effectOf,
  filterOfEdit,
  isThresholdMethod,
  setThreshold,
} from '../../lab/rollouts/filterEdit.ts';
import type { ShownResponses } from '../../lab/rollouts/shownResponses.ts';
import { type ArmSettings, methodText } from '../../lab/settings/settings.ts';
import { Apply, EffectView } from './editor/EffectView.tsx';
import { FilterEditor } from './editor/FilterEditor.tsx';
import { type History, record, redo, settle, startHistory, undo } from './editor/history.ts';
import { CalibrationFigure, RankFigure } from './figures/CalibrationAndRanks.tsx';
import { keptBars, planBars } from './figures/histogramBars.ts';
import { PictureFields } from './figures/PictureFields.tsx';
import { Scatter } from './figures/Scatter.tsx';
import { SpreadFigure, TenLinesFigure } from './figures/TenLinesFigure.tsx';
import { ThresholdHistogram } from './figures/ThresholdHistogram.tsx';
import styles from './filterlab.module.css';
import { TakeAway, type TakeAwayWays } from './TakeAway.tsx';
import { DecisionTable } from './table/DecisionTable.tsx';
import { useAnalysis } from './useAnalysis.ts';

export interface FilterLabProps {
  responses: ShownResponses;
  /** Where the editor starts from. */
  settings: ArmSettings;
  synthetic?: boolean;
  /** More of them are still being read from a file. */
  reading?: boolean;
  /** N is the size of their groups. Else it is to be chosen, for an arm. */
  hasFixedN?: boolean;
  /** Starts a new arm with the edited filter; absent: there is nothing to apply it to. */
  onApply?: (edit: EditedFilter) => void;
  /** Runs a filter function in the sandbox: one weight per response. */
  runCustom: (source: string, batch: { reward: Float32Array; group: Int32Array }) => Promise<Float32Array>;
  /** Ways to take the filter, and what it keeps, away. */
  takeAway?: TakeAwayWays;
  /** What stands in the bar above: the choice of responses. */
  bar?: React.ReactNode;
}

type Step =
  | { type: 'edit'; edit: EditedFilter; gesture: string | null }
  | { type: 'settle' | 'undo' | 'redo' };

function editing(history: History<EditedFilter>, step: Step): History<EditedFilter> {
  switch (step.type) {
    case 'edit':
      return record(history, step.edit, step.gesture);
    case 'settle':
      return settle(history);
    case 'undo':
      return undo(history);
    case 'redo':
      return redo(history);
    default:
      step satisfies never;
      return history;
  }
}

const editedId = 'edited';
const barCount = 40;
/** One seed for ties, selections and intervals: the same responses give the same table. */
const seed = 1;
const defaultPicture: PictureSettings = {
  grouping: { groups: 10, mode: 'equal-width' },
  lines: 10,
  by: 'split',
  bars: barCount,
  seed: 1,
};

/** New responses wait while the table of the old ones is being computed: a picture at a time, never torn. */
function useSettled<T>(latest: T, busy: boolean): T {
  const [shown, setShown] = useState(latest);
  useEffect(() => {
    if (!busy) startTransition(() => setShown(() => latest));
  }, [latest, busy]);
  return shown;
}

/** What a custom function gave, and for which text and responses. */
interface CustomRun {
  source: string;
  responses: ShownResponses;
  weights: Float32Array;
}

export function FilterLab(props: FilterLabProps) {
  const [history, dispatch] = useReducer(editing, props.settings, (settings) =>
    startHistory(editedFrom(settings)),
  );
  const [grouping, setGrouping] = useState<Grouping>(defaultGrouping);
  const [picture, setPicture] = useState(defaultPicture);
  const [custom, setCustom] = useState<CustomRun | null>(null);
  const [busy, setBusy] = useState(false);
  const responses = useSettled(props.responses, busy);
  const sample = useMemo(() => responses.sample ?? dragSample(responses.rollouts), [responses]);
  const { reward, score, group } = sample.rollouts;
  const total = responses.rollouts.reward.length;

  const { ranking } = sample;
  const { hasFixedN = false } = props;
  const edit = useMemo(
    () => (hasFixedN ? { ...history.present, responses: commonestSize(ranking) } : history.present),
    [history.present, hasFixedN, ranking],
  );
  const ranks = useMemo(() => {
    let most = 1;
    for (let g = 0; g < ranking.first.length; g++)
      most = Math.max(most, ranking.starts[g + 1] - ranking.starts[g]);
    return most;
  }, [ranking]);
  const plan = useMemo(() => planBars(reward, score, barCount), [reward, score]);

  const filter = useMemo(() => filterOfEdit(edit), [edit]);
  const weights =
    custom && custom.source === edit.customFilter && custom.responses === responses ? custom.weights : null;
  const effect = useMemo(
    () =>
      effectOf(
        { reward, score, ranking, lengths: sample.rows ? null : responses.lengths },
        filter,
        edit.sampler,
        {
          weights,
          keep: edit.keep,
        },
      ),
    [reward, score, ranking, sample, responses.lengths, filter, edit.sampler, edit.keep, weights],
  );
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
  const expected = useMemo(
    () => expectedByRank(effect, ranking, Math.min(ranks, 16)),
    [effect, ranking, ranks],
  );

  const unrun = filter.kind === 'custom' && !weights;
  const edited = useMemo((): NamedFilter | null => {
    const named = {
      id: editedId,
      label: `edited: ${methodText[edit.method].label}`,
      filter,
      sampler: edit.sampler,
    };
    if (filter.kind !== 'custom') return named;
    if (!weights || sample.rows) return null;
    const rows = selectWeighted(weights, edit.sampler, edit.keep, group, selectionStream(seed, editedId));
    return { ...named, rows };
  }, [group, sample, filter, edit.method, edit.sampler, edit.keep, weights]);
  const { reading = false } = props;
  const analysis = useAnalysis(responses, { reading, picture, edited, grouping, replicates: 1000, seed });
  useEffect(() => setBusy(analysis.busy), [analysis.busy]);

  const runCustom = useCallback(
    async (source: string) => {
      const given = await props.runCustom(source, { reward, group });
      setCustom({ source, responses, weights: given });
    },
    [props.runCustom, reward, group, responses],
  );
  const onEdit = (next: EditedFilter, gesture: string | null) =>
    dispatch({ type: 'edit', edit: next, gesture });
  const onSettle = () => dispatch({ type: 'settle' });
  const handles = isThresholdMethod(edit.method)
    ? [
        { which: 'high' as const, value: edit.thresholdHigh },
        ...(edit.method === 'top-bott' ? [{ which: 'low' as const, value: edit.thresholdLow }] : []),
      ]
    : [];
  const { picture: drawn } = analysis;

  return (
    <div className={styles.lab}>
      <div className={styles.row}>
        <p className={styles.source}>
          <b>{responses.label}</b>: {total.toLocaleString('en-GB')} responses
          {sample.rows
            ? `. What follows a drag (histogram, scatter, counts) shows ${reward.length.toLocaleString('en-GB')} of them, whole groups at random; the other figures and the table are of all`
            : ` to ${ranking.first.length.toLocaleString('en-GB')} prompts`}
          {props.synthetic ? <span className={styles.badge}>synthetic reward</span> : null}
        </p>
        <span className={styles.spring} />
        {props.bar}
      </div>
      {score === null ? (
        <p className={styles.warning}>
          These responses have no true score. What a filter keeps can be seen; whether it keeps the right ones
          cannot: R², pass rates and reliability need the truth.
        </p>
      ) : null}
      <div className={styles.columns}>
        <div className={styles.column}>
          <FilterEditor
            edit={edit}
            hasFixedN={hasFixedN}
            ranks={Math.min(ranks, 16)}
            expected={expected}
            range={[plan.edges[0], plan.edges[barCount]]}
            onEdit={onEdit}
            onSettle={onSettle}
            onUndo={history.past.length > 0 ? () => dispatch({ type: 'undo' }) : null}
            onRedo={history.future.length > 0 ? () => dispatch({ type: 'redo' }) : null}
            onRunCustom={runCustom}
            sample={sample.rows ? { shown: reward.length, total } : null}
          />
          <EffectView effect={effect} unrun={unrun} sampled={sample.rows !== null} />
          {props.onApply ? <Apply edit={edit} onApply={props.onApply} /> : null}
        </div>
        <div className={styles.column}>
          <ThresholdHistogram
            bars={bars}
            known={score !== null}
            handles={handles}
            onThreshold={(which, value, gesture) => onEdit(setThreshold(edit, which, value), gesture)}
            onSettle={onSettle}
          />
          {score ? (
            <Scatter
              reward={reward}
              score={score}
              uses={settled.uses.length === reward.length ? settled.uses : null}
              fit={drawn?.fit ?? null}
              keptFit={keptFit}
              keptLabel={methodText[edit.method].label}
              sampled={sample.rows !== null}
            />
          ) : null}
        </div>
      </div>
      {score && drawn?.tenLines && drawn.calibration && drawn.ranks ? (
        <>
          <PictureFields settings={picture} onSettings={setPicture} />
          <div className={styles.columns}>
            <div className={styles.column}>
              <TenLinesFigure data={drawn.tenLines} />
              <SpreadFigure data={drawn.tenLines} />
            </div>
            <div className={styles.column}>
              <CalibrationFigure bins={drawn.calibration} fit={drawn.fit} />
              <RankFigure ranks={drawn.ranks} />
            </div>
          </div>
        </>
      ) : null}
      {sample.rows && filter.kind === 'custom' && weights ? (
        <p className={styles.warning}>
          A filter function is tried on the sample alone: with so many responses it has no row in the table
          and cannot be exported. Rebuild it from weights or thresholds, or open fewer responses.
        </p>
      ) : null}
      <DecisionTable
        reports={analysis.reports}
        busy={analysis.busy}
        reading={reading}
        failure={analysis.failure}
        grouping={grouping}
        onGrouping={setGrouping}
        groups={drawn?.groups ?? ranking.first.length}
        edited={editedId}
      />
      {props.takeAway ? (
        <TakeAway
          edit={edit}
          filter={filter}
          settings={props.settings}
          seeds={{ tie: tieSeed(seed), draw: selectionStream(seed, editedId).uint32() }}
          ways={props.takeAway}
          select={edited ? async () => edited.rows ?? (await analysis.select(edited)) : null}
        />
      ) : null}
    </div>
  );
}

/** Mean expected uses of each rank over all groups that have it. */
function expectedByRank(effect: Effect, ranking: Ranking, ranks: number): number[] {
  const sum = new Float64Array(ranks);
  const count = new Float64Array(ranks);
  for (let g = 0; g < ranking.first.length; g++) {
    const from = ranking.starts[g];
    const size = Math.min(ranks, ranking.starts[g + 1] - from);
    for (let i = 0; i < size; i++) {
      sum[i] += effect.uses[ranking.order[from + i]];
      count[i]++;
    }
  }
  return Array.from(sum, (total, i) => (count[i] > 0 ? total / count[i] : 0));
}
