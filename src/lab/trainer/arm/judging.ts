/** Lets the algorithms ask the judge about programs without knowing how it works. */
import type { JudgeClient } from '../../../judge/client.ts';
import type { JudgeOptions } from '../../../judge/protocol.ts';
import { verdictStatuses } from '../../../judge/verdict.ts';
import type { JudgePrograms } from '../../../rlhf/loop/run.ts';

export function judgeThrough(client: JudgeClient, options: JudgeOptions = {}): JudgePrograms {
  return async (problems, programs) => {
    const { verdicts, cacheHits } = await client.judgeCounted(
      programs.map((source, i) => {
        const { id, entry, tests, canary } = problems[i];
        return { source, entry, tests, canary, key: id };
      }),
      options,
    );
    return {
      score: Float32Array.from(verdicts, (verdict) => verdict.score),
      status: Uint8Array.from(verdicts, (verdict) => verdictStatuses.indexOf(verdict.status)),
      raised: Uint8Array.from(verdicts, (verdict) => (verdict.raised ? 1 : 0)),
      cacheHits: verdicts.length === 0 ? 0 : cacheHits / verdicts.length,
    };
  };
}
