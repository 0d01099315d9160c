/**
 * One experiment: how far it is, what came of each run, and what they come to together. Of a grid, the map, and one cell
 * at a time.
 */
import { useMemo, useState } from 'react';
import { cellView, mapSourceOf } from '../../../lab/experiments/outcome/experimentMap.ts';
import type { ExperimentView as View } from '../../../lab/state/experimentsState.ts';
import { Choice } from '../../parts/Choice.tsx';
import { useLaboratory } from '../../useLab.ts';
import { GridMap } from '../map/GridMap.tsx';
import { CompareRuns } from './CompareRuns.tsx';
import { ExperimentCurves } from './ExperimentCurves.tsx';
import { ExperimentProgress } from './ExperimentProgress.tsx';
import type { Hidden } from './experimentLines.ts';
import styles from './experiments.module.css';
import { Leaderboard } from './Leaderboard.tsx';
import { RunGrid } from './RunGrid.tsx';
import { TakeAway } from './TakeAway.tsx';

/** The arm that differences are taken from at first. */
const firstBaseline = ({ spec }: View) =>
  spec.arms.find(({ name }) => name === 'PPO-M')?.name ?? spec.arms[0].name;

export function ExperimentView({ view }: { view: View }) {
  const source = useMemo(() => mapSourceOf(view), [view]);
  const [cell, setCell] = useState(source?.cells[0].name ?? '');
  const shown = useMemo(() => (source ? cellView(view, cell) : view), [source, view, cell]);
  if (!source) return <Comparison view={view} whole={view} />;
  return (
    <div className={styles.view}>
      <GridMap source={source} against={firstBaseline(shown)} />
      <span>
        The cell below{' '}
        <Choice
          label="The cell below"
          value={cell}
          options={source.cells.map(({ name }) => ({ value: name, label: name }))}
          onChange={setCell}
        />
      </span>
      <Comparison key={cell} view={shown} whole={view} />
    </div>
  );
}

/** @param props.whole what the arms are of: the grid whose cell they stand in, or the experiment itself */
function Comparison({ view, whole }: { view: View; whole: View }) {
  const laboratory = useLaboratory();
  const [baseline, setBaseline] = useState(() => firstBaseline(view));
  const [hidden, setHidden] = useState<Hidden>({ arms: new Set(), runs: new Set() });
  /** Two runs to be put side by side, the last one chosen last. */
  const [pair, setPair] = useState<readonly string[]>([]);
  const deleted = view.runs.filter((run) => run.state === 'deleted').length;
  const stored = view.runs.some(({ id }) => id !== null);
  const toggleArm = (arm: string) => setHidden({ ...hidden, arms: toggled(hidden.arms, arm) });
  const toggleRun = (index: number) => setHidden({ ...hidden, runs: toggled(hidden.runs, index) });
  return (
    <div className={styles.view}>
      <ExperimentProgress view={whole} />
      {deleted > 0 ? (
        <p className={styles.deleted} role="status">
          {deleted === 1
            ? 'One run was deleted: its numbers are'
            : `${deleted} runs were deleted: their numbers are`}{' '}
          in none of the means below.
        </p>
      ) : null}
      <RunGrid
        view={view}
        hidden={hidden.runs}
        onHide={toggleRun}
        onCompare={(id) => setPair([...pair.filter((each) => each !== id), id].slice(-2))}
      />
      <Leaderboard
        view={view}
        baseline={baseline}
        onBaseline={setBaseline}
        hidden={hidden.arms}
        onHide={toggleArm}
      />
      <ExperimentCurves view={view} baseline={baseline} hidden={hidden} />
      {stored ? <CompareRuns view={view} pair={pair} onPair={setPair} /> : null}
      <TakeAway
        view={view}
        baseline={baseline}
        onRename={(name) => void laboratory.experiments.rename(view.id, name)}
      />
    </div>
  );
}

function toggled<Value>(set: ReadonlySet<Value>, value: Value): ReadonlySet<Value> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}
