/**
 * The loop as five stations. Every arm is a dot at the station where it is now; under each station stands what
 * the chosen arm's iteration left there. Pointing at a station highlights its data in the other panels; pressing it keeps it so.
 */
import { useRef, useState } from 'react';
import { fixed, percent, short } from '../../core/numberText.ts';
import { type IterationRecord, type Station, stations } from '../../lab/records/record.ts';
import { type ArmSettings, methodText } from '../../lab/settings/settings.ts';
import type { Arm } from '../../lab/state/arm.ts';
import { seriesColour } from '../charts/palette.ts';
import { useEntrance, useMoves } from '../parts/motion.ts';
import { useActiveArm, useArms, useLab, useLaboratory, useShownIteration } from '../useLab.ts';
import styles from './loop.module.css';

export const stationText: Record<Station, { label: string; who: string; what: string }> = {
  sample: { label: 'Sample', who: 'policy', what: 'The policy writes N programs for each prompt.' },
  score: { label: 'Score', who: 'reward', what: 'The reward source gives each program a reward r.' },
  run: { label: 'Run', who: 'judge', what: 'Hidden tests are executed: the true score s.' },
  filter: { label: 'Filter', who: 'ranks', what: 'The filter chooses which of the N may be learned from.' },
  update: { label: 'Update', who: 'PPO', what: 'PPO learns from what was kept, and only from that.' },
};

/** What an iteration left at a station, in a few words. */
function result(station: Station, record: IterationRecord | null, settings: ArmSettings | undefined): string {
  if (!settings) return '';
  const { responses, prompts } = settings;
  const single = settings.method === 'ppo-s';
  const written = single ? `${prompts * responses} prompts × 1` : `${prompts} prompts × ${responses}`;
  switch (station) {
    case 'sample':
      return written;
    case 'score':
      return record ? `mean reward ${fixed(record.metrics.rewardPi, 2)}` : rewardName(settings);
    case 'run':
      return record ? `${percent(record.metrics.passRate)} pass all tests` : 'true score s';
    case 'filter': {
      const text = `${methodText[settings.method].label}: ${methodText[settings.method].short}`;
      return record
        ? `${percent(record.metrics.keptShare)} kept (${methodText[settings.method].label})`
        : text;
    }
    case 'update':
      return record ? `KL ${fixed(record.metrics.kl, 2)} nats` : `beta ${short(settings.beta)}`;
    default:
      station satisfies never;
      return '';
  }
}

function rewardName({ rewardSource, rewardModel }: ArmSettings): string {
  if (rewardSource === 'oracle') return 'the tests themselves';
  return rewardSource === 'synthetic' ? 'synthetic reward' : `${rewardModel} reward model`;
}

export function StationStrip() {
  const laboratory = useLaboratory();
  const arms = useArms();
  const active = useActiveArm();
  const record = useShownIteration();
  const highlight = useLab((state) => state.highlight);
  const playing = useLab((state) => state.playing);
  const moving = useMoves();
  const [pinned, setPinned] = useState<Station | null>(null);
  const pin = (station: Station) => {
    const next = pinned === station ? null : station;
    setPinned(next);
    laboratory.view.setHighlight(next);
  };
  const here = active?.station ?? null;
  // Numbers come with the end of an iteration: in the middle of one, those of the iteration before are shown.
  // While the loop runs that would only flicker.
  const earlier =
    !playing && record && active && record.iteration !== active.iteration ? record.iteration : null;
  return (
    <section
      className={styles.strip}
      aria-label="The loop, station by station"
      data-part="loop"
      data-moves={moving}
    >
      <ol>
        {stations.map((station, index) => {
          const text = stationText[station];
          const present = arms.filter((arm) => arm.station === station && arm.state !== 'finished');
          return (
            <li
              key={station}
              data-part={`station-${station}`}
              data-here={here === station}
              data-highlight={highlight === station}
            >
              <button
                type="button"
                className={styles.station}
                aria-pressed={pinned === station}
                aria-current={here === station ? 'step' : undefined}
                title={text.what}
                onMouseEnter={() => laboratory.view.setHighlight(station)}
                onMouseLeave={() => laboratory.view.setHighlight(pinned)}
                onFocus={() => laboratory.view.setHighlight(station)}
                onBlur={() => laboratory.view.setHighlight(pinned)}
                onClick={() => pin(station)}
              >
                <span className={styles.name}>
                  <span className={styles.number}>{index + 1}</span>
                  {text.label}
                  <span className={styles.who}>{text.who}</span>
                </span>
                <span className={styles.what}>{text.what}</span>
                <span className={styles.result}>
                  {result(station, record, active?.settings)}
                  {earlier !== null && station !== 'sample' ? (
                    <small className={styles.earlier}>in iteration {earlier}</small>
                  ) : null}
                </span>
                <Dots arms={present} moving={moving} />
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Dots({ arms, moving }: { arms: readonly Arm[]; moving: boolean }) {
  return (
    <span className={styles.dots}>
      {arms.map((arm) => (
        <Dot key={arm.id} arm={arm} moving={moving} />
      ))}
    </span>
  );
}

/** Made anew at every station. */
function Dot({ arm, moving }: { arm: Arm; moving: boolean }) {
  const dot = useRef<HTMLSpanElement>(null);
  useEntrance(dot, arm.iteration, moving);
  return (
    <span ref={dot} style={{ background: seriesColour(arm.color) }}>
      <span className={styles.hidden}>{arm.name} is here.</span>
    </span>
  );
}
