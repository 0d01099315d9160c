/**
 * The clock that programs see. It begins at the same moment for every call and moves on by a hundredth of a
 * millisecond with each reading, so that waiting for it ends, and by what a timer was to wait, so that sleeping works.
 */
const { floor } = Math;

/** 2024-01-01T00:00:00Z */
const beginning = 1_704_067_200_000;

let elapsed = 0;

/** Milliseconds since the program began; never the same twice. */
export function readElapsed(): number {
  elapsed += 0.01;
  return elapsed;
}

/** What `Date.now()` says. */
export function readDate(): number {
  return beginning + floor(readElapsed());
}

export function resetClock(): void {
  elapsed = 0;
}

/** Not backwards. */
export function moveClockTo(ms: number): void {
  if (ms > elapsed) elapsed = ms;
}
