/** What the laboratory needs of the world outside: a browser gives it all of this, a test as much as it needs. */
import type { JudgeClient } from '../judge/client.ts';
import type { RunServices } from './runs/runs.ts';
import type { TrainerHandle } from './trainer/pageSide/trainerHandle.ts';

export interface Services {
  /** The judge, which is started when first asked for. */
  judge(): { client: JudgeClient; connect(): MessagePort };
  spawnTrainer(): TrainerHandle;
  /** Absolute address of the folder that the page's files lie in. */
  assets: string;
  /** A file beside the page; null when there is none. */
  fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Whether the person asked for less motion. */
  still(): boolean;
  /** Least time between two changes that arms cause in the store, in milliseconds. Default 0: none. */
  beatMs?: number;
  /** Calls when the page has been drawn and has nothing else to do. Without, nothing is prepared. */
  whenIdle?(work: () => void): void;
  /** The storage of runs; absent: none are kept. */
  runs?: RunServices;
}
