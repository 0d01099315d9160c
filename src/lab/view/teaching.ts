/**
 * Teachers' links: which parts of the page are left out, what is in sight but must not be changed, and how commands
 * know. The page asks here, the list of commands asks here, nobody else decides.
 */
import type { HideId, LockId, PanelId, pageParts } from '../state/pageParts.ts';
import type { LabState } from '../state/store.ts';

/** What each part is called where a link is put together. */
export const partText: Record<(typeof pageParts)[number], string> = {
  header: 'Header',
  footer: 'Footer',
  status: 'Sentence that says what is seen',
  presets: 'Presets',
  transport: 'Transport (all of its row)',
  scrubber: 'Scrubber',
  pace: 'Speed',
  seed: 'Seed',
  stations: 'Stations of the loop',
  arms: 'Arms',
  curves: 'Curves',
  figures: 'Small figures',
  strips: 'Rank strips',
  openers: 'Buttons that open panels',
  lessons: 'Lessons and glossary',
  commands: 'Command palette',
  engine: 'Engine',
  theme: 'Theme',
};

/** What each lock keeps from being changed. */
export const lockText: Record<LockId, string> = {
  transport: 'Play, steps and reset',
  pace: 'Speed',
  seed: 'Seed',
  presets: 'Presets',
  arms: 'Which arms there are',
  settings: 'All settings',
  filters: 'Settings of the filter',
  engine: 'Engine',
  panels: 'Which panels are open',
};

/** The note that a reader finds at what is locked. */
export const lockedNote = 'Locked by this link.';

/** A part that is left out takes these along. */
const within: Partial<Record<HideId, HideId>> = {
  scrubber: 'transport',
  pace: 'transport',
  seed: 'transport',
  engine: 'header',
  theme: 'header',
  figures: 'curves',
};

/** What a page within another page does without. */
const notEmbedded: readonly HideId[] = ['header', 'footer', 'presets', 'openers', 'lessons', 'share'];

type Taught = Pick<LabState, 'teaching'>;

/** Whether the link that opened the page leaves out a part. */
export function hides({ teaching }: Taught, part: HideId): boolean {
  if (teaching.hide.includes(part) || (teaching.embed && notEmbedded.includes(part))) return true;
  const around = within[part];
  return around !== undefined && hides({ teaching }, around);
}

export const locks = ({ teaching }: Taught, what: LockId): boolean => teaching.lock.includes(what);

/** Whether a panel is open and may be seen. */
export const showsPanel = (state: Pick<LabState, 'teaching' | 'panels'>, panel: PanelId): boolean =>
  state.panels.includes(panel) && !hides(state, panel);

/** The part and the lock under which a teacher's link finds an action. */
export interface Bounds {
  /** Not possible while this part is left out. */
  part?: HideId;
  /** Not possible while this is locked. */
  lock?: LockId;
}

export const barred = (state: Taught, { part, lock }: Bounds): boolean =>
  (part !== undefined && hides(state, part)) || (lock !== undefined && locks(state, lock));
