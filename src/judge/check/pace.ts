/** The time of one side of a conversation, and what it has yet to do. The two sides keep each other's time. */
export interface Pace {
  /** When the next timer is due; Infinity when none is. */
  due(): number;
  /** Runs the next timer. @returns whether there was one */
  next(): boolean;
  now(): number;
  /** Not backwards. */
  moveTo(ms: number): void;
}
