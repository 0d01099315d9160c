/** The learning curves of the laboratory's visible arms. */
import { type ReactNode, useCallback, useMemo, useRef } from 'react';
import { type Arm, newestIteration } from '../../../lab/state/arm.ts';
import type { XAxis } from '../../../lab/state/store.ts';
import { worldSize } from '../../../tasks/world.ts';
import { useHurries } from '../../parts/motion.ts';
import { useHidden, useLab, useLaboratory, useVisibleArms } from '../../useLab.ts';
import { type Throttle, useThrottled } from '../useThrottled.ts';
import { type CurveArm, curveArm } from './curves.ts';
import { LearningCurves } from './LearningCurves.tsx';

/** How often streaming curves are drawn: beside a loop at full speed, so that it hardly notices. */
const pace: Throttle = { ms: 250 };
const hurriedPace: Throttle = { ms: 500, rest: 12 };
const heldProblems = Object.values(worldSize.held).reduce((a, b) => a + b, 0);

/** Arms as the charts see them. An arm whose rows did not change keeps its identity: stations move more often. */
function useCurveArms(arms: readonly Arm[]): readonly CurveArm[] {
  const known = useRef<readonly CurveArm[]>([]);
  return useMemo(() => {
    const next = arms.map((arm) => {
      const made = curveArm(arm, heldProblems);
      const old = known.current.find((each) => each.id === arm.id);
      return old && sameCurve(old, made) ? old : made;
    });
    const same = next.length === known.current.length && next.every((arm, i) => arm === known.current[i]);
    if (!same) known.current = next;
    return known.current;
  }, [arms]);
}

const sameCurve = (a: CurveArm, b: CurveArm) =>
  (Object.keys(b) as (keyof CurveArm)[]).every((key) => a[key] === b[key]);

/** The iteration to show for a place on the axis; the newest one is followed, not held. */
function momentOf(iteration: number, arms: readonly Arm[]): number | null {
  return iteration >= newestIteration(arms) ? null : Math.max(1, iteration);
}

export function LabCurves({ between }: { between?: ReactNode }) {
  const laboratory = useLaboratory();
  const arms = useVisibleArms();
  const axis = useLab((state) => state.xAxis);
  const cursor = useLab((state) => state.cursor);
  const figures = !useHidden('figures');
  const curves = useThrottled(useCurveArms(arms), useHurries() ? hurriedPace : pace);
  const onAxis = useCallback((next: XAxis) => laboratory.view.setXAxis(next), [laboratory]);
  const onMoment = useCallback(
    (iteration: number) => laboratory.view.setCursor(momentOf(iteration, laboratory.store.getState().arms)),
    [laboratory],
  );
  return (
    <LearningCurves
      arms={curves}
      axis={axis}
      onAxis={onAxis}
      moment={cursor}
      onMoment={onMoment}
      figures={figures}
      between={between}
    />
  );
}
