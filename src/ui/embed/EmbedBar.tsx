/** At the top of a page within another page: what it is, and the way to the whole of it. */
import { encodeLink } from '../../lab/links/link.ts';
import { addressOf } from '../../lab/links/shareLink.ts';
import { useLab } from '../useLab.ts';
import styles from './embed.module.css';

export function EmbedBar() {
  // Follows the page, so that the whole one opens where this one is.
  const fragment = useLab((state) => encodeLink({ ...state, teaching: { ...state.teaching, embed: false } }));
  return (
    <header className={styles.bar}>
      <p>Filtrate, an RLHF laboratory in a browser tab.</p>
      <a href={addressOf(location.href, fragment)} target="_blank" rel="noopener" data-screen-only>
        Open in Filtrate ↗
      </a>
    </header>
  );
}
