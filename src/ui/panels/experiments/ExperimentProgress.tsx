/** How far an experiment is, how long still, and the buttons that hold it. */
import { canGoOn, unfinishedOf } from '../../../lab/experiments/experimentView.ts';
import type { ExperimentView } from '../../../lab/state/experimentsState.ts';
import { duration } from '../../hero/heroText.ts';
import { Icon } from '../../parts/Icon.tsx';
import parts from '../../parts/parts.module.css';
import { useLab, useLaboratory } from '../../useLab.ts';
import styles from './experiments.module.css';

export function ExperimentProgress({ view }: { view: ExperimentView }) {
  const { experiments } = useLaboratory();
  const computing = useLab((state) => state.experiments.computing);
  const elsewhere = useLab((state) => state.runs.elsewhere.includes(view.id));
  const live = computing?.id === view.id ? computing : null;
  const planned = new Map(view.spec.arms.map(({ name, settings }) => [name, settings.training.iterations]));
  const counted = view.runs.filter(({ state }) => state !== 'deleted');
  const done = live?.done ?? counted.reduce((sum, run) => sum + run.iteration, 0);
  const total =
    live?.total ??
    counted.reduce(
      (sum, run) => sum + (run.state === 'finished' ? run.iteration : (planned.get(run.arm) ?? 0)),
      0,
    );
  return (
    <div className={styles.progress}>
      <div className={styles.progressHead}>
        <span role="status">
          <b>{stateText(view, live, elsewhere)}</b>
          {live?.secondsLeft != null && live.state === 'running'
            ? `, about ${duration(live.secondsLeft)} left`
            : ''}
        </span>
        <span className={styles.quiet}>
          {done.toLocaleString('en-GB')} of {total.toLocaleString('en-GB')} iterations
          {view.seconds >= 1 ? `, ${duration(view.seconds)} computed` : ''}
          {live?.backend ? `, on ${live.backend.name}` : ''}
        </span>
        <div className={styles.controls} data-screen-only>
          {live ? (
            <>
              {live.state === 'paused' ? (
                <button type="button" className={parts.primary} onClick={() => experiments.resume()}>
                  <Icon name="play" size={14} /> Go on
                </button>
              ) : (
                <button type="button" className={parts.button} onClick={() => experiments.pause()}>
                  <Icon name="pause" size={14} /> Pause
                </button>
              )}
              <button type="button" className={parts.button} onClick={() => experiments.stop()}>
                <Icon name="stop" size={14} /> Stop, keep what is done
              </button>
            </>
          ) : canGoOn(view) && !elsewhere ? (
            <button
              type="button"
              className={parts.primary}
              aria-disabled={computing !== null}
              onClick={() => computing === null && void experiments.goOn(view.id)}
            >
              <Icon name="play" size={14} /> Go on
            </button>
          ) : null}
        </div>
      </div>
      <div
        className={styles.meter}
        role="progressbar"
        aria-label="Iterations of the experiment"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span style={{ width: `${total === 0 ? 0 : (100 * done) / total}%` }} />
      </div>
    </div>
  );
}

function stateText(
  view: ExperimentView,
  live: { state: 'opening' | 'running' | 'paused' } | null,
  elsewhere: boolean,
): string {
  if (live) return { opening: 'Opening the engine …', running: 'Running', paused: 'Paused' }[live.state];
  if (elsewhere) return 'Computes in another tab';
  if (unfinishedOf(view).length === 0) return 'Finished';
  return canGoOn(view) ? 'Not finished' : 'Its time is up';
}
