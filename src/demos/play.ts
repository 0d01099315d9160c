/** Plays a demo on the page, step by step, and notes what is not as it says. */
import { actionById } from '../lab/actions/actions.ts';
import type { Laboratory } from '../lab/laboratory.ts';
import { decodeLink } from '../lab/links/link.ts';
import { checkSettings } from '../lab/settings/validate.ts';
import { lessonPlace } from '../lab/state/syllabus.ts';
import { pieces } from '../lessons/frame/markup.ts';
import { partSelector } from '../lessons/frame/parts.ts';
import { runUntil } from '../lessons/frame/runUntil.ts';
import { lessons } from '../lessons/index.ts';
import type { Demo, DemoStep } from './demo.ts';

export interface PlayOptions {
  /** Leaves out the pauses for reading. */
  hurry: boolean;
  signal: AbortSignal;
  onStep(index: number, step: DemoStep): void;
}

/** Longest that anything is waited for, in milliseconds. */
const patience = 30_000;
const longestRun = 120_000;

/** @returns what did not hold, one sentence each; empty when the demo held. The first failure ends it. */
export async function playDemo(demo: Demo, laboratory: Laboratory, options: PlayOptions): Promise<string[]> {
  for (const [index, step] of demo.steps.entries()) {
    if (options.signal.aborted) return [];
    options.onStep(index, step);
    const failure = await perform(step, laboratory, options);
    if (failure !== null) return [`Step ${index + 1} of ${demo.steps.length}: ${failure}`];
  }
  return [];
}

/** Null, or why the step failed. */
async function perform(
  step: DemoStep,
  laboratory: Laboratory,
  { hurry, signal }: PlayOptions,
): Promise<string | null> {
  const { store } = laboratory;
  switch (step.do) {
    case 'open': {
      const { link, changes } = decodeLink(step.link);
      await laboratory.openLink(link);
      return changes[0] ?? null;
    }
    case 'say':
      await pause(hurry ? 0 : 1500 + 45 * step.text.length, signal);
      return null;
    case 'set': {
      const arm = store.getState().arms.find((each) => each.name === step.arm);
      if (!arm) return `there is no arm "${step.arm}".`;
      const change = { [step.knob]: step.value };
      const issue = checkSettings(change, arm.settings)[0];
      if (issue) return issue.message;
      laboratory.arms.change(arm.id, change);
      return null;
    }
    case 'action': {
      const action = actionById.get(step.id);
      if (!action?.enabled(store.getState()))
        return `the command "${step.id}" does not exist or is not possible.`;
      action.perform(laboratory);
      return null;
    }
    case 'press': {
      const button = await become(() => buttonNamed(step.part, step.name), signal);
      button?.click();
      return button ? null : `there is no button "${step.name}" in ${step.part}.`;
    }
    case 'until': {
      const tooLong = AbortSignal.timeout(longestRun);
      await runUntil(laboratory, step.iteration, AbortSignal.any([signal, tooLong]));
      const failed = store.getState().arms.find((arm) => arm.error);
      if (failed) return `${failed.name} stopped: ${failed.error?.message}`;
      return tooLong.aborted ? `iteration ${step.iteration} took longer than two minutes.` : null;
    }
    case 'look':
      laboratory.view.setCursor(step.iteration);
      return null;
    case 'lesson':
      return openLesson(step.id, step.step, laboratory, signal);
    case 'expect': {
      const held = await become(() => step.holds(store.getState()), signal);
      return held ? null : `it is not so that ${step.what}.`;
    }
    case 'see': {
      const shows = () => step.text.test(document.querySelector(partSelector(step.part))?.textContent ?? '');
      return (await become(shows, signal)) ? null : `${step.part} does not show ${step.text}.`;
    }
    default:
      step satisfies never;
      return 'unknown step';
  }
}

async function openLesson(
  id: Extract<DemoStep, { do: 'lesson' }>['id'],
  step: number,
  laboratory: Laboratory,
  signal: AbortSignal,
): Promise<string | null> {
  laboratory.view.setGuide(lessonPlace(id, step));
  const entered = `[data-lesson-step="${id}:${step}"][data-entered="true"]`;
  if (!(await become(() => document.querySelector(entered), signal)))
    return `step ${step + 1} of ${id} was not entered.`;
  const { text, look } = lessons[id].parts[step];
  const named = text.flatMap((each) => pieces(typeof each === 'string' ? each : each.text));
  const parts = [
    ...(look ? [look] : []),
    ...named.flatMap((piece) => (piece.kind === 'part' ? [piece.name] : [])),
  ];
  // The small figures come with the first iteration; without a recording there is none before play.
  const begun = laboratory.store.getState().arms.some((arm) => arm.iterations.length > 0);
  for (const part of parts) {
    if (part.startsWith('metric-') && !begun) continue;
    const there = await become(() => document.querySelector(partSelector(part)), signal);
    if (!there) return `the lesson points at ${part}, which is not on the page.`;
  }
  return null;
}

function buttonNamed(part: string, name: string): HTMLElement | null {
  const buttons = document.querySelectorAll<HTMLElement>(
    `${partSelector(part)} :is(button, summary, [role="radio"])`,
  );
  return [...buttons].find((button) => (button.ariaLabel ?? button.textContent)?.trim() === name) ?? null;
}

/** What `find` gives as soon as it gives something; null when it does not in time. */
async function become<Value>(find: () => Value, signal: AbortSignal): Promise<Value | null> {
  const until = performance.now() + patience;
  while (!signal.aborted) {
    const found = find();
    if (found) return found;
    if (performance.now() > until) break;
    await pause(50, signal);
  }
  return null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
