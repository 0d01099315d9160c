/** A value that waits while something is busy. */
import { startTransition, useEffect, useState } from 'react';

/** New responses wait while the table of the old ones is being computed: a picture at a time, never torn. */
export function useSettled<T>(latest: T, busy: boolean): T {
  const [shown, setShown] = useState(latest);
  useEffect(() => {
    if (!busy) startTransition(() => setShown(() => latest));
  }, [latest, busy]);
  return shown;
}
