/** Waiting for what a page does by itself: as long as it takes, because a test says nothing about the machine's speed. */
import { vi } from 'vitest';

export const until = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 120_000, interval: 10 });
