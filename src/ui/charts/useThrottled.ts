/** A value that follows another at a distance: a loop of twenty iterations a second must not redraw twenty times. */
import { useEffect, useRef, useState } from 'react';

/** However slow the machine, nobody looks at old numbers for longer. */
const longestRestMs = 2000;

export interface Throttle {
  /** Least time between two renewals, in milliseconds. */
  ms: number;
  /** A redraw that took so long is followed by a rest this many times as long, so that a slow machine stays usable. */
  rest?: number;
}

/** The newest `value`, renewed now and then; what came last always arrives. */
export function useThrottled<T>(value: T, { ms, rest = 3 }: Throttle): T {
  const [shown, setShown] = useState(value);
  const last = useRef({ at: Number.NEGATIVE_INFINITY, cost: 0 });

  useEffect(() => {
    const { at, cost } = last.current;
    const wait = at + Math.max(ms, Math.min(longestRestMs, rest * cost)) - performance.now();
    const show = () => {
      last.current.at = performance.now();
      setShown(() => value);
    };
    if (wait <= 0) {
      show();
      return;
    }
    const timer = setTimeout(show, wait);
    return () => clearTimeout(timer);
  }, [value, ms, rest]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value shown is what is timed
  useEffect(() => {
    // From the change to after the frame that paints it.
    const frame = requestAnimationFrame(() =>
      setTimeout(() => {
        last.current.cost = performance.now() - last.current.at;
      }),
    );
    return () => cancelAnimationFrame(frame);
  }, [shown]);
  return shown;
}
