/** A demo that plays by itself: its caption at the foot of the page, the part that it speaks of lit up. */
import { useEffect, useState } from 'react';
import type { Demo, DemoStep } from '../../demos/demo.ts';
import { demoById } from '../../demos/index.ts';
import { playDemo } from '../../demos/play.ts';
import { partSelector } from '../../lessons/frame/parts.ts';
import { showPart } from '../lessons/showPart.ts';
import { ActionButton } from '../parts/ActionButton.tsx';
import { useLab, useLaboratory } from '../useLab.ts';
import styles from './demos.module.css';

type Stage = { state: 'playing' } | { state: 'held' } | { state: 'broken'; why: string };

function useDemo(id: string, hurry: boolean) {
  const laboratory = useLaboratory();
  const [at, setAt] = useState(0);
  const [caption, setCaption] = useState<Extract<DemoStep, { do: 'say' }> | null>(null);
  const [stage, setStage] = useState<Stage>({ state: 'playing' });
  const [demo, setDemo] = useState<Demo | null>(null);
  useEffect(() => {
    const leave = new AbortController();
    setStage({ state: 'playing' });
    const play = async () => {
      const found = demoById(id);
      setDemo(found);
      const failures = await playDemo(found, laboratory, {
        hurry,
        signal: leave.signal,
        onStep: (index, step) => {
          setAt(index);
          if (step.do !== 'say') return;
          setCaption(step);
          if (step.at) showPart(step.at);
        },
      });
      if (failures.length > 0) throw new Error(failures.join(' '));
    };
    play().then(
      () => leave.signal.aborted || setStage({ state: 'held' }),
      (error: Error) => leave.signal.aborted || setStage({ state: 'broken', why: error.message }),
    );
    return () => leave.abort();
  }, [laboratory, id, hurry]);
  return { demo, at, caption, stage };
}

export function DemoPlayer() {
  const demo = useLab((state) => state.demo);
  return demo ? <Player key={demo.id} {...demo} /> : null;
}

function Player({ id, hurry }: { id: string; hurry: boolean }) {
  const { demo, at, caption, stage } = useDemo(id, hurry);
  const total = demo?.steps.length ?? 1;
  const lit = stage.state === 'playing' ? caption?.at : undefined;
  return (
    <section className={styles.player} aria-label="Demo" data-demo={id} data-demo-state={stage.state}>
      {lit ? (
        <style>{`${partSelector(lit)} { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: var(--radius-small); }`}</style>
      ) : null}
      <p className={styles.caption} role="status">
        {stage.state === 'broken'
          ? `This demo does not hold. ${stage.why}`
          : (caption?.text ?? demo?.title ?? id)}
      </p>
      <div className={styles.foot}>
        <span>
          {stage.state === 'held'
            ? 'The end. The page is yours.'
            : `${demo?.title ?? id}, ${at + 1} of ${total}`}
        </span>
        <ActionButton action="stop-demo" text={stage.state === 'playing' ? 'Stop' : 'Close'} />
      </div>
    </section>
  );
}
