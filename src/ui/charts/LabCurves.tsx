/** The learning curves of the laboratory's visible arms. */
import { type ReactNode, useMemo } from 'react';
import { worldSize } from '../../tasks/world.ts';
import { useLab, useLaboratory, useVisibleArms } from '../useLab.ts';
import { curveArm } from './curves.ts';
import { LearningCurves } from './LearningCurves.tsx';

const heldProblems = Object.values(worldSize.held).reduce((a, b) => a + b, 0);

export function LabCurves({ between }: { between?: ReactNode }) {
  const laboratory = useLaboratory();
  const arms = useVisibleArms();
  const axis = useLab((state) => state.xAxis);
  const cursor = useLab((state) => state.cursor);
  const curves = useMemo(() => arms.map((arm) => curveArm(arm, heldProblems)), [arms]);
  return (
    <LearningCurves
      arms={curves}
      axis={axis}
      onAxis={(next) => laboratory.setXAxis(next)}
      moment={cursor}
      onMoment={(iteration) => laboratory.setCursor(iteration)}
      between={between}
    />
  );
}
