/** What drives the loop: play, steps, speed, reset, and the scrubber through the iterations. */
import { Slider } from '@base-ui/react/slider';
import { paceLabel } from '../../lab/actions/run.ts';
import { stations } from '../../lab/records/record.ts';
import { newestIteration } from '../../lab/state/arm.ts';
import { paces, playbackRates, stationMs } from '../../lab/state/store.ts';
import { duration, secondsLeft } from '../hero/heroText.ts';
import { ActionButton } from '../parts/ActionButton.tsx';
import { Choice } from '../parts/Choice.tsx';
import { LockNote } from '../parts/LockNote.tsx';
import { useHidden, useLab, useLaboratory, useLabShallow, useLocked } from '../useLab.ts';
import styles from './loop.module.css';
import { SeedField } from './SeedField.tsx';

export function Transport() {
  const laboratory = useLaboratory();
  const playing = useLab((state) => state.playing);
  const pace = useLab((state) => state.pace);
  const hidden = { scrubber: useHidden('scrubber'), pace: useHidden('pace'), seed: useHidden('seed') };
  const [locked, lockedPace] = [useLocked('transport'), useLocked('pace')];
  return (
    <div className={styles.transport} role="toolbar" aria-label="Run" data-part="transport">
      <div className={styles.buttons}>
        <ActionButton action="play" icon={playing ? 'pause' : 'play'} primary />
        <ActionButton action="step-iteration" icon="stepIteration" text="Iteration" />
        <ActionButton action="step-station" icon="stepStation" text="Station" />
        <ActionButton action="reset" icon="reset" iconOnly />
        {locked ? <LockNote /> : null}
      </div>
      {hidden.scrubber ? null : <TimeTravel />}
      <div className={styles.options}>
        <ActionButton action="undo" icon="undo" iconOnly />
        {hidden.pace ? null : (
          <Choice
            label="Speed"
            value={pace}
            options={paces.map((value) => ({ value, label: paceLabel(value) }))}
            onChange={(value) => laboratory.setPace(value)}
            disabled={lockedPace}
          />
        )}
        {lockedPace && !hidden.pace ? <LockNote /> : null}
        {hidden.seed ? null : <SeedField />}
      </div>
    </div>
  );
}

/** Moves through what has been computed: by hand, by playing it back, or straight to where it gets interesting. */
function TimeTravel() {
  const laboratory = useLaboratory();
  const playingBack = useLab((state) => state.playingBack);
  const rate = useLab((state) => state.playbackRate);
  return (
    <div className={styles.time}>
      <Scrubber />
      <div className={styles.buttons} data-screen-only>
        <ActionButton action="playback" icon={playingBack ? 'stop' : 'playback'} iconOnly />
        <Choice
          label="Speed of playing back"
          value={String(rate)}
          options={playbackRates.map((value) => ({
            value: String(value),
            label: `${value}/s`,
            what: `${value} iterations a second`,
          }))}
          onChange={(value) =>
            laboratory.playback.setRate(playbackRates.find((each) => String(each) === value) ?? rate)
          }
        />
        <ActionButton action="parting" icon="parting" iconOnly />
      </div>
    </div>
  );
}

/** Moves every panel through the iterations; at its right end it follows the newest. */
function Scrubber() {
  const laboratory = useLaboratory();
  const cursor = useLab((state) => state.cursor);
  const newest = useLab(({ arms }) => newestIteration(arms));
  const total = useLab(({ arms }) => Math.max(1, ...arms.map((arm) => arm.settings.training.iterations)));
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
          laboratory.view.setCursor(to >= newest ? null : to);
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
