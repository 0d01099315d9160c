/** The runs that are kept in this browser: open, resume, name, take away, bring in, delete. */
import { useState } from 'react';
import type { RunsState } from '../../../lab/state/runsState.ts';
import type { StoredRun } from '../../../lab/storage/runStore.ts';
import { bytesText, spaceLevel } from '../../../lab/storage/space.ts';
import { ActionButton } from '../../parts/ActionButton.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useArms, useLab, useLaboratory } from '../../useLab.ts';
import { ExperimentGroup } from './ExperimentGroup.tsx';
import { grouped } from './groupRuns.ts';
import { MakeRoom } from './MakeRoom.tsx';
import { RunRow } from './RunRow.tsx';
import styles from './runs.module.css';

export function RunsPanel() {
  const runs = useLab((state) => state.runs);
  return (
    <Panel title="Saved runs" closes="runs" tools={<Tools runs={runs} />}>
      <p className={styles.lead}>
        Every run is saved in this browser as it happens, with its samples, and goes on to the same numbers
        after a reload or a crash.
      </p>
      {runs.storage === 'refused' ? (
        <p className={styles.refused}>
          This browser lets the page store nothing, so runs are lost when the page is closed.
        </p>
      ) : (
        <StoredRuns runs={runs} />
      )}
    </Panel>
  );
}

function Tools({ runs }: { runs: RunsState }) {
  const laboratory = useLaboratory();
  if (runs.storage !== 'open') return null;
  return (
    <>
      {runs.unsaved.length > 0 ? <ActionButton action="save-again" /> : null}
      {runs.removed.length > 0 ? <ActionButton action="restore-runs" icon="undo" /> : null}
      {runs.unfinished.length > 0 ? <ActionButton action="resume-session" icon="play" /> : null}
      <FileButton label="Import a run …" onFiles={([file]) => void laboratory.runs.importFile(file)} />
    </>
  );
}

function StoredRuns({ runs }: { runs: RunsState }) {
  const arms = useArms();
  const [archived, setArchived] = useState(false);
  const onPage = new Set(arms.map((arm) => arm.run));
  const hidden = runs.list.filter((run) => run.archived).length;
  const shown = runs.list.filter((run) => archived || !run.archived);
  const row = (run: StoredRun) => (
    <RunRow
      key={run.id}
      run={run}
      unsaved={runs.unsaved.includes(run.id)}
      where={onPage.has(run.id) ? 'page' : runs.elsewhere.includes(run.id) ? 'elsewhere' : null}
    />
  );
  return (
    <>
      {shown.length === 0 ? (
        <p className={styles.empty}>
          {runs.storage === 'opening'
            ? 'Opening the storage …'
            : hidden > 0
              ? 'All saved runs are archived.'
              : 'None yet. Press play: each arm becomes a saved run.'}
        </p>
      ) : (
        <ul className={styles.list} aria-label="Saved runs, the latest first">
          {grouped(shown, runs.experiments).map((entry) =>
            'id' in entry ? (
              row(entry)
            ) : (
              <ExperimentGroup key={entry.experiment.id} {...entry}>
                {row}
              </ExperimentGroup>
            ),
          )}
        </ul>
      )}
      {hidden > 0 ? (
        <label className={styles.archived}>
          <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} />
          Show {hidden} archived
        </label>
      ) : null}
      {runs.removed.length > 1 ? (
        <p className={styles.removed}>
          {runs.removed.length} deletions can be brought back, one after the other, until the page is closed.
        </p>
      ) : null}
      <Space runs={runs} />
      <MakeRoom runs={runs} />
    </>
  );
}

function Space({ runs }: { runs: RunsState }) {
  const { space } = runs;
  if (!space) return null;
  const level = spaceLevel(space);
  const share = Math.min(1, space.used / space.quota);
  return (
    <div className={styles.space} data-level={level}>
      <p>
        <b>{bytesText(space.used)}</b> of the {bytesText(space.quota)} that the browser grants are used.{' '}
        {space.persisted
          ? 'It has promised to keep them until you delete them.'
          : 'It may clear them when the disk runs short: export what must last.'}
      </p>
      <div className={styles.meter} aria-hidden="true">
        <span style={{ width: `${(100 * share).toFixed(2)}%` }} />
      </div>
      <p className={styles.room}>
        {level === 'fine' ? null : 'Room runs short: runs will soon no longer be saved.'}
        {runs.list.some((run) => run.finished) ? <ActionButton action="make-room" /> : null}
        {level !== 'fine' && !runs.list.some((run) => run.finished)
          ? ' No run is finished, so nothing can go by itself: export a run, then delete it.'
          : null}
      </p>
    </div>
  );
}
