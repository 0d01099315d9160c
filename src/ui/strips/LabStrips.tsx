/** Rank strips of the active arm at the iteration that the page shows. Choosing a response selects it for the inspector. */
import { useCallback } from 'react';
import { shippedWorldSeed } from '../../lab/worldTasks.ts';
import { useProblems } from '../inspector/useProblems.ts';
import { useActiveArm, useLab, useLaboratory, useShownIteration } from '../useLab.ts';
import { RankStrips } from './RankStrips.tsx';
import styles from './strips.module.css';

export function LabStrips() {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const record = useShownIteration();
  const selection = useLab((state) => state.selection);
  const problems = useProblems(shippedWorldSeed);
  const armId = arm?.id ?? null;
  const iteration = record?.iteration ?? 0;
  const onSelect = useCallback(
    (row: number) => {
      if (armId === null) return;
      laboratory.select({ armId, iteration, row });
    },
    [laboratory, armId, iteration],
  );
  const promptOf = useCallback((problem: number) => problems?.[problem]?.prompt ?? '', [problems]);
  if (!arm || !record) {
    return <p className={styles.none}>The first iteration draws its responses here, in order of reward.</p>;
  }
  const chosen = selection?.armId === arm.id && selection.iteration === iteration ? selection.row : null;
  return (
    <RankStrips
      samples={record.samples}
      iteration={iteration}
      selected={chosen}
      onSelect={onSelect}
      promptOf={promptOf}
      synthetic={arm.settings.rewardSource === 'synthetic'}
    />
  );
}
