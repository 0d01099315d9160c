/**
 * The naive judge, for teaching: it grades in its own realm (naiveGrade.ts) and says by message how it went, which a
 * program can do in its place. It lives in the same kind of sandbox as the true judge, so what it is fooled into stays
 * there.
 */
import { type NaiveTask, naiveGrade } from './naiveGrade.ts';

/** What the grader says, or what a program says in its name. */
export interface NaiveClaim {
  id: number;
  score: number;
}

const realm = globalThis as unknown as { postMessage(message: NaiveClaim): void };

self.onmessage = ({ data }: MessageEvent<NaiveTask[]>): void => {
  for (const task of data) realm.postMessage({ id: task.id, score: naiveGrade(task) });
};
