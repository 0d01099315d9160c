/** One sentence that says what the page shows now. People read it first, and screen readers announce it. */
import { percent } from '../../core/numberText.ts';
import type { Arm } from '../../lab/state/arm.ts';
import type { LabState } from '../../lab/state/store.ts';

const held = (arm: Arm, which: 'first' | 'last') =>
  (which === 'first' ? arm.evaluations[0] : arm.evaluations.at(-1))?.metrics.heldPass;

/** "PPO-M and BW", "PPO-S, PPO-M and BoN". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** As many arms are told one by one. */
const mostTold = 3;

/** From where to where each arm came, "PPO-M from 34 % to 50 %"; of many, the highest and the lowest. */
function progress(arms: readonly Arm[]): string {
  const moved = arms.flatMap((arm) => {
    const [first, last] = [held(arm, 'first'), held(arm, 'last')];
    return first === undefined || last === undefined || arm.evaluations.length < 2
      ? []
      : [{ last, text: `${arm.name} from ${percent(first)} to ${percent(last)}` }];
  });
  if (moved.length <= mostTold) return listed(moved.map(({ text }) => text));
  const ranked = moved.toSorted((a, b) => b.last - a.last);
  return `${ranked[0].text} is the highest of ${moved.length}, ${ranked.at(-1)!.text} the lowest`;
}

/** What happens at a station, said of an arm. */
const atStation = {
  sample: 'writes programs for a new batch of prompts',
  score: 'has its programs graded by the reward source',
  run: 'has its programs executed against hidden tests',
  filter: 'chooses which programs may be learned from',
  update: 'learns from the programs that were kept',
} as const;

export interface HeroText {
  badge: 'Recorded' | 'Ready' | 'Starting' | 'Live' | 'Paused' | 'Finished' | 'Stopped';
  sentence: string;
}

export function heroText({
  arms,
  mode,
  playing,
  activeArm,
  ready,
}: Pick<LabState, 'arms' | 'mode' | 'playing' | 'activeArm' | 'ready'>): HeroText {
  const active = arms.find((arm) => arm.id === activeArm) ?? arms[0];
  if (!active) {
    return ready
      ? { badge: 'Ready', sentence: 'No arm is on the page. Add one, or choose a preset.' }
      : { badge: 'Starting', sentence: 'Opening the page.' };
  }
  const shown = arms.filter((arm) => !arm.hidden);
  const names = listed(shown.map((arm) => arm.name));
  const moved = progress(shown);
  const truth = moved && `Programs that pass every hidden test, on problems never trained on: ${moved}.`;
  if (mode === 'recorded') {
    return {
      badge: 'Recorded',
      sentence: `A recorded run of ${names || 'hidden arms'}. ${truth || 'It replays now.'} Press play to compute it here.`,
    };
  }
  if (
    arms.every((arm) => arm.state === 'ready' && arm.iterations.length === 0 && arm.evaluations.length === 0)
  ) {
    return {
      badge: 'Ready',
      sentence: `${names}: ready to start from the same policy and the same prompts. Press play.`,
    };
  }
  if (arms.every((arm) => arm.state === 'failed')) {
    return {
      badge: 'Stopped',
      sentence: `${active.name} stopped: ${active.error?.message ?? 'reset it to try again.'}`,
    };
  }
  if (arms.every((arm) => arm.state === 'finished' || arm.state === 'failed')) {
    return { badge: 'Finished', sentence: `Done. ${truth || names}` };
  }
  if (arms.some((arm) => arm.state === 'loading')) {
    const { compiling } = arms.find((arm) => arm.compiling) ?? {};
    if (compiling) {
      return {
        badge: 'Starting',
        sentence: `Starting ${names}: preparing the GPU, ${compiling.done} of ${compiling.total} shaders.`,
      };
    }
    return {
      badge: 'Starting',
      sentence: `Starting ${names}: loading the models and taking a first look at the held-out problems.`,
    };
  }
  if (!playing && active.station) {
    return {
      badge: 'Paused',
      sentence: `Iteration ${active.iteration}, station ${active.station}: ${active.name} ${atStation[active.station]}.`,
    };
  }
  if (!playing && active.iteration === 0) {
    return { badge: 'Paused', sentence: `${active.name} stands before its first iteration. Press play.` };
  }
  const where = `iteration ${active.iteration} of ${active.settings.training.iterations}`;
  return {
    badge: playing ? 'Live' : 'Paused',
    sentence: `${playing ? `Computed here, now: ${where}` : `Paused after ${where}`}. ${truth}`.trim(),
  };
}

/**
 * Seconds until an arm's last iteration, by its own pace so far; null when there is nothing to go by.
 * @param waiting least seconds per iteration, where the loop is slowed down for the eye
 */
export function secondsLeft(arm: Arm, waiting = 0): number | null {
  const last = arm.iterations.at(-1);
  const seconds = last?.metrics.seconds;
  if (!last || seconds === undefined) return null;
  return Math.max(waiting, seconds / last.iteration) * (arm.settings.training.iterations - last.iteration);
}

/** "12 s", "3 min", "1 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
