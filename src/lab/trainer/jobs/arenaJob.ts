/** A run of the decode arena on held-out problems, posted piece by piece. */
import * as nn from '../../../nn/forMethods.ts';
import type { TaskSet } from '../../../rlhf/loop/responses.ts';
import { type ArenaModels, type ArenaSettings, arenaProblems, runArena } from '../../arena/arena.ts';
import { reportOf } from '../../arena/report.ts';
import type { ArenaEvent } from '../protocol.ts';

/** Tokens of a piece: small enough to see lanes grow. */
const stride = 1;

export async function runArenaJob(
  models: ArenaModels,
  tasks: TaskSet,
  settings: ArenaSettings,
  paceMs: number,
  post: (event: ArenaEvent) => void,
): Promise<void> {
  post({ step: 'started', problems: Array.from(arenaProblems(tasks, settings), (at) => tasks.problems[at]) });
  const pieces = runArena(nn, models, tasks, settings, stride);
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) {
      post({ step: 'done', results: value, report: reportOf(value, settings.lanes) });
      return;
    }
    post({ step: 'now', now: value });
    if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
}
