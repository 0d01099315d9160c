/** One lesson: its step, what it lights up on the page, and the way through it. */
import 'katex/dist/katex.css';
import { markup } from 'virtual:formulas';
import { useEffect, useRef, useState } from 'react';
import { lessonPlace } from '../../lab/state/syllabus.ts';
import type { Lesson, LessonStep } from '../../lessons/frame/lesson.ts';
import { partSelector } from '../../lessons/frame/parts.ts';
import { StarFigure } from '../panels/steering/StarFigure.tsx';
import { TreeFigure } from '../panels/steering/TreeFigure.tsx';
import { ActionButton } from '../parts/ActionButton.tsx';
import { useLab, useLaboratory } from '../useLab.ts';
import { enterStep } from './enterStep.ts';
import styles from './guide.module.css';
import { JudgeBench } from './JudgeBench.tsx';
import { Prediction } from './Prediction.tsx';
import { Prose } from './Prose.tsx';
import { Results } from './Results.tsx';

/** Arranges and runs the page as the step asks; says which step has been entered wholly. */
function useStep(lesson: Lesson, step: number, arrange: boolean): number | null {
  const laboratory = useLaboratory();
  const ready = useLab((state) => state.ready);
  const arranged = useRef<number | null>(null);
  const before = useRef(-1);
  const [entered, setEntered] = useState<number | null>(null);
  // A lesson that has been taken off the page and put back, as React does once in development, begins anew.
  useEffect(
    () => () => {
      arranged.current = null;
      before.current = -1;
    },
    [],
  );
  useEffect(() => {
    if (!ready) return;
    const leave = new AbortController();
    // The page is as a link has it: nothing is arranged or run until the next step.
    const entry = {
      steps: arrange ? lesson.parts : lesson.parts.map(({ open: _, run: __, ...rest }) => rest),
      step,
      arranged: arranged.current,
      forward: step > before.current,
    };
    before.current = step;
    const keep = (index: number) => {
      arranged.current = index;
    };
    void enterStep(laboratory, entry, leave.signal, keep).then(() => {
      if (!leave.signal.aborted) setEntered(step);
    });
    return () => leave.abort();
  }, [laboratory, lesson, step, arrange, ready]);
  return entered;
}

export function LessonView({ lesson, step, arrange }: { lesson: Lesson; step: number; arrange: boolean }) {
  const entered = useStep(lesson, step, arrange);
  const [pointed, setPointed] = useState<string | null>(null);
  const current = lesson.parts[step];
  const body = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is read from its top
  useEffect(() => {
    setPointed(null);
    body.current?.scrollTo(0, 0);
  }, [step]);
  return (
    <>
      <Lit part={current.look ?? null} strong={false} />
      <Lit part={pointed} strong />
      <section
        ref={body}
        className={styles.body}
        aria-label={`Lesson: ${lesson.title}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        data-lesson-step={`${lesson.id}:${step}`}
        data-entered={entered === step}
      >
        <p className={styles.kicker}>{lesson.title}</p>
        <div aria-live="polite">
          <h2 className={styles.title}>{current.title}</h2>
          <StepBody key={step} step={current} onPoint={setPointed} />
        </div>
      </section>
      <Way lesson={lesson} step={step} />
    </>
  );
}

/** Lights up a part of the page, wherever it is and whenever it comes. */
function Lit({ part, strong }: { part: string | null; strong: boolean }) {
  if (part === null) return null;
  const line = strong
    ? '3px solid var(--accent)'
    : '2px dashed color-mix(in srgb, var(--accent) 65%, transparent)';
  return (
    <style>{`${partSelector(part)} { outline: ${line}; outline-offset: 3px; border-radius: var(--radius-small); }`}</style>
  );
}

function StepBody({ step, onPoint }: { step: LessonStep; onPoint: (part: string | null) => void }) {
  const live = useLab((state) => step.live?.(state) ?? null);
  return (
    <div className={styles.prose}>
      <Prose paragraphs={step.text} onPoint={onPoint} />
      {step.formula ? (
        <section
          className={styles.formula}
          aria-label="Formula"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: made from our own formulas when the page was built
          dangerouslySetInnerHTML={{ __html: markup[step.formula] }}
        />
      ) : null}
      {step.predict ? <Prediction prediction={step.predict} /> : null}
      {step.tree ? <TreeFigure /> : null}
      {step.star ? <StarFigure /> : null}
      {step.bench ? <JudgeBench programs={step.bench} /> : null}
      {live ? (
        <p className={styles.live}>
          <span className={styles.tag}>now</span>
          {live}
        </p>
      ) : null}
      {step.results ? <Results /> : null}
      {step.sources ? (
        <ul className={styles.sources} aria-label="Sources">
          {step.sources.map((source) => (
            <li key={source.text}>
              <a href={source.url}>{source.text}</a>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function Way({ lesson, step }: { lesson: Lesson; step: number }) {
  const laboratory = useLaboratory();
  const last = step === lesson.steps - 1;
  return (
    <footer className={styles.way}>
      <ol className={styles.dots} aria-label="Steps">
        {lesson.parts.map(({ title }, index) => (
          <li key={title}>
            <button
              type="button"
              aria-label={`Step ${index + 1} of ${lesson.steps}: ${title}`}
              aria-current={index === step ? 'step' : undefined}
              title={title}
              data-done={index < step}
              onClick={() => laboratory.view.setGuide(lessonPlace(lesson.id, index))}
            />
          </li>
        ))}
      </ol>
      <div className={styles.turns}>
        <ActionButton action="lesson-back" text="Back" />
        <span className={styles.count}>
          {step + 1} of {lesson.steps}
        </span>
        <ActionButton action="lesson-next" text={last ? 'Finish' : 'Next'} primary />
      </div>
      <p className={styles.keys}>
        <kbd>Space</kbd> next, <kbd>Backspace</kbd> back, <kbd>P</kbd> play or pause
      </p>
    </footer>
  );
}
