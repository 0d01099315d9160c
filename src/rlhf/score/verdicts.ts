/** The verdicts that a reward is made from: of the tests that it sees, by the judge that it believes. */
import type { Problem } from '../../tasks/problem.ts';
import type { Judged, JudgePrograms } from '../loop/run.ts';
import type { Reward } from '../slots.ts';

export const verdictsFor = (
  { ask, believes }: Reward,
  judges: { judge: JudgePrograms; naiveJudge?: JudgePrograms },
  problems: Problem[],
  programs: string[],
): Promise<Judged> =>
  (believes ? judges.naiveJudge! : judges.judge)(ask ? problems.map(ask) : problems, programs);
