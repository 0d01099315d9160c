/** The parts of the page by name: its panels, what a teacher's link can leave out, and what it can lock. */

/** Panels of the page, in their order on it. */
export const pagePanels = [
  'settings',
  'inspector',
  'atlas',
  'filters',
  'training',
  'arena',
  'steering',
  'packs',
  'runs',
  'experiments',
  'finding',
] as const;
/** With the dialogs that stand over the page. */
export const panelIds = [...pagePanels, 'share', 'help'] as const;
export type PanelId = (typeof panelIds)[number];

/** Parts of the page beside its panels that a teacher's link can leave out. */
export const pageParts = [
  'header',
  'footer',
  'status',
  'presets',
  'transport',
  'scrubber',
  'pace',
  'seed',
  'stations',
  'arms',
  'curves',
  'figures',
  'strips',
  'openers',
  'lessons',
  'commands',
  'engine',
  'theme',
] as const;
export const hideIds = [...pageParts, ...panelIds] as const;
export type HideId = (typeof hideIds)[number];

/** What a teacher's link can keep from being changed; it stays in sight. */
export const lockIds = [
  'transport',
  'pace',
  'seed',
  'presets',
  'arms',
  'settings',
  'filters',
  'engine',
  'panels',
] as const;
export type LockId = (typeof lockIds)[number];

export type Theme = 'system' | 'light' | 'dark';

/**
 * What a teacher's link makes of the page. It is a convenience, not a protection: a reader lifts it by changing the
 * address.
 */
export interface Teaching {
  hide: readonly HideId[];
  lock: readonly LockId[];
  /** Within another page: no header, footer and openers, little air, a link to the whole page. */
  embed: boolean;
  /** Overrides the reader's own choice until they make another. */
  theme: Theme | null;
}
export const noTeaching: Teaching = { hide: [], lock: [], embed: false, theme: null };
