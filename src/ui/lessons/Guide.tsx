/**
 * Lessons and glossary beside the page, or below it on a narrow screen. While it is open lessons may rearrange the
 * page; closing it brings back what was there before.
 */
import { useEffect, useLayoutEffect, useRef } from 'react';
import type { Guide as Place } from '../../lab/state/syllabus.ts';
import { lessons } from '../../lessons/index.ts';
import { Icon } from '../parts/Icon.tsx';
import parts from '../parts/parts.module.css';
import { useLab, useLaboratory } from '../useLab.ts';
import { Contents } from './Contents.tsx';
import { GlossaryView } from './GlossaryView.tsx';
import styles from './guide.module.css';
import { LessonView } from './LessonView.tsx';

export function Guide() {
  const guide = useLab((state) => state.guide);
  return guide ? <OpenGuide guide={guide} /> : null;
}

function OpenGuide({ guide }: { guide: Place }) {
  const laboratory = useLaboratory();
  const panel = useRef<HTMLElement>(null);
  const bringBack = useRef<(() => void) | null>(null);
  const inLesson = guide.view === 'lesson';
  // Run before the lesson's own effects: the first of them may rearrange the page.
  useLayoutEffect(() => {
    if (inLesson) bringBack.current ??= laboratory.hold();
  }, [laboratory, inLesson]);
  useLayoutEffect(
    () => () => {
      bringBack.current?.();
      bringBack.current = null;
    },
    [],
  );
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      ref={panel}
      className={styles.guide}
      aria-label="Lessons and glossary"
      tabIndex={-1}
      data-screen-only
    >
      <header className={styles.head}>
        <nav className={styles.views} aria-label="Guide">
          <button
            type="button"
            aria-current={guide.view !== 'glossary' ? 'page' : undefined}
            onClick={() => laboratory.view.setGuide({ view: 'contents' })}
          >
            Lessons
          </button>
          <button
            type="button"
            aria-current={guide.view === 'glossary' ? 'page' : undefined}
            onClick={() => laboratory.view.setGuide({ view: 'glossary' })}
          >
            Glossary
          </button>
        </nav>
        <button
          type="button"
          className={parts.iconButton}
          aria-label="Close the lessons and bring the page back as it was"
          onClick={() => laboratory.view.setGuide(null)}
        >
          <Icon name="close" />
        </button>
      </header>
      {guide.view === 'contents' ? <Contents /> : null}
      {guide.view === 'glossary' ? <GlossaryView /> : null}
      {guide.view === 'lesson' ? (
        <LessonView key={guide.id} lesson={lessons[guide.id]} step={guide.step} arrange={guide.arrange} />
      ) : null}
    </aside>
  );
}
