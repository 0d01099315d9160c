/**
 * Links for others: the present page, less what they need not see, with what a teacher hides, locks and starts. Pure.
 */
import type { HideId, LockId, Theme } from '../state/pageParts.ts';
import type { LabState } from '../state/store.ts';
import { encodeLink } from './link.ts';

/** What a person who puts a link together asks for. */
export interface ShareWishes {
  /** The iteration that all panels show, and the program under inspection. */
  moment: boolean;
  panels: boolean;
  /** The lesson or glossary that is open beside the page. */
  guide: boolean;
  theme: Theme | null;
  /** Running when it opens; then there is no moment to show. */
  play: boolean;
  slow: boolean;
  /** For a frame within another page. */
  embed: boolean;
  hide: readonly HideId[];
  lock: readonly LockId[];
}

/** What the dialog starts from: the present page. */
export function wishesOf({ cursor, selection, pace, guide, teaching }: LabState): ShareWishes {
  return {
    moment: cursor !== null || selection !== null,
    panels: true,
    guide: guide !== null,
    theme: teaching.theme,
    play: false,
    slow: pace === 'slow',
    embed: false,
    hide: teaching.hide,
    lock: teaching.lock,
  };
}

/** The fragment of such a link, without "#". */
export function shareLink(state: LabState, wishes: ShareWishes): string {
  const { play, embed, hide, lock, theme } = wishes;
  const moment = wishes.moment && !play;
  return encodeLink(
    {
      ...state,
      cursor: moment ? state.cursor : null,
      selection: moment ? state.selection : null,
      pace: wishes.slow ? 'slow' : state.pace === 'slow' ? 'full' : state.pace,
      panels: wishes.panels ? state.panels : embed ? [] : ['settings'],
      guide: wishes.guide ? state.guide : null,
      teaching: { hide, lock, embed, theme },
    },
    { play },
  );
}

/** The address of a page with this fragment. */
export const addressOf = (page: string, fragment: string): string =>
  `${page.split('#')[0]}${fragment === '' ? '' : `#${fragment}`}`;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character]);

/** The HTML that puts a page into another one. */
export const frameHtml = (address: string, title: string, height: number): string =>
  `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="${height}" style="border: 0" loading="lazy"></iframe>`;
