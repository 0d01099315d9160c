/** Where masks are drawn in the training panel. What draws them is loaded when there are some. */
import { lazy, Suspense } from 'react';
import type { TrainingJob } from '../../../lab/state/store.ts';
import type { NoiseKind } from '../../../rlhf/prepare/noise/settings.ts';
import { useLab } from '../../useLab.ts';

const MaskFigure = lazy(() => import('./MaskFigure.tsx').then((module) => ({ default: module.MaskFigure })));
const RecordedMaskFigure = lazy(() =>
  import('./RecordedMaskFigure.tsx').then((module) => ({ default: module.RecordedMaskFigure })),
);

/** The masks of a job that was begun under Beta noise. */
export function JobMasks({ job }: { job: TrainingJob }) {
  if (!job.masks) return null;
  const heating = job.state === 'running' && job.history.at(-1)?.phase === 'pre-heating';
  return (
    <Suspense fallback={null}>
      <MaskFigure masks={job.masks} from={heating ? 'now' : 'before'} />
    </Suspense>
  );
}

/** Where a learned mask is chosen and none was learned here yet: one that was recorded. */
export function RecordedMasks({ noise }: { noise: NoiseKind }) {
  const own = useLab((state) => state.training?.masks !== undefined);
  if (noise !== 'learned' || own) return null;
  return (
    <Suspense fallback={null}>
      <RecordedMaskFigure />
    </Suspense>
  );
}
