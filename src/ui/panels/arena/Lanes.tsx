/** One side of the arena: a lane for each response to a prompt, dark once it is cut, and the meter of their memory. */

import { fixed, grouped } from '../../../core/numberText.ts';
import type { Outcome, SideNow } from '../../../lab/arena/arena.ts';
import styles from './arena.module.css';

export function Lanes(props: {
  title: string;
  now: SideNow | null;
  prompt: number;
  lanes: number;
  /** Of the memory; null where nothing is cut. */
  limit: number | null;
  answer: Outcome | null;
  passes: boolean | null;
}) {
  const { title, now, prompt, lanes, limit, answer, passes } = props;
  const from = prompt * lanes;
  const places = Array.from({ length: lanes }, (_, i) => from + i);
  const longest = Math.max(16, ...(now?.lengths ?? []));
  const live = now ? places.filter((lane) => now.states[lane] === 'live') : places;
  const tokens = now ? places.reduce((sum, lane) => sum + now.lengths[lane], 0) : 0;
  const held = live.reduce((sum, lane) => sum + (now?.lengths[lane] ?? 0), 0);
  const full = limit ?? longest * lanes;
  const cuts = now?.decisions.filter((decision) => decision.prompt === prompt) ?? [];
  return (
    <section className={styles.side} aria-label={title}>
      <header className={styles.head}>
        <h3>{title}</h3>
        <p>
          {live.length} of {lanes} under way, {grouped(tokens)} tokens written
          {cuts.length > 0 ? `, decisions at ${cuts.map(({ token }) => token).join(', ')}` : ''}
        </p>
      </header>
      <div className={styles.meter}>
        <meter
          min={0}
          max={full}
          value={Math.min(held, full)}
          aria-label={`Memory of ${title}: tokens times live lanes`}
        />
        <span>
          {limit === null
            ? `${grouped(held)} tokens held, no limit`
            : `${grouped(held)} of ${grouped(limit)} tokens held`}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so a key must reach it */}
      <ol className={styles.lanes} tabIndex={0} aria-label={`Lanes of ${title}`}>
        {places.map((lane, i) => {
          const state = now?.states[lane] ?? 'live';
          return (
            <li key={lane} data-state={state} data-answer={answer?.answer === i}>
              <span
                className={styles.fill}
                style={{ width: `${(100 * (now?.lengths[lane] ?? 0)) / longest}%` }}
              />
              <code>{now?.texts[lane]}</code>
              <span className={styles.word}>
                {answer?.answer === i ? 'answer' : state === 'live' ? '' : state}
              </span>
            </li>
          );
        })}
      </ol>
      <p className={styles.answer} data-passes={passes ?? undefined}>
        {answer
          ? `Answer: reward ${fixed(answer.reward, 3)}${passes === null ? '' : passes ? ', passes all tests' : ', fails'}`
          : ' '}
      </p>
    </section>
  );
}
