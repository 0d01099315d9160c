/** Puts the chosen theme on the page and remembers it. index.html reads the same key before the first paint. */
import type { Theme } from '../../lab/store.ts';

const key = 'filtrate/theme';

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(key, theme);
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
