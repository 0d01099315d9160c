/** Opens on demand: where the reward of these responses stands on the published map. */
import { lazy, Suspense, useState } from 'react';
import type { RewardRows } from '../../../lab/studies/place.ts';

const PlaceReward = lazy(() =>
  import('./PlaceReward.tsx').then(({ PlaceReward }) => ({ default: PlaceReward })),
);

export function PlaceOnMap({ rows }: { rows: RewardRows }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Place this reward on the map: where does filtering pay?</summary>
      {open ? (
        <Suspense fallback={<p>Reading the map …</p>}>
          <PlaceReward rows={rows} />
        </Suspense>
      ) : null}
    </details>
  );
}
