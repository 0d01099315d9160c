/** React's view of the laboratory: the store through selectors, the laboratory itself through context. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Laboratory } from '../lab/laboratory.ts';
import { type Arm, shownIteration } from '../lab/state/arm.ts';
import type { HideId, LockId } from '../lab/state/pageParts.ts';
import type { LabState } from '../lab/state/store.ts';
import { hides, locks } from '../lab/view/teaching.ts';

const LabContext = createContext<Laboratory | null>(null);
export const LabProvider = LabContext.Provider;

/** The controller: call its methods from event handlers, read state with `useLab`. */
export function useLaboratory(): Laboratory {
  const laboratory = useContext(LabContext);
  if (!laboratory) throw new Error('useLaboratory: no <LabProvider> above this component');
  return laboratory;
}

/** A part of the observable state. The selector must return a value that is stable while its inputs are. */
export function useLab<T>(selector: (state: LabState) => T): T {
  return useStore(useLaboratory().store, selector);
}

/** Does what `useLab` does for selectors that build a new list or record: it compares them one level deep. */
export function useLabShallow<T>(selector: (state: LabState) => T): T {
  return useStore(useLaboratory().store, useShallow(selector));
}

export const useArms = (): readonly Arm[] => useLab((state) => state.arms);

/** Arms that the charts show. */
export const useVisibleArms = (): readonly Arm[] =>
  useLabShallow((state) => state.arms.filter((arm) => !arm.hidden));

/** The arm shown in detail. */
export const useActiveArm = (): Arm | null =>
  useLab((state) => state.arms.find((arm) => arm.id === state.activeArm) ?? null);

/** The iteration that the panels show for the active arm; null before the first one. */
export const useShownIteration = () =>
  useLab((state) => {
    const arm = state.arms.find((each) => each.id === state.activeArm);
    return arm ? shownIteration(arm, state.cursor) : null;
  });

/** Whether a teacher's link leaves out a part of the page. */
export const useHidden = (part: HideId): boolean => useLab((state) => hides(state, part));

/** Whether a teacher's link keeps something from being changed. */
export const useLocked = (what: LockId): boolean => useLab((state) => locks(state, what));
