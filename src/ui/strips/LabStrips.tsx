/** Rank strips of the active arm at the iteration that the page shows. Choosing a response selects it for the inspector. */
import { useCallback, useMemo } from 'react';
import { shippedWorldSeed } from '../../lab/trainer/worldTasks.ts';
import { useThrottled } from '../charts/useThrottled.ts';
import { useProblems } from '../inspector/useProblems.ts';
import { useActiveArm, useLab, useLaboratory, useShownIteration } from '../useLab.ts';
import { RankStrips } from './RankStrips.tsx';
import styles from './strips.module.css';

/** Least time between two drawings while a loop runs at full speed. */
const redrawMs = 200;

export function LabStrips() {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const record = useShownIteration();
  const selection = useLab((state) => state.selection);
  const still = useLab((state) => state.cursor !== null);
  const cursor = useLab((state) => state.cursor);
  const problems = useProblems(shippedWorldSeed);
  const armId = arm?.id ?? null;
  const synthetic = arm?.settings.rewardSource === 'synthetic';
  const shown = useThrottled(
    useMemo(() => ({ armId, record, synthetic }), [armId, record, synthetic]),
    redrawMs,
  );
  const iteration = shown.record?.iteration ?? 0;
  const onSelect = useCallback(
    (row: number) => {
      if (shown.armId !== null) laboratory.view.select({ armId: shown.armId, iteration, row });
    },
    [laboratory, shown, iteration],
  );
  const promptOf = useCallback((problem: number) => problems?.[problem]?.prompt ?? '', [problems]);
  if (!shown.record && cursor !== null && arm && arm.iterations.length > 0) {
    return (
      <p className={styles.none}>
        {arm.name} has not come to iteration {cursor}.
      </p>
    );
  }
  if (!shown.record) {
    return <p className={styles.none}>The first iteration draws its responses here, in order of reward.</p>;
  }
  if (shown.record.samples.problem.length === 0) {
    return (
      <p className={styles.none}>The samples of iteration {iteration} were not kept, only its numbers.</p>
    );
  }
  const chosen = selection?.armId === shown.armId && selection.iteration === iteration ? selection.row : null;
  return (
    <RankStrips
      samples={shown.record.samples}
      iteration={iteration}
      selected={chosen}
      onSelect={onSelect}
      promptOf={promptOf}
      synthetic={shown.synthetic}
      still={still}
    />
  );
}
