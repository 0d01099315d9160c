/** What drives the loop: play, steps, speed, reset, and the scrubber through the iterations. */
import { Slider } from '@base-ui/react/slider';
import { paceLabel } from '../../lab/actions.ts';
import { stations } from '../../lab/record.ts';
import { paces, stationMs } from '../../lab/store.ts';
import { duration, secondsLeft } from '../hero/heroText.ts';
import { ActionButton } from '../parts/ActionButton.tsx';
import { Choice } from '../parts/Choice.tsx';
import { useLab, useLaboratory, useLabShallow } from '../useLab.ts';
import styles from './loop.module.css';
import { SeedField } from './SeedField.tsx';

export function Transport() {
  const laboratory = useLaboratory();
  const playing = useLab((state) => state.playing);
  const pace = useLab((state) => state.pace);
  return (
    <div className={styles.transport} role="toolbar" aria-label="Run" data-part="transport">
      <div className={styles.buttons}>
        <ActionButton action="play" icon={playing ? 'pause' : 'play'} primary />
        <ActionButton action="step-iteration" icon="stepIteration" text="Iteration" />
        <ActionButton action="step-station" icon="stepStation" text="Station" />
        <ActionButton action="reset" icon="reset" iconOnly />
      </div>
      <Scrubber />
      <div className={styles.options}>
        <ActionButton action="undo" icon="undo" iconOnly />
        <Choice
          label="Speed"
          value={pace}
          options={paces.map((value) => ({ value, label: paceLabel(value) }))}
          onChange={(value) => laboratory.setPace(value)}
        />
        <SeedField />
      </div>
    </div>
  );
}

/** Moves every panel through the iterations; at its right end it follows the newest. */
function Scrubber() {
  const laboratory = useLaboratory();
  const cursor = useLab((state) => state.cursor);
  const newest = useLab(({ arms }) =>
    Math.max(0, ...arms.map((arm) => arm.iterations.at(-1)?.iteration ?? 0)),
  );
  const total = useLab(({ arms }) => Math.max(1, ...arms.map((arm) => arm.settings.iterations)));
  const at = cursor ?? newest;
  return (
    <div className={styles.scrubber}>
      <Slider.Root
        className={styles.slider}
        value={at}
        min={0}
        max={total}
        disabled={newest === 0}
        onValueChange={(value) => {
          const to = Math.max(1, Math.min(newest, value as number));
          laboratory.setCursor(to >= newest ? null : to);
        }}
      >
        <Slider.Control className={styles.control}>
          <Slider.Track className={styles.track}>
            <span className={styles.done} style={{ width: `${(100 * newest) / total}%` }} />
            <Slider.Thumb
              className={styles.thumb}
              aria-label="Iteration that all panels show"
              getAriaValueText={() => (cursor === null ? `${at}, the newest` : `${at} of ${newest}`)}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <Place at={at} total={total} following={cursor === null} />
    </div>
  );
}

function Place({ at, total, following }: { at: number; total: number; following: boolean }) {
  const left = useLabShallow(({ arms, playing, mode, pace }) => {
    if (!playing || mode === 'recorded') return null;
    const waiting = (stations.length * stationMs[pace]) / 1000;
    const each = arms.map((arm) => secondsLeft(arm, waiting)).filter((seconds) => seconds !== null);
    return each.length === 0 ? null : Math.max(...each);
  });
  return (
    <p className={styles.place}>
      <span>
        iteration <b>{at}</b> of {total}
      </span>
      {following ? (
        left !== null ? (
          <span>{duration(left)} left</span>
        ) : null
      ) : (
        <ActionButton action="latest" text="newest" />
      )}
    </p>
  );
}
