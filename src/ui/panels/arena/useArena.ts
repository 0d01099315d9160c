/** A run of the arena: its worker, what it has said so far, and the judge's word on the answers. */
import { useEffect, useRef, useState } from 'react';
import type { PromptResult, Side, SideNow } from '../../../lab/arena/arena.ts';
import type { ArenaKnobs } from '../../../lab/arena/knobs.ts';
import type { ArenaReport } from '../../../lab/arena/report.ts';
import type { Laboratory } from '../../../lab/laboratory.ts';
import type { Arm } from '../../../lab/state/arm.ts';
import { openTrainer } from '../../../lab/trainer/pageSide/openTrainer.ts';
import type { TrainerHandle } from '../../../lab/trainer/pageSide/trainerHandle.ts';
import type { Problem } from '../../../tasks/problem.ts';

export interface ArenaRun {
  /** What it was started with. */
  knobs: ArenaKnobs;
  problems: readonly Problem[];
  now: Partial<Record<Side, SideNow>>;
  results: readonly PromptResult[] | null;
  report: ArenaReport | null;
  /** Whether each answer passes all tests; null until the judge has spoken. */
  passes: Readonly<Record<Side, readonly boolean[]>> | null;
  failure: string | null;
}

/** Milliseconds between two pieces. */
const paceMs = 60;

export function useArena(laboratory: Laboratory) {
  const [run, setRun] = useState<ArenaRun | null>(null);
  const trainer = useRef<Promise<TrainerHandle> | null>(null);
  const newest = useRef(0);
  useEffect(
    () => () => {
      newest.current = -1;
      trainer.current?.then(
        (opened) => opened.dispose(),
        () => {},
      );
    },
    [],
  );

  const start = async (knobs: ArenaKnobs, arm: Arm | null) => {
    const mine = ++newest.current;
    const change = (part: (before: ArenaRun) => Partial<ArenaRun>) => {
      if (mine === newest.current) setRun((before) => before && { ...before, ...part(before) });
    };
    setRun({ knobs, problems: [], now: {}, results: null, report: null, passes: null, failure: null });
    try {
      const { models } = laboratory;
      const critic =
        knobs.cutBy === 'value' && arm ? await models.checkpoint({ arm: arm.id, part: 'critic' }) : undefined;
      // A trainer of its own: the arms of the page go on. It takes the models that the page has now.
      const before = trainer.current;
      trainer.current = openTrainer(models.trainerParts()).then(({ trainer: opened }) => opened);
      before?.then(
        (old) => old.dispose(),
        () => {},
      );
      const opened = await trainer.current;
      if (mine !== newest.current) {
        opened.dispose();
        return;
      }
      opened.on('error', ({ error }) => change(() => ({ failure: error.message })));
      opened.on('arena', ({ event }) => {
        switch (event.step) {
          case 'started':
            change(() => ({ problems: event.problems }));
            break;
          case 'now':
            change(({ now }) => ({ now: { ...now, [event.now.side]: event.now } }));
            break;
          case 'done':
            change(() => ({ results: event.results, report: event.report }));
            break;
          default:
            event satisfies never;
        }
      });
      const { rewardModel, ...settings } = knobs;
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
      opened.send({
        type: 'arena',
        settings,
        rewardModel,
        ...(critic ? { critic } : {}),
        paceMs: still ? 0 : paceMs,
      });
    } catch (thrown) {
      change(() => ({ failure: thrown instanceof Error ? thrown.message : String(thrown) }));
    }
  };

  const results = run?.results ?? null;
  const problems = run?.problems ?? null;
  useEffect(() => {
    if (!results || !problems) return;
    let wanted = true;
    const judged = (side: Side) =>
      laboratory.judge.judge(
        results.map(({ outcomes }, p) => {
          const { id, entry, tests, canary } = problems[p];
          return { source: outcomes[side].program, entry, tests, canary, key: id };
        }),
      );
    Promise.all([judged('bon'), judged('rejection')]).then(
      ([bon, rejection]) => {
        if (!wanted) return;
        const pass = (verdicts: readonly { score: number }[]) => verdicts.map(({ score }) => score === 1);
        setRun((before) => before && { ...before, passes: { bon: pass(bon), rejection: pass(rejection) } });
      },
      (thrown: unknown) => {
        if (wanted) setRun((before) => before && { ...before, failure: `The judge: ${String(thrown)}` });
      },
    );
    return () => {
      wanted = false;
    };
  }, [laboratory, results, problems]);

  return { run, start };
}
