/** A true score for imported responses: choose a problem pack, match, run. Each step can be seen and left. */
import { useEffect, useRef, useState } from 'react';
import type { ProblemMatch } from '../../../../io/judging/matchProblems.ts';
import type { JudgeClient } from '../../../../judge/client.ts';
import { type ImportedPack, importPack, judgeProblem } from '../../../../judge/packs.ts';
import type { RuleUse } from '../../../../judge/response/report.ts';
import {
  type ScoringProgress,
  scorable,
  scoreResponses,
} from '../../../../lab/rollouts/files/scoreResponses.ts';
import type { ImportControl } from './useImport.ts';

interface Matched {
  pack: ImportedPack;
  match: ProblemMatch;
  /** Rows whose problem can be judged. */
  scorable: number;
}

export type TruthState =
  | { kind: 'none'; failure: string }
  | { kind: 'checking'; name: string; done: number; total: number }
  | { kind: 'matching'; name: string }
  | ({ kind: 'matched' } & Matched)
  | ({ kind: 'running'; progress: ScoringProgress } & Matched)
  | { kind: 'scored'; name: string; rows: number; uses: readonly RuleUse[] };

export interface TruthControl {
  state: TruthState;
  choose: (file: File) => void;
  run: () => void;
  /** Ends what is under way; back to the step before. */
  cancel: () => void;
}

/** Packs are a few megabytes; a larger file is a mistake that would only fill the memory. */
const largestPack = 64 * 2 ** 20;
const none: TruthState = { kind: 'none', failure: '' };

export function useTruth(
  rows: number,
  control: Pick<ImportControl, 'match' | 'texts' | 'setScore' | 'cancel'>,
  judge: () => JudgeClient,
): TruthControl {
  const [state, setState] = useState<TruthState>(none);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  /** Work that a later step, or a cancellation, silences. */
  const begin = (): AbortSignal => {
    running.current?.abort();
    running.current = new AbortController();
    return running.current.signal;
  };
  const attempt = async (signal: AbortSignal, work: (show: (state: TruthState) => void) => Promise<void>) => {
    const show = (next: TruthState) => {
      if (!signal.aborted) setState(next);
    };
    try {
      await work(show);
    } catch (cause) {
      show({ kind: 'none', failure: cause instanceof Error ? cause.message : String(cause) });
    }
  };

  return {
    state,
    choose(file) {
      const signal = begin();
      const { name } = file;
      void attempt(signal, async (show) => {
        if (file.size > largestPack) throw new Error(`${name} is larger than 64 MB: no problem pack.`);
        show({ kind: 'checking', name, done: 0, total: 0 });
        const pack = await importPack(judge(), await file.text(), name, {}, (done, total) =>
          show({ kind: 'checking', name, done, total }),
        );
        if (signal.aborted) return;
        show({ kind: 'matching', name });
        const match = await control.match(pack.problems.map(({ id, prompt }) => ({ id, prompt })));
        show({ kind: 'matched', pack, match, scorable: scorable(match.problem, pack.problems) });
      });
    },
    run() {
      if (state.kind !== 'matched') return;
      const signal = begin();
      const matched = state;
      void attempt(signal, async (show) => {
        const { pack, match, scorable: total } = matched;
        show({ ...matched, kind: 'running', progress: { done: 0, total, secondsLeft: null } });
        const scored = await scoreResponses(
          (problem, programs) => judgeProblem(judge(), problem, programs),
          pack.problems,
          match.problem,
          async (from, to) => (await control.texts(from, to)).map(({ response }) => response),
          { signal, onProgress: (progress) => show({ ...matched, kind: 'running', progress }) },
        );
        if (!scored || signal.aborted || scored.score.length !== rows) return;
        await control.setScore(scored.score);
        show({ kind: 'scored', name: pack.name, rows: total, uses: scored.uses });
      });
    },
    cancel() {
      running.current?.abort();
      if (state.kind === 'matching') control.cancel();
      setState(state.kind === 'running' ? { ...state, kind: 'matched' } : none);
    },
  };
}
