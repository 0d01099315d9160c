/**
 * The loop as five stations. Every arm is a dot at the station where it is now; under each station stands what
 * the chosen arm's iteration left there. Pointing at a station highlights its data in the other panels; pressing it keeps it so.
 */
import { useRef, useState } from 'react';
import { fixed, percent } from '../../core/numberText.ts';
import { type IterationRecord, type Station, stations } from '../../lab/records/record.ts';
import type { Arm } from '../../lab/state/arm.ts';
import { partSelector } from '../../lessons/frame/parts.ts';
import { catalogue, methodOf } from '../../rlhf/catalogue/catalogue.ts';
import { type ArmSettings, type Slot, slotNames, slots } from '../../rlhf/catalogue/settings.ts';
import { seriesColour } from '../charts/palette.ts';
import { showPart } from '../lessons/showPart.ts';
import { useEntrance, useMoves } from '../parts/motion.ts';
import { useActiveArm, useArms, useLab, useLaboratory, useShownIteration } from '../useLab.ts';
import styles from './loop.module.css';
import { stationText } from './stationText.ts';

/** The methods that stand at a station: the one that the station is about, and others that are not the usual ones. */
function methodsAt(station: Station, settings: ArmSettings | undefined): string {
  if (station === 'run') return 'judge';
  if (!settings) return '';
  const here = slotNames.filter((slot) => slots[slot] === station);
  const methods = here.map((slot) => ({ slot, method: methodOf(slot, settings[slot].method) }));
  const main: Record<Exclude<Station, 'run'>, Slot> = {
    sample: 'decode',
    score: 'reward',
    filter: 'filter',
    update: 'update',
  };
  const shown = methods.filter(
    ({ slot, method }) => slot === main[station] || method.id !== catalogue[slot][0].id,
  );
  return shown.map(({ method }) => method.label).join(', ');
}

/** What an iteration left at a station, in a few words; before the first, what its method is about. */
function result(station: Station, record: IterationRecord | null, settings: ArmSettings | undefined): string {
  if (!settings) return '';
  switch (station) {
    case 'sample': {
      const { prompts, perPrompt } = methodOf('order', settings.order.method).asks(settings.training);
      return `${prompts} prompts ×\u00a0${perPrompt}`;
    }
    case 'score':
      return record
        ? `mean reward ${fixed(record.metrics.rewardPi, 2)}`
        : methodOf('reward', settings.reward.method).short;
    case 'run':
      return record ? `${percent(record.metrics.passRate)} pass all tests` : 'true score s';
    case 'filter': {
      const { label: own, short } = methodOf('filter', settings.filter.method);
      const prompts = methodOf('promptFilter', settings.promptFilter.method);
      const label = prompts === catalogue.promptFilter[0] ? own : `${prompts.label}, ${own}`;
      return record ? `${percent(record.metrics.keptShare)} kept (${label})` : `${label}: ${short}`;
    }
    case 'update':
      return record ? learned(record.metrics) : methodOf('update', settings.update.method).short;
    default:
      station satisfies never;
      return '';
  }
}

/** How far the policy has moved; its loss where another policy wrote the samples, which then cannot tell. */
function learned({ kl, policyLoss }: IterationRecord['metrics']): string {
  if (kl !== undefined) return `KL ${fixed(kl, 2)} nats`;
  return policyLoss === undefined ? '' : `loss ${fixed(policyLoss, 3)}`;
}

/** Where the settings stand below what is seen, as on a narrow screen, the page goes there. */
function showSettings(): void {
  const top = document.querySelector(partSelector('panel-settings'))?.getBoundingClientRect().top ?? 0;
  if (top > innerHeight) showPart('panel-settings');
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
  // A card is the way to the choices of its station.
  const choose = (station: Station) => {
    pin(station);
    laboratory.view.setStation(station);
    laboratory.view.setPanel('settings', true);
    requestAnimationFrame(showSettings);
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
                onClick={() => choose(station)}
              >
                <span className={styles.name}>
                  <span className={styles.number}>{index + 1}</span>
                  {text.label}
                  <span className={styles.who}>{methodsAt(station, active?.settings)}</span>
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
