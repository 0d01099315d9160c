/**
 * The knowledge store: what a teacher wrote, one entry for each different program for a request, with the verdict of its
 * tests and the teacher's log-probability of every token. Step 3 of RetriKT (arXiv 2310.15594) builds one "from the
 * generations"; what an entry holds and which are kept is our construction.
 */
import { decode, encodeProgram } from '../../tasks/tokenizer.ts';
import type { Responses, TaskSet } from '../loop/responses.ts';
import { type Judged, type Outcome, outcomes } from '../loop/run.ts';

export interface KnowledgeEntry {
  /** Words of the request. */
  request: string;
  /** The program's body as space-joined tokens. */
  program: string;
  /** Share of hidden tests passed. */
  score: number;
  outcome: Outcome;
  /** The teacher's log-probability of each token, its end included, in nats; to three decimals. */
  logProb: number[];
}

export interface Knowledge {
  /** What wrote it, in words. */
  teacher: string;
  /** By request, then by program; no two alike. */
  entries: readonly KnowledgeEntry[];
}

/** Which programs are kept: those that pass all tests, or all. */
export type Keeping = 'passing' | 'all';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A store of these entries. Of two that are alike the first stays; the order they come in makes no other difference. */
export function makeKnowledge(
  teacher: string,
  entries: Iterable<KnowledgeEntry>,
  keeping: Keeping = 'passing',
): Knowledge {
  const kept = new Map<string, KnowledgeEntry>();
  for (const entry of entries) {
    if (keeping === 'passing' && entry.score !== 1) continue;
    const key = `${entry.request}\n${entry.program}`;
    if (!kept.has(key)) kept.set(key, entry);
  }
  return {
    teacher,
    entries: [...kept.values()].sort((a, b) => byText(a.request, b.request) || byText(a.program, b.program)),
  };
}

/** What was written and executed, as entries. A program that was cut at the length limit is none. */
export function entriesOf(
  { problem, rows, starts, tokens, logProb }: Responses,
  { score, status }: Pick<Judged, 'score' | 'status'>,
  tasks: TaskSet,
): KnowledgeEntry[] {
  return rows.flatMap((_, row) => {
    const own = Array.from(tokens.subarray(starts[row], starts[row + 1]));
    const program = decode(own);
    // Read again, so that a stray word in the middle of a program cannot make its log-probabilities those of others.
    if (!sameTokens(own, encodeProgram(program))) return [];
    return [
      {
        request: tasks.problems[problem[row]].prompt,
        program,
        score: Math.round(score[row] * 1e4) / 1e4,
        outcome: outcomes[status[row]],
        logProb: Array.from(logProb.subarray(starts[row], starts[row + 1]), rounded),
      },
    ];
  });
}

/** To three decimals, and never −0, which JSON would not keep. */
export const rounded = (x: number): number => Math.round(x * 1000) / 1000 + 0;

function sameTokens(a: readonly number[], b: Int32Array): boolean {
  return a.length === b.length && a.every((token, i) => token === b[i]);
}
