/**
 * When the page moves for the eye: while a person follows the loop, station by station or slowed down. At full speed
 * numbers and curves are the movement; anything more would take the machine from what computes them.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { LabState } from '../../lab/state/store.ts';
import { useLab } from '../useLab.ts';

type Followed = Pick<LabState, 'mode' | 'playing' | 'pace' | 'cursor'>;

/** Whether a person watches a loop that runs as fast as it can, so that there is more to draw than anybody can see. */
const hurries = ({ mode, playing, pace, cursor }: Followed) =>
  mode === 'live' && playing && pace === 'full' && cursor === null;

/** Whether what arrives may be shown arriving. */
export const moves = (state: Followed) => state.mode === 'live' && state.cursor === null && !hurries(state);

export const useMoves = () => useLab(moves);
export const useHurries = () => useLab(hurries);

const entranceMs = 260;

/** Lets an element come in from the left, as one layer, when it is made and whenever `arrival` changes, if it may move then. */
export function useEntrance(element: RefObject<Element | null>, arrival: number, moving: boolean): void {
  const may = useRef(moving);
  useLayoutEffect(() => {
    may.current = moving;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: an arrival is what is shown, whatever it is
  useLayoutEffect(() => {
    if (!may.current || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const animation = element.current?.animate(
      [
        { opacity: 0, transform: 'translateX(-0.8rem)' },
        { opacity: 1, transform: 'none' },
      ],
      { duration: entranceMs, easing: 'cubic-bezier(0.2, 0.8, 0.3, 1)' },
    );
    return () => animation?.cancel();
  }, [element, arrival]);
}

/** Whether an element is in sight, or nearly. */
export function useSeen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => setSeen(entries[entries.length - 1].isIntersecting),
      { rootMargin: '200px' },
    );
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return seen;
}
