/**
 * Every run in one picture: a row per arm, a cell per seed with its state and its held-out pass so far, small. A cell
 * opens what may be done with the run.
 */
import { Menu } from '@base-ui/react/menu';
import { endText } from '../../../lab/settings/stopRules.ts';
import type { ExperimentView, RunView } from '../../../lab/state/experimentsState.ts';
import { seriesColour, seriesCount } from '../../charts/palette.ts';
import { Swatch } from '../../charts/Swatch.tsx';
import { layer } from '../../parts/layer.ts';
import parts from '../../parts/parts.module.css';
import { TableHead } from '../../parts/TableHead.tsx';
import { useLab, useLaboratory } from '../../useLab.ts';
import styles from './runGrid.module.css';

export interface RunGridProps {
  view: ExperimentView;
  /** Places of runs whose own lines are hidden. */
  hidden: ReadonlySet<number>;
  onHide: (index: number) => void;
  /** Chooses a run, by its id, as one of two to be put side by side. */
  onCompare: (id: string) => void;
}

export function RunGrid(props: RunGridProps) {
  const { spec, runs } = props.view;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.gridScroll} tabIndex={0} aria-label="Runs: arms by seeds">
      <table className={styles.grid}>
        <caption className={styles.hidden}>Runs: a row per arm, a column per seed</caption>
        <TableHead names={['Arm', ...spec.seeds.map((seed) => `seed ${seed}`)]} />
        <tbody>
          {spec.arms.map((arm, i) => (
            <tr key={arm.name}>
              <th scope="row">
                <Swatch series={i % seriesCount} width={22} /> {arm.name}
              </th>
              {spec.seeds.map((seed, j) => (
                <td key={seed}>
                  <Cell
                    {...props}
                    run={runs[j * spec.arms.length + i]}
                    planned={arm.settings.training.iterations}
                    series={i % seriesCount}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const stateWords: Record<RunView['state'], string> = {
  waiting: 'waiting',
  running: 'running',
  finished: 'finished',
  failed: 'failed',
  stopped: 'stopped',
  deleted: 'deleted',
};

/** "running, 12 of 40", "finished, 25 of 40: on a plateau" */
function inWords({ state, iteration, endedBy }: RunView, planned: number): string {
  if (state === 'waiting' || state === 'deleted') return stateWords[state];
  const early = state === 'finished' && endedBy !== null && endedBy !== 'iterations';
  return `${stateWords[state]}, ${iteration} of ${planned}${early ? `: ${endText[endedBy]}` : ''}`;
}

function Cell(props: RunGridProps & { run: RunView; planned: number; series: number }) {
  const { run, planned, series, hidden } = props;
  const name = `${run.arm}, seed ${run.seed}`;
  const what = inWords(run, planned);
  const empty = run.state === 'waiting' || run.state === 'deleted' || run.id === null;
  const inside = (
    <>
      <Spark run={run} planned={planned} series={series} faint={hidden.has(run.index)} />
      <span className={styles.cellText}>
        {run.state === 'running' || run.state === 'finished'
          ? `${run.iteration}/${planned}`
          : stateWords[run.state]}
      </span>
    </>
  );
  if (empty) {
    return (
      <span className={styles.cell} data-state={run.state} title={`${name}: ${what}`}>
        {inside}
      </span>
    );
  }
  return (
    <Menu.Root>
      <Menu.Trigger
        className={styles.cell}
        data-state={run.state}
        aria-label={`${name}: ${what}`}
        title={run.error ? `${name}: ${run.error.message}` : `${name}: ${what}`}
      >
        {inside}
      </Menu.Trigger>
      <Menu.Portal container={layer}>
        <Menu.Positioner className={parts.layer} sideOffset={4} collisionPadding={8}>
          <Menu.Popup className={parts.menu}>
            <Menu.Group>
              <Menu.GroupLabel className={styles.menuLabel}>
                {name}
                <small>{run.error?.message ?? what}</small>
              </Menu.GroupLabel>
              <CellItems {...props} id={run.id!} />
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function CellItems(props: RunGridProps & { run: RunView; id: string }) {
  const laboratory = useLaboratory();
  const onPage = useLab((state) => state.arms.some((arm) => arm.run === props.id));
  const { run, id, hidden } = props;
  const items: [label: string, perform: () => void][] = [
    ...(run.state === 'running'
      ? []
      : ([
          [
            onPage ? 'Choose its arm on the page' : 'Open on the page as an arm',
            () => void laboratory.savedRuns.open([id]),
          ],
        ] as [string, () => void][])),
    ['Compare with another', () => props.onCompare(id)],
    [hidden.has(run.index) ? 'Show its own line' : 'Hide its own line', () => props.onHide(run.index)],
    ['Delete it, and its numbers', () => void laboratory.runs.remove([id])],
  ];
  return items.map(([label, perform]) => (
    <Menu.Item key={label} className={styles.menuItem} onClick={perform}>
      {label}
    </Menu.Item>
  ));
}

const width = 74;
const height = 22;

/** The held-out pass of one run over its planned iterations, on the same scale in every cell. */
function Spark(props: { run: RunView; planned: number; series: number; faint: boolean }) {
  const { run, planned, series, faint } = props;
  const points = run.evaluations.flatMap(({ iteration, metrics: { heldPass } }) =>
    heldPass === undefined
      ? []
      : [
          `${((iteration / planned) * (width - 4) + 2).toFixed(1)},${(height - 2 - heldPass * (height - 4)).toFixed(1)}`,
        ],
  );
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
      opacity={faint ? 0.35 : 1}
    >
      <line x1="2" x2={width - 2} y1={height - 1.5} y2={height - 1.5} stroke="var(--grid)" />
      <line
        x1="2"
        x2={2 + (Math.min(1, run.iteration / planned) * (width - 4) || 0)}
        y1={height - 1.5}
        y2={height - 1.5}
        stroke={seriesColour(series)}
        strokeWidth="2"
      />
      {points.length > 1 ? (
        <polyline points={points.join(' ')} fill="none" stroke={seriesColour(series)} strokeWidth="1.5" />
      ) : null}
    </svg>
  );
}
