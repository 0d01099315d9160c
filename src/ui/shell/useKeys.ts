/** Keys of the whole page: looks the key up among the actions, unless a control that uses it has the focus. */
import { useEffect } from 'react';
import { actionFor } from '../../lab/actions/actions.ts';
import { chord } from '../../lab/actions/keys.ts';
import { hides } from '../../lab/view/teaching.ts';
import { useLaboratory } from '../useLab.ts';

/** Controls in which typing means typing. */
const typing =
  'input:not([type="checkbox"]):not([type="radio"]):not([type="range"]), textarea, select, [contenteditable], .monaco-editor';
/** Controls that have a use of their own for space and arrows. */
const operated =
  'button, a, summary, input, [role="slider"], [role="tab"], [role="option"], [role="menuitem"], [role="application"], [tabindex="0"]';

function taken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || !(event.target instanceof Element)) return event.defaultPrevented;
  if (event.target.closest(typing)) return true;
  if (event.target.closest('[role="dialog"], [role="alertdialog"]')) return true;
  const navigates = event.key === ' ' || event.key === 'Enter' || event.key.startsWith('Arrow');
  return navigates && event.target.closest(operated) !== null;
}

export function useKeys(openPalette: () => void): void {
  const laboratory = useLaboratory();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const pressed = chord(event);
      if (pressed === 'mod+k') {
        event.preventDefault();
        if (!hides(laboratory.store.getState(), 'commands')) openPalette();
        return;
      }
      if (taken(event)) return;
      const action = actionFor(event, laboratory.store.getState());
      if (!action) return;
      event.preventDefault();
      action.perform(laboratory);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [laboratory, openPalette]);
}
