/** What a real browser gives the laboratory. */

import { type Judge, startJudge } from '../../judge/service.ts';
import type { Services } from '../../lab/laboratory.ts';
import { assetFolder, TrainerHandle } from '../../lab/trainer.ts';

/** @param onAlarm told when the judge may be broken */
export function browserServices(onAlarm: (message: string) => void): Services {
  const assets = assetFolder();
  let judge: Judge | null = null;
  return {
    judge: () => (judge ??= startJudge({ onAlarm })),
    spawnTrainer: () => new TrainerHandle(),
    assets,
    async fetchBytes(path) {
      const response = await fetch(new URL(path, assets));
      // A development server answers a missing file with the page itself.
      if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) return null;
      return new Uint8Array(await response.arrayBuffer());
    },
    still: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
  };
}
