/** The page, from top to bottom. */
import { Tooltip } from '@base-ui/react/tooltip';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type HideId, type PanelId, pagePanels } from '../lab/state/pageParts.ts';
import { hides, showsPanel } from '../lab/view/teaching.ts';
import styles from './app.module.css';
import { ArmsRow } from './arms/ArmsRow.tsx';
import { LabCurves } from './charts/curves/LabCurves.tsx';
import { EmbedBar } from './embed/EmbedBar.tsx';
import { Header } from './header/Header.tsx';
import { HelpDialog } from './help/HelpDialog.tsx';
import { Hero } from './hero/Hero.tsx';
import { StationStrip } from './loop/StationStrip.tsx';
import { Transport } from './loop/Transport.tsx';
import { Notices } from './notices/Notices.tsx';
import { CommandPalette } from './palette/CommandPalette.tsx';
import { FindingPanel } from './panels/finding/FindingPanel.tsx';
import { LabInspector } from './panels/inspector/LabInspector.tsx';
import { RunsPanel } from './panels/runs/RunsPanel.tsx';
import { SettingsForm } from './panels/settings/SettingsForm.tsx';
import { TrainingPanel } from './panels/training/TrainingPanel.tsx';
import { ActionButton } from './parts/ActionButton.tsx';
import { Guard } from './parts/Guard.tsx';
import { layer } from './parts/layer.ts';
import { Panel } from './parts/Panel.tsx';
import { PresetPicker } from './presets/PresetPicker.tsx';
import { PrintSheet } from './print/PrintSheet.tsx';
import { usePrinting } from './print/usePrinting.ts';
import { offlineState } from './shell/offline.ts';
import { applyTheme } from './shell/theme.ts';
import { useKeys } from './shell/useKeys.ts';
import { LabStrips } from './strips/LabStrips.tsx';
import { useLab } from './useLab.ts';

const FilterLab = lazy(() =>
  import('./panels/filterlab/FilterPanel.tsx').then((module) => ({ default: module.LabFilterLab })),
);
const ArenaPanel = lazy(() =>
  import('./panels/arena/ArenaPanel.tsx').then((module) => ({ default: module.ArenaPanel })),
);
const SteeringPanel = lazy(() =>
  import('./panels/steering/SteeringPanel.tsx').then((module) => ({ default: module.SteeringPanel })),
);
const PackBrowser = lazy(() =>
  import('./panels/packs/PackBrowser.tsx').then((module) => ({ default: module.PackBrowser })),
);
const Atlas = lazy(() => import('./panels/atlas/Atlas.tsx').then((module) => ({ default: module.Atlas })));
const ShareDialog = lazy(() =>
  import('./share/ShareDialog.tsx').then((module) => ({ default: module.ShareDialog })),
);
const ExperimentsPanel = lazy(() =>
  import('./panels/experiments/ExperimentsPanel.tsx').then((module) => ({
    default: module.ExperimentsPanel,
  })),
);
const Guide = lazy(() => import('./lessons/Guide.tsx').then((module) => ({ default: module.Guide })));
const DemoPlayer = lazy(() =>
  import('./demos/DemoPlayer.tsx').then((module) => ({ default: module.DemoPlayer })),
);

export function App() {
  const [palette, setPalette] = useState(false);
  const openPalette = useCallback(() => setPalette(true), []);
  const theme = useLab((state) => state.theme);
  const panels = useLab((state) => state.panels);
  const teaching = useLab((state) => state.teaching);
  const highlight = useLab((state) => state.highlight);
  const printing = usePrinting();
  const guide = useLab((state) => state.guide !== null);
  const demo = useLab((state) => state.demo !== null);
  useEffect(() => applyTheme(theme, teaching.theme), [theme, teaching.theme]);
  useKeys(openPalette);
  const has = (panel: PanelId) => showsPanel({ teaching, panels }, panel);
  const shows = (part: HideId) => !hides({ teaching }, part);
  const strips =
    shows('strips') || has('inspector') ? (
      <div className={styles.strips} data-part="strips">
        {shows('strips') ? (
          <Guard part="The rank strips">
            <LabStrips />
          </Guard>
        ) : null}
        {has('inspector') ? (
          <Panel title="One program" closes="inspector" level={3}>
            <Guard part="The inspector">
              <LabInspector />
            </Guard>
          </Panel>
        ) : null}
      </div>
    ) : null;
  return (
    <Tooltip.Provider delay={500}>
      <a className={styles.skip} href="#curves">
        Skip to the curves
      </a>
      <div
        className={styles.page}
        data-highlight={highlight ?? undefined}
        data-guide={guide}
        data-embed={teaching.embed}
      >
        {shows('header') ? <Header onPalette={openPalette} /> : null}
        {teaching.embed ? <EmbedBar /> : null}
        <main className={styles.main} aria-label={teaching.embed ? 'Filtrate' : undefined}>
          {shows('header') ? null : <h1 className={styles.unseen}>Filtrate</h1>}
          {shows('status') ? <Hero /> : null}
          {printing ? <PrintSheet /> : null}
          {shows('presets') ? <PresetPicker /> : null}
          {shows('transport') ? <Transport /> : null}
          {shows('stations') ? (
            <Guard part="The loop">
              <StationStrip />
            </Guard>
          ) : null}
          {shows('arms') ? <ArmsRow /> : null}
          <div className={styles.columns} data-aside={has('settings')}>
            <div className={styles.work}>
              {shows('curves') || strips ? (
                <section
                  id="curves"
                  className={styles.curves}
                  aria-label="Learning curves"
                  tabIndex={-1}
                  data-part="curves"
                >
                  {shows('curves') ? (
                    <Guard part="The curves">
                      <LabCurves between={strips} />
                    </Guard>
                  ) : (
                    strips
                  )}
                </section>
              ) : null}
            </div>
            {has('settings') ? (
              <aside className={styles.aside} aria-label="Settings">
                <Guard part="The settings form">
                  <SettingsForm />
                </Guard>
              </aside>
            ) : null}
          </div>
          {has('atlas') ? (
            <Panel title="Atlas of methods" closes="atlas">
              <Guard part="The atlas">
                <Suspense fallback={<p>Opening the atlas …</p>}>
                  <Atlas />
                </Suspense>
              </Guard>
            </Panel>
          ) : null}
          {has('filters') ? (
            <Panel title="Filter lab" closes="filters">
              <Guard part="The filter lab">
                <Suspense fallback={<p>Opening the filter lab …</p>}>
                  <FilterLab />
                </Suspense>
              </Guard>
            </Panel>
          ) : null}
          {has('training') ? (
            <Guard part="The training panel">
              <TrainingPanel />
            </Guard>
          ) : null}
          {has('arena') ? (
            <Panel title="Decode arena" closes="arena">
              <Guard part="The decode arena">
                <Suspense fallback={<p>Opening the decode arena …</p>}>
                  <ArenaPanel />
                </Suspense>
              </Guard>
            </Panel>
          ) : null}
          {has('steering') ? (
            <Guard part="Steering">
              <Suspense fallback={<p>Opening steering …</p>}>
                <SteeringPanel />
              </Suspense>
            </Guard>
          ) : null}
          {has('packs') ? (
            <Panel title="Problem packs" closes="packs">
              <Guard part="The pack browser">
                <Suspense fallback={<p>Opening the pack browser …</p>}>
                  <PackBrowser />
                </Suspense>
              </Guard>
            </Panel>
          ) : null}
          {has('runs') ? (
            <Guard part="The saved runs">
              <RunsPanel />
            </Guard>
          ) : null}
          {has('experiments') ? (
            <Guard part="The experiments">
              <Suspense fallback={<p>Opening experiments …</p>}>
                <ExperimentsPanel />
              </Suspense>
            </Guard>
          ) : null}
          {has('finding') ? (
            <Guard part="The findings">
              <FindingPanel />
            </Guard>
          ) : null}
          {shows('openers') ? (
            <nav className={styles.openers} aria-label="Panels" data-screen-only>
              {pagePanels
                .filter((panel) => !has(panel) && shows(panel))
                .map((panel) => (
                  <ActionButton key={panel} action={`panel-${panel}`} />
                ))}
              {has('experiments') ? null : <Computing />}
            </nav>
          ) : null}
          <div ref={layer} />
        </main>
        {shows('footer') ? <Footer /> : null}
      </div>
      {guide ? (
        <Suspense>
          <Guide />
        </Suspense>
      ) : null}
      {demo ? (
        <Suspense>
          <DemoPlayer />
        </Suspense>
      ) : null}
      <Notices />
      <HelpDialog />
      {has('share') ? (
        <Suspense>
          <ShareDialog />
        </Suspense>
      ) : null}
      <CommandPalette open={palette} onOpen={setPalette} />
    </Tooltip.Provider>
  );
}

/** Says that an experiment computes while its panel is closed. */
function Computing() {
  const text = useLab(({ experiments: { computing } }) => {
    if (!computing) return null;
    const percent = Math.floor((100 * computing.done) / Math.max(1, computing.total));
    return `${computing.name}: ${percent} %${computing.state === 'paused' ? ', paused' : ''}`;
  });
  return text === null ? null : <span className={styles.computing}>{text}</span>;
}

function Footer() {
  const offline = useStore(offlineState, ({ state }) => state);
  return (
    <footer className={styles.footer}>
      <p data-offline={offline}>
        Everything runs in this tab: no account, no server, nothing leaves your machine. After{' '}
        <a href="https://arxiv.org/abs/2409.06957">
          Policy Filtration for RLHF to Mitigate Noise in Reward Models
        </a>{' '}
        (PF-PPO). Open source, MIT licence.
        {offline === 'ready' ? ' This page is kept in your browser and opens without a network.' : ''}
      </p>
    </footer>
  );
}
