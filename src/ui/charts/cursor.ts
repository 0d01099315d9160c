/**
 * One cursor shared by a set of charts: where on the x-axis the person is looking. Charts subscribe to it and
 * move their own hairline, so hovering one moves all, and so do the arrow keys.
 */
import { createContext, useContext, useSyncExternalStore } from 'react';

export interface Cursor {
  /** Place on the x-axis, or null when nobody points at anything. */
  get(): number | null;
  set(x: number | null): void;
  subscribe(listener: () => void): () => void;
}

export function createCursor(): Cursor {
  let x: number | null = null;
  const listeners = new Set<() => void>();
  return {
    get: () => x,
    set(next) {
      if (next === x) return;
      x = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const CursorContext = createContext<Cursor>(createCursor());
export const CursorProvider = CursorContext.Provider;
export const useCursor = () => useContext(CursorContext);

/** The shared place, re-rendering when it moves. */
export function useCursorX(): number | null {
  const cursor = useCursor();
  return useSyncExternalStore(cursor.subscribe, cursor.get);
}
