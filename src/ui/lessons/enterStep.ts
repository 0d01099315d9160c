/** What happens on the page when a step of a lesson is entered: it is arranged, run, and scrolled to. */
import type { Laboratory } from '../../lab/laboratory.ts';
import { decodeLink } from '../../lab/links/link.ts';
import { arrangedBy, type LessonStep } from '../../lessons/frame/lesson.ts';
import { runUntil } from '../../lessons/frame/runUntil.ts';
import { showPart } from './showPart.ts';

export interface Entry {
  steps: readonly LessonStep[];
  step: number;
  /** Index of the step whose page is there now; null when it is none of theirs. */
  arranged: number | null;
  /** Going forward: what a step runs is not run again on the way back. */
  forward: boolean;
}

/** Resolves when the step has run. @returns index of the step whose page is there now */
export async function enterStep(
  laboratory: Laboratory,
  { steps, step, arranged, forward }: Entry,
  signal: AbortSignal,
  onArranged: (index: number) => void,
): Promise<void> {
  const { run, look } = steps[step];
  const by = arrangedBy(steps, step);
  const { open } = steps[by] ?? {};
  if (open !== undefined && by !== arranged) {
    onArranged(by);
    await laboratory.openLink(decodeLink(open).link);
  }
  if (look && !signal.aborted) await shown(look, signal);
  if (signal.aborted || !run || !forward) return;
  if (run.do === 'station') laboratory.step('station');
  else await runUntil(laboratory, run.iteration, signal);
}

/** Scrolls to a part as soon as it is there: panels that load late come late. */
async function shown(part: string, signal: AbortSignal): Promise<void> {
  const patience = performance.now() + 5000;
  while (!signal.aborted && performance.now() < patience) {
    if (showPart(part)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
