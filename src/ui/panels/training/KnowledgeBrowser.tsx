/** A knowledge store to look through: search, verdicts, and how sure the teacher was of every token. */
import { useId, useMemo, useState } from 'react';
import { fixed, grouped, percent } from '../../../core/numberText.ts';
import type { Knowledge, KnowledgeEntry } from '../../../rlhf/student/knowledge.ts';
import styles from './knowledge.module.css';

/** Entries that are drawn; a search finds the others. */
const drawn = 30;

export function KnowledgeBrowser({ knowledge }: { knowledge: Knowledge }) {
  const id = useId();
  const [words, setWords] = useState('');
  const found = useMemo(() => search(knowledge, words), [knowledge, words]);
  const requests = useMemo(() => new Set(knowledge.entries.map(({ request }) => request)).size, [knowledge]);
  return (
    <section aria-label="Entries of the knowledge store">
      <p className={styles.about}>
        {grouped(knowledge.entries.length)} programs for {grouped(requests)} requests, written by{' '}
        {knowledge.teacher}. No two are alike.
      </p>
      <label className={styles.search} htmlFor={id}>
        Search requests and programs
        <input id={id} type="search" value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
      <p className={styles.about} role="status">
        {found.length === 0
          ? 'No entry has all of these words.'
          : `${grouped(found.length)} found${found.length > drawn ? `, the first ${drawn} shown` : ''}. Tokens that the teacher gave less than one half are dotted.`}
      </p>
      <ul className={styles.entries}>
        {found.slice(0, drawn).map((entry) => (
          <Entry key={`${entry.request}\n${entry.program}`} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function search({ entries }: Knowledge, words: string): readonly KnowledgeEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return entries;
  return entries.filter(({ request, program }) => {
    const text = `${request} ${program}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

function Entry({ entry: { request, program, score, outcome, logProb } }: { entry: KnowledgeEntry }) {
  const nats = logProb.reduce((sum, x) => sum + x, 0);
  const verdict =
    score === 1 ? 'passes all tests' : outcome === 'ok' ? `passes ${percent(score)} of its tests` : outcome;
  return (
    <li>
      <div className={styles.request}>{request}</div>
      <code className={styles.program}>
        {program.split(' ').map((token, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            key={i}
            title={`${token}: ${percent(Math.exp(logProb[i]), 1)}, log-probability ${fixed(logProb[i], 3)}`}
            data-unsure={logProb[i] < Math.log(0.5) || undefined}
          >
            {token}{' '}
          </span>
        ))}
      </code>
      <div className={styles.verdict}>
        {verdict}; log-probability {fixed(nats, 2)}
      </div>
    </li>
  );
}
