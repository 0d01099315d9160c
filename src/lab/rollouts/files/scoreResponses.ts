/**
 * The true score of imported responses, when they are JavaScript: each is run by the judge against its problem of a
 * pack. Responses are read and judged a few at a time, so that any number of them takes little memory.
 */
import { TimeLeft } from '../../../core/time/timeLeft.ts';
import type { ImportedProblem } from '../../../judge/packs.ts';
import { programIn } from '../../../judge/response/programIn.ts';
import { RuleReport, type RuleUse } from '../../../judge/response/report.ts';
import type { Verdict } from '../../../judge/verdict.ts';

export interface ScoringProgress {
  /** Responses with a score, of those that get one. */
  done: number;
  total: number;
  /** Seconds; null until there is a pace to judge by. */
  secondsLeft: number | null;
}

export interface ScoringOptions {
  signal?: AbortSignal;
  onProgress?: (progress: ScoringProgress) => void;
  now?: () => number;
}

export interface ScoredResponses {
  /** [B] share of tests passed in [0, 1]; NaN for rows without a problem that can be judged. */
  score: Float32Array;
  /** How the programs were found in the responses. */
  uses: RuleUse[];
}

/** One verdict per program of a problem. */
export type JudgePrograms = (problem: ImportedProblem, programs: readonly string[]) => Promise<Verdict[]>;

/** Rows per round: what a cancellation waits for. */
const rowsPerRound = 64;

/** Rows whose problem can be judged: quarantined problems would give scores that mean nothing. */
export function scorable(problem: Int32Array, problems: readonly ImportedProblem[]): number {
  return problem.reduce((n, p) => n + (p >= 0 && problems[p].check !== 'quarantined' ? 1 : 0), 0);
}

/**
 * @param problem [B] number of each row's problem, -1: none
 * @param read gives the responses of the rows `from` to `to` (exclusive)
 * @returns null when the signal fired
 * @throws JudgeError when the judge cannot run at all
 */
export async function scoreResponses(
  judge: JudgePrograms,
  problems: readonly ImportedProblem[],
  problem: Int32Array,
  read: (from: number, to: number) => Promise<string[]>,
  { signal, onProgress, now = () => performance.now() }: ScoringOptions = {},
): Promise<ScoredResponses | null> {
  const score = new Float32Array(problem.length).fill(Number.NaN);
  const report = new RuleReport();
  const clock = new TimeLeft(scorable(problem, problems));
  clock.resume(now());
  for (let from = 0; from < problem.length; from += rowsPerRound) {
    const to = Math.min(problem.length, from + rowsPerRound);
    const rowsOf = new Map<number, number[]>();
    for (let row = from; row < to; row++) {
      if (problem[row] < 0 || problems[problem[row]].check === 'quarantined') continue;
      const rows = rowsOf.get(problem[row]);
      if (rows) rows.push(row);
      else rowsOf.set(problem[row], [row]);
    }
    if (rowsOf.size === 0) continue;
    const texts = await read(from, to);
    await Promise.all(
      [...rowsOf].map(async ([p, rows]) => {
        const programs = rows.map((row) => {
          const found = programIn(texts[row - from], problems[p]);
          report.add(texts[row - from], found);
          return found.program;
        });
        const verdicts = await judge(problems[p], programs);
        rows.forEach((row, i) => {
          score[row] = verdicts[i].score;
        });
        clock.advance(rows.length);
      }),
    );
    if (signal?.aborted) return null;
    onProgress?.(clock.report(now()));
  }
  return { score, uses: report.uses };
}
