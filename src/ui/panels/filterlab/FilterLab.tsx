/**
 * The filter lab: how far a reward can be trusted, a filter under edit, what it would keep, and every filter compared
 * on the same responses. Knows neither runs nor files: it is given responses and says what is to be applied.
 */
import { useEffect, useMemo, useState } from 'react';
import { defaultGrouping, type Grouping } from '../../../core/analysis/bins.ts';
import { type Looks, looking, type Rollouts, truthIsKnown } from '../../../core/analysis/rollouts.ts';
import { selectionStream, tieSeed } from '../../../core/filters/selectionSeeds.ts';
import { counted } from '../../../core/numberText.ts';
import type { PictureSettings } from '../../../lab/rollouts/analysis/analyst.ts';
import { scaleOf } from '../../../lab/rollouts/analysis/standardFilters.ts';
import { dragSample, sampleLooking } from '../../../lab/rollouts/edit/dragSample.ts';
import {
  type EditedFilter,
  labelOf,
  setThreshold,
  thresholdsOf,
} from '../../../lab/rollouts/edit/filterEdit.ts';
import type { OwnScale } from '../../../lab/rollouts/edit/ownScale.ts';
import type { ReadTexts } from '../../../lab/rollouts/files/discardedRows.ts';
import type { ShownResponses } from '../../../lab/rollouts/shownResponses.ts';
import type { PresetArm } from '../../../lab/settings/presets.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import { PlaceOnMap } from '../map/PlaceOnMap.tsx';
import { DiscardedView } from './discarded/DiscardedView.tsx';
import { Apply, EffectView } from './editor/EffectView.tsx';
import { FilterEditor } from './editor/FilterEditor.tsx';
import { TryIt } from './editor/TryIt.tsx';
import { CalibrationFigure, RankFigure } from './figures/CalibrationAndRanks.tsx';
import { PictureFields } from './figures/PictureFields.tsx';
import { Scatter } from './figures/Scatter.tsx';
import { SpreadFigure, TenLinesFigure } from './figures/TenLinesFigure.tsx';
import { ThresholdHistogram } from './figures/ThresholdHistogram.tsx';
import styles from './filterlab.module.css';
import { PhantomBox } from './PhantomBox.tsx';
import { StepsView } from './steps/StepsView.tsx';
import { TakeAway, type TakeAwayWays } from './TakeAway.tsx';
import { DecisionTable } from './table/DecisionTable.tsx';
import { useAnalysis } from './useAnalysis.ts';
import { useFilterEdit } from './useFilterEdit.ts';
import { useFilterEffect } from './useFilterEffect.ts';
import { useSettled } from './useSettled.ts';

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
  /** Opens arms whose reward is as reliable as that of these responses; absent: the lab trains on them already. */
  onTry?: (arms: PresetArm[]) => void;
  /** Runs a filter function in the sandbox: one weight per response. */
  runCustom: (source: string, batch: { reward: Float32Array; group: Int32Array }) => Promise<Float32Array>;
  /** What the responses say; absent: that is not at hand. */
  readTexts?: ReadTexts;
  /** Ways to take the filter, and what it keeps, away. */
  takeAway?: TakeAwayWays;
  /** What stands in the bar above: the choice of responses. */
  bar?: React.ReactNode;
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

/** The scale of what the filters look at, computed once for each. */
function scaleByLooks(rollouts: Rollouts): (looks: Looks) => OwnScale {
  const known = new Map<Looks, OwnScale>();
  return (looks) => {
    const scale = known.get(looks) ?? scaleOf(looking(rollouts, looks));
    known.set(looks, scale);
    return scale;
  };
}

export function FilterLab(props: FilterLabProps) {
  const { hasFixedN = false, reading = false } = props;
  const [grouping, setGrouping] = useState<Grouping>(defaultGrouping);
  const [picture, setPicture] = useState(defaultPicture);
  const [busy, setBusy] = useState(false);
  const responses = useSettled(props.responses, busy);
  const given = useMemo(() => responses.sample ?? dragSample(responses.rollouts), [responses]);
  const truthKnown = useMemo(() => truthIsKnown(responses.rollouts), [responses]);
  const total = responses.rollouts.reward.length;

  const file = useMemo(
    () => (hasFixedN ? { ranking: given.ranking, scale: scaleByLooks(given.rollouts) } : null),
    [given, hasFixedN],
  );
  const { edit, onEdit, onSettle, onUndo, onRedo } = useFilterEdit(props.settings, file, truthKnown);
  const { looks, normalise } = edit;
  const sample = useMemo(() => sampleLooking(given, looks), [given, looks]);
  const { reward, score } = sample.rollouts;
  const { ranking } = sample;
  const sampled = sample.rows !== null;
  const whole = useMemo(() => looking(responses.rollouts, looks), [responses, looks]);
  const { runCustom } = props;
  const shown = useFilterEffect({ responses, sample, edit, id: editedId, seed, barCount, runCustom });
  const { filter, edited, expected } = shown;
  const analysis = useAnalysis(responses, {
    reading,
    picture,
    edited,
    looks,
    normalise,
    grouping,
    replicates: 1000,
    seed,
  });
  // Another object whenever what is discarded may be another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are what it stands for
  const fits = useMemo(() => ({}), [responses, edited, looks]);
  useEffect(() => setBusy(analysis.busy), [analysis.busy]);
  const { picture: drawn } = analysis;

  return (
    <div className={styles.lab}>
      <div className={styles.row}>
        <p className={styles.source}>
          <b>{responses.label}</b>: {counted(total, 'response')}
          {sampled
            ? `. What follows a drag (histogram, scatter, counts) shows ${reward.length.toLocaleString('en-GB')} of them, whole groups at random; the other figures and the table are of all`
            : ` to ${counted(ranking.first.length, 'prompt')}`}
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
      <PhantomBox phantom={analysis.phantom} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <FilterEditor
            edit={edit}
            column={responses.filterOn ?? null}
            truth={truthKnown ? 'all' : responses.rollouts.score ? 'some' : 'none'}
            hasFixedN={hasFixedN}
            ranks={expected.length}
            expected={expected}
            range={shown.range}
            onEdit={onEdit}
            onSettle={onSettle}
            onUndo={onUndo}
            onRedo={onRedo}
            onRunCustom={shown.onRunCustom}
            sample={sampled ? { shown: reward.length, total } : null}
          />
          <EffectView
            effect={shown.effect}
            unrun={filter.kind === 'custom' && !shown.hasWeights}
            sampled={sampled}
          />
          {props.onApply ? <Apply edit={edit} onApply={props.onApply} /> : null}
          {props.onTry && !reading && responses.rollouts.score ? (
            <TryIt
              edit={edit}
              reward={responses.rollouts.reward}
              score={responses.rollouts.score}
              onTry={props.onTry}
            />
          ) : null}
        </div>
        <div className={styles.column}>
          <ThresholdHistogram
            bars={shown.bars}
            known={score !== null}
            looked={
              looks === 'truth'
                ? 'true score'
                : looks === 'given'
                  ? (responses.filterOn ?? 'reward')
                  : 'reward'
            }
            handles={thresholdsOf(edit)}
            onThreshold={(which, value, gesture) => onEdit(setThreshold(edit, which, value), gesture)}
            onSettle={onSettle}
          />
          {score ? (
            <Scatter
              reward={reward}
              score={score}
              uses={shown.uses}
              fit={drawn?.fit ?? null}
              keptFit={shown.keptFit}
              keptLabel={labelOf(edit)}
              sampled={sampled}
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
      {sampled && filter.kind === 'custom' && shown.hasWeights ? (
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
        edited={editedId}
      />
      {reading ? null : (
        <>
          <StepsView
            key={`steps ${looks} ${normalise}`}
            ask={() => analysis.steps(edited)}
            edited={editedId}
          />
          <DiscardedView
            rollouts={whole}
            label={labelOf(edit)}
            ask={edited && (() => analysis.discarded(edited))}
            fits={fits}
            readTexts={props.readTexts ?? null}
          />
        </>
      )}
      {responses.rollouts.score ? <PlaceOnMap rows={responses.rollouts} /> : null}
      {props.takeAway ? (
        <TakeAway
          edit={edit}
          filter={filter}
          column={responses.filterOn ?? null}
          settings={props.settings}
          seeds={{ tie: tieSeed(seed), draw: selectionStream(seed, editedId).uint32() }}
          ways={props.takeAway}
          select={edited ? async () => edited.rows ?? (await analysis.select(edited)) : null}
        />
      ) : null}
    </div>
  );
}
