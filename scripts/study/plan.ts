/**
 * The list of runs of a study: the same on every machine that has the same spec and the same code, so that each can
 * compute its share without asking anybody.
 */
import { createHash } from 'node:crypto';
import { specOf } from '../../src/lab/experiments/outcome/experimentFiles.ts';
import { placesOf } from '../../src/lab/experiments/queue/queueParts.ts';
import type { ExperimentSpec } from '../../src/lab/settings/experimentSpec.ts';
import { limitsOf } from '../../src/lab/settings/stopRules.ts';
import type { StudyPlan } from '../../src/lab/studies/studyFiles.ts';
import { shippedWorldSeed } from '../../src/lab/trainer/worldTasks.ts';

/** In the order of the queue: seed by seed, within a seed cell by cell. */
export function planOf(spec: ExperimentSpec, code: string): StudyPlan {
  const { backend } = spec;
  const limits = limitsOf(spec.stop);
  return {
    format: 'filtrate-plan/1',
    code,
    // How many run at once, and for how long, changes no number.
    spec: specOf({ ...spec, concurrency: null, stop: { ...spec.stop, seconds: null } }),
    runs: placesOf(spec).map(({ arm, seed }) => {
      const { cell = null, inCell = arm.name, settings } = arm;
      const id = hashOf({
        code,
        backend,
        limits,
        world: shippedWorldSeed,
        cell,
        arm: inCell,
        settings,
        seed,
      });
      return { id, cell, arm: inCell, seed };
    }),
  };
}

/** 16 hexadecimal digits: of a million runs, two share one in about 1 of 40 million plans. */
const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16);

/** The same value with the keys of its objects in order, so that equal values have equal JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
