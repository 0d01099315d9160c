/** All demos, by name: one for each preset, one for each lesson. */
import { type Demo, lessonDemos } from './demo.ts';
import { presetDemos } from './presets.ts';

export const demos: readonly Demo[] = [...presetDemos, ...lessonDemos];

/** @throws RangeError naming the demos that exist */
export function demoById(id: string): Demo {
  const found = demos.find((demo) => demo.id === id);
  if (!found) {
    throw new RangeError(`There is no demo "${id}"; there are ${demos.map((demo) => demo.id).join(', ')}.`);
  }
  return found;
}
