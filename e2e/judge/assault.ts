/** Sends attacks to a judge, each with an honest and a wrong program beside it, and says what went wrong. */
import type { JudgeOptions } from '../../src/judge/protocol.ts';
import type { Verdict } from '../../src/judge/verdict.ts';
import { type Attack, honestSum, sum, wrongSum } from './attacks/attack.ts';

type Task = NonNullable<Attack['task']>;

/** `window.filtrate.judge` of some page, in some browser. */
export type AskJudge = (task: Task, programs: string[], options: JudgeOptions) => Promise<Verdict[]>;

export interface Assault {
  attack: Attack;
  verdicts: Verdict[];
  ms: number;
  /** What broke, in whole sentences; empty when the judge held. */
  broken: string[];
}

/** @param salt makes the honest and the wrong program new to the judge, so that they run and are not remembered */
export async function assault(
  judge: AskJudge,
  attack: Attack,
  options: JudgeOptions,
  salt: string,
  aim: (source: string) => string,
): Promise<Assault> {
  const { task = sum, honest = honestSum, wrong = wrongSum, programs, most = 0 } = attack;
  const batch = [...programs.map(aim), `${honest}/* ${salt} */`, `${wrong}/* ${salt} */`];
  const from = performance.now();
  const verdicts = await judge(task, batch, options);
  const ms = performance.now() - from;
  const broken: string[] = [];
  const expectScore = (i: number, name: string, fits: (score: number) => boolean, wanted: string): void => {
    const { status, score, detail } = verdicts[i];
    if (!fits(score)) broken.push(`${attack.id}: ${name} got ${score} (${status}: ${detail}), not ${wanted}`);
  };
  programs.forEach((_, i) => {
    expectScore(i, `attack ${i + 1}`, (score) => score <= most + 1e-9, `at most ${most}`);
  });
  expectScore(programs.length, 'the honest program', (score) => score === 1, '1');
  expectScore(programs.length + 1, 'the wrong program', (score) => score === 0, '0');
  return { attack, verdicts, ms, broken };
}
