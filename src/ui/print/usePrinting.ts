/** Whether the page is being laid out for paper: charts are then drawn as vectors, and settings are written out. */
import { useSyncExternalStore } from 'react';

let printing = false;
const listeners = new Set<() => void>();
let watching = false;

function set(next: boolean): void {
  if (next === printing) return;
  printing = next;
  for (const listener of listeners) listener();
}

/** Browsers tell of printing in two ways, and not all in both. */
function watch(): void {
  if (watching) return;
  watching = true;
  const paper = matchMedia('print');
  set(paper.matches);
  paper.addEventListener('change', () => set(paper.matches));
  addEventListener('beforeprint', () => set(true));
  addEventListener('afterprint', () => set(false));
}

export function usePrinting(): boolean {
  return useSyncExternalStore(
    (listener) => {
      watch();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => printing,
  );
}
