/** Opens the page: laboratory, address, React. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createAutomation } from '../lab/automation/automation.ts';
import { Laboratory } from '../lab/laboratory.ts';
import { decodeLink, encodeLink } from '../lab/links/link.ts';
import { keepAwake } from '../lab/view/wakeLock.ts';
import { App } from './App.tsx';
import { Address } from './shell/address.ts';
import { browserServices } from './shell/browserServices.ts';
import { guardDrops } from './shell/dropGuard.ts';
import { prepareOffline } from './shell/offline.ts';
import { rememberedTheme } from './shell/theme.ts';
import { LabProvider } from './useLab.ts';

export function openPage(): void {
  const addressed = () => decodeLink(location.hash || location.search);
  const laboratory = new Laboratory(
    browserServices(
      (message) => laboratory.notices.post({ kind: 'error', text: message }),
      !addressed().link.teaching.embed,
    ),
  );
  window.filtrate = createAutomation(laboratory);

  const address = new Address({
    fragment: () => location.hash.slice(1),
    replace: (text) => history.replaceState(null, '', text === '' ? location.pathname : `#${text}`),
  });

  async function openAddress(): Promise<void> {
    address.read();
    const { link, changes } = addressed();
    laboratory.view.setTeaching(link.teaching);
    await laboratory.openLink(link);
    for (const text of changes) laboratory.notices.post({ kind: 'warning', text });
  }

  function writeAddress(): void {
    const state = laboratory.store.getState();
    if (state.ready) address.write(encodeLink(state));
  }

  laboratory.view.setTheme(rememberedTheme());
  void prepareOffline(laboratory);
  guardDrops(window);
  // Keeping the screen on is not for a page within another page to ask.
  const wakeLock = window === window.top ? (navigator.wakeLock ?? null) : null;
  keepAwake(laboratory.store, { wakeLock, document });
  // At once: the address may change while the first one is being opened.
  addEventListener('hashchange', () => {
    if (address.isChanged) void openAddress();
  });
  void openAddress().then(() => {
    writeAddress();
    void laboratory.runs.begin().then(() => laboratory.experiments.begin());
    let waiting = false;
    laboratory.store.subscribe(() => {
      if (waiting) return;
      waiting = true;
      // Browsers refuse more than a few changes of address per second.
      setTimeout(() => {
        waiting = false;
        writeAddress();
      }, 400);
    });
  });

  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <LabProvider value={laboratory}>
        <App />
      </LabProvider>
    </StrictMode>,
  );
}
