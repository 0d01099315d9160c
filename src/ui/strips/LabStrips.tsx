/** Rank strips of the active arm at the iteration that the page shows. Choosing a response selects it for the inspector. */
import { useCallback, useMemo, useRef } from 'react';
import { shippedWorldSeed } from '../../lab/trainer/worldTasks.ts';
import { type Throttle, useThrottled } from '../charts/useThrottled.ts';
import { useProblems } from '../panels/inspector/useProblems.ts';
import { useHurries, useMoves, useSeen } from '../parts/motion.ts';
import { useActiveArm, useLab, useLaboratory, useShownIteration } from '../useLab.ts';
import { RankStrips } from './RankStrips.tsx';
import styles from './strips.module.css';

/** How often hundreds of marks are drawn: at full speed no faster than a person can look at them. */
const pace: Throttle = { ms: 200 };
const hurriedPace: Throttle = { ms: 1000, rest: 12 };
const unseenPace: Throttle = { ms: 4000 };

export function LabStrips() {
  const place = useRef<HTMLDivElement>(null);
  const seen = useSeen(place);
  const armId = useLab((state) => state.activeArm);
  return (
    <div ref={place} className={styles.place}>
      {/* Another arm is shown at once. */}
      <Strips key={armId} seen={seen} />
    </div>
  );
}

function Strips({ seen }: { seen: boolean }) {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const record = useShownIteration();
  const selection = useLab((state) => state.selection);
  const moving = useMoves();
  const hurried = useHurries();
  const cursor = useLab((state) => state.cursor);
  const problems = useProblems(shippedWorldSeed);
  const armId = arm?.id ?? null;
  const synthetic = arm?.settings.reward.method === 'synthetic';
  const shown = useThrottled(
    useMemo(() => ({ armId, record, synthetic }), [armId, record, synthetic]),
    !hurried ? pace : seen ? hurriedPace : unseenPace,
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
      moving={moving}
    />
  );
}
