/**
 * Colours of the page as a canvas needs them: read from the custom properties of the theme, read again when the
 * theme changes. Series are told apart by colour, dash and a label at the end of the line; a run stores only its
 * index, so that the dark theme can choose other colours.
 */
import { useSyncExternalStore } from 'react';

/** Dash patterns by series index, in CSS pixels; the first is solid. */
const dashes: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [5, 3],
  [14, 4],
  [6, 2, 2, 2, 2, 2],
  [3, 6],
];

export const seriesCount = dashes.length;
export const dashOf = (series: number): number[] => [...dashes[series % seriesCount]];
/** The CSS colour of a series, for SVG and HTML. */
export const seriesColour = (series: number) => `var(--series-${series % seriesCount})`;

export interface Palette {
  series: string[];
  text: string;
  muted: string;
  grid: string;
  surface: string;
  accent: string;
}

/** The colours in force on an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    series: dashes.map((_, index) => read(`--series-${index}`)),
    text: read('--text'),
    muted: read('--text-muted'),
    grid: read('--grid'),
    surface: read('--surface'),
    accent: read('--accent'),
  };
}

/** The same as names: an SVG that is part of the page follows its theme, and its paper, by itself. */
export const namedPalette: Palette = {
  series: dashes.map((_, index) => seriesColour(index)),
  text: 'var(--text)',
  muted: 'var(--text-muted)',
  grid: 'var(--grid)',
  surface: 'var(--surface)',
  accent: 'var(--accent)',
};

let version = 0;
const listeners = new Set<() => void>();
let watching = false;

/** Starts one watcher for the whole page: the attribute that a person sets and the system's preference. */
function watch() {
  if (watching) return;
  watching = true;
  const changed = () => {
    version++;
    for (const listener of listeners) listener();
  };
  new MutationObserver(changed).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  matchMedia('print').addEventListener('change', changed);
}

/** A number that changes with the theme: put it among the dependencies of whatever paints. */
export function useThemeVersion(): number {
  return useSyncExternalStore(
    (listener) => {
      watch();
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => version,
  );
}
