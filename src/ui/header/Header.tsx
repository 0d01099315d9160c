/** Name, what it is, what computes, and the tools of the page. */
import { Popover } from '@base-ui/react/popover';
import type { MetricKey } from '../../lab/records/metrics.ts';
import type { Station } from '../../lab/records/record.ts';
import type { BackendChoice } from '../../lab/settings/engines.ts';
import type { HideId, Theme } from '../../lab/state/pageParts.ts';
import { hides } from '../../lab/view/teaching.ts';
import { ActionButton, Tip } from '../parts/ActionButton.tsx';
import { Choice } from '../parts/Choice.tsx';
import { Icon } from '../parts/Icon.tsx';
import { LockNote } from '../parts/LockNote.tsx';
import parts from '../parts/parts.module.css';
import { useLab, useLaboratory, useLocked } from '../useLab.ts';
import styles from './header.module.css';

export function Header({ onPalette }: { onPalette: () => void }) {
  const teaching = useLab((state) => state.teaching);
  const shows = (part: HideId) => !hides({ teaching }, part);
  return (
    <header className={styles.header}>
      <div className={styles.brand}>
        <Mark />
        <h1>Filtrate</h1>
        <p>
          an RLHF laboratory in one browser tab: a small transformer learns to write JavaScript from a reward
          model that can be wrong
        </p>
      </div>
      <div className={styles.tools} data-screen-only>
        {shows('lessons') ? <ActionButton action="lessons" icon="lesson" text="Lessons" /> : null}
        {shows('engine') ? <BackendBadge /> : null}
        {shows('theme') ? <ThemeSwitch /> : null}
        {shows('commands') ? (
          <Tip text="Every command of the page, by name." keys={['mod+k']}>
            <button type="button" className={parts.iconButton} aria-label="Commands" onClick={onPalette}>
              <Icon name="command" />
            </button>
          </Tip>
        ) : null}
        {shows('share') ? <ActionButton action="panel-share" icon="link" text="Share" /> : null}
        {shows('help') ? <ActionButton action="panel-help" icon="help" iconOnly /> : null}
      </div>
    </header>
  );
}

function Mark() {
  return (
    <svg width="34" height="34" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M5 9h22l-8.3 9.5v8l-5.4-2.8v-5.2z"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      <circle cx="10.5" cy="5" r="1.9" fill="var(--series-5)" />
      <circle cx="16" cy="4" r="1.9" fill="var(--series-1)" />
      <circle cx="21.5" cy="5" r="1.9" fill="var(--series-5)" />
      <circle cx="16" cy="29.6" r="1.9" fill="var(--series-1)" />
    </svg>
  );
}

const engineNames: Record<string, string> = {
  webgpu: 'WebGPU',
  simd: 'CPU, SIMD',
  plain: 'CPU, plain',
};

const engineOptions: readonly { value: BackendChoice; label: string; what: string }[] = [
  {
    value: 'auto',
    label: 'Automatic',
    what: 'WebGPU on a real graphics card, otherwise the CPU with SIMD kernels.',
  },
  { value: 'webgpu', label: 'WebGPU', what: 'Insist on the graphics card, even on a software adapter.' },
  { value: 'simd', label: 'CPU, SIMD', what: 'WebAssembly kernels; everywhere.' },
  { value: 'plain', label: 'CPU, plain', what: 'Plain JavaScript, slow; the reference for the others.' },
];

/** What computes, and why. */
function BackendBadge() {
  const laboratory = useLaboratory();
  const engine = useLab((state) => state.backend);
  const choice = useLab((state) => state.backendChoice);
  const locked = useLocked('engine');
  const recorded = useLab((state) => (state.mode === 'recorded' ? (state.arms[0]?.backend ?? null) : null));
  const name = engine ? (engineNames[engine.name] ?? engine.name) : recorded ? 'recorded' : 'engine idle';
  return (
    <Popover.Root>
      <Popover.Trigger
        className={styles.badge}
        aria-label={`Engine: ${name}. Details and choice.`}
        data-engine={engine?.name}
      >
        <Icon name="chip" /> <span className={styles.engine}>{name}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={parts.layer} sideOffset={8} collisionPadding={8} align="end">
          <Popover.Popup className={styles.card}>
            <Popover.Title className={styles.cardTitle}>What computes</Popover.Title>
            <Popover.Description className={styles.cardText}>
              {engine
                ? `${engine.device ? `${engine.device}. ` : ''}${engine.reason}`
                : recorded
                  ? `Nothing yet: what you see was recorded on the ${engineNames[recorded.name] ?? recorded.name} engine. Press play and this tab computes.`
                  : 'Nothing yet. The engine is chosen when the first arm starts.'}
            </Popover.Description>
            <LastIteration />
            <Choice
              label="Engine"
              value={choice}
              options={engineOptions}
              onChange={(value) => laboratory.setBackend(value)}
              wide
              disabled={locked}
            />
            {locked ? <LockNote /> : null}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

const stationTimes = [
  ['sample', 'sampleMs'],
  ['score', 'scoreMs'],
  ['run', 'runMs'],
  ['update', 'updateMs'],
] as const satisfies readonly [Station, MetricKey][];

/** What the last iteration of the chosen arm took: time at each station, and commands to the GPU where there is one. */
function LastIteration() {
  const arm = useLab(({ arms, activeArm }) => arms.find(({ id }) => id === activeArm) ?? null);
  const last = arm?.iterations.at(-1);
  if (!arm || last?.metrics.sampleMs === undefined) return null;
  const { metrics } = last;
  const times = stationTimes.map(([station, key]) => `${station} ${Math.round(metrics[key] ?? 0)} ms`);
  const work =
    metrics.dispatches === undefined
      ? ''
      : `; ${metrics.dispatches} dispatches and ${metrics.readbacks} readbacks`;
  return (
    <p className={styles.cardText}>
      {arm.name}, iteration {last.iteration}
      {arm.recorded ? ' (recorded)' : ''}: {times.join(', ')}
      {work}.
    </p>
  );
}

const nextTheme: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };
const themeIcon = { system: 'contrast', dark: 'moon', light: 'sun' } as const;

function ThemeSwitch() {
  const laboratory = useLaboratory();
  const theme = useLab((state) => state.teaching.theme ?? state.theme);
  const label = `Theme: ${theme}. Change to ${nextTheme[theme]}.`;
  return (
    <Tip text={label}>
      <button
        type="button"
        className={parts.iconButton}
        aria-label={label}
        onClick={() => laboratory.view.setTheme(nextTheme[theme])}
      >
        <Icon name={themeIcon[theme]} />
      </button>
    </Tip>
  );
}
