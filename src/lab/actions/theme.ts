/** Light and dark. */
import type { Theme } from '../state/pageParts.ts';
import type { Action } from './action.ts';

export const themeActions: readonly Action[] = [
  ...(['system', 'light', 'dark'] as const satisfies readonly Theme[]).map(
    (theme): Action => ({
      id: `theme-${theme}`,
      group: 'Page',
      label: `Theme: ${theme}`,
      description: theme === 'system' ? 'Light or dark as the system says.' : `Always ${theme}.`,
      keys: [],
      part: 'theme',
      enabled: (state) => state.theme !== theme,
      perform: (laboratory) => laboratory.view.setTheme(theme),
    }),
  ),
];
