/** The training problems of a world, built when first looked at (0.2 s) and kept. */
import { useEffect, useState } from 'react';
import type { Problem } from '../../../tasks/problem.ts';
import { buildWorld } from '../../../tasks/world.ts';

const worlds = new Map<number, Promise<readonly Problem[]>>();

/** Builds in idle time, so that opening a panel never stutters. */
function problemsOf(seed: number): Promise<readonly Problem[]> {
  let found = worlds.get(seed);
  if (!found) {
    found = new Promise((resolve) => {
      const build = () => resolve(buildWorld(seed).train);
      if ('requestIdleCallback' in globalThis) requestIdleCallback(build, { timeout: 400 });
      else setTimeout(build, 50);
    });
    worlds.set(seed, found);
  }
  return found;
}

/** Null while the world is being built. */
export function useProblems(seed: number): readonly Problem[] | null {
  const [problems, setProblems] = useState<readonly Problem[] | null>(null);
  useEffect(() => {
    let wanted = true;
    problemsOf(seed).then((built) => wanted && setProblems(built));
    return () => {
      wanted = false;
    };
  }, [seed]);
  return problems;
}
