/** Puts the chosen theme on the page and remembers it. index.html reads the same key before the first paint. */
import type { Theme } from '../../lab/state/pageParts.ts';

const key = 'filtrate/theme';

/** @param overriding what a link asks for: it holds for this visit and is not remembered */
export function applyTheme(remembered: Theme, overriding: Theme | null): void {
  const theme = overriding ?? remembered;
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(key, remembered);
  } catch {
    // A browser that forbids storage forgets the theme; nothing else depends on it.
  }
}

export function rememberedTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}
