/** Every word and number of the page, searchable. */
import { useState } from 'react';
import { decodeLink } from '../../lab/links/link.ts';
import { lessonPlace, syllabus } from '../../lab/state/syllabus.ts';
import { findTerms, type Term } from '../../lessons/glossary.ts';
import { useLaboratory } from '../useLab.ts';
import glossary from './glossary.module.css';
import styles from './guide.module.css';

const groups: readonly Term['group'][] = ['Words', 'Questions', 'Methods', 'Numbers'];

export function GlossaryView() {
  const [query, setQuery] = useState('');
  const found = findTerms(query);
  return (
    <div className={styles.body}>
      <h2 className={styles.title}>Glossary</h2>
      <input
        type="search"
        className={glossary.search}
        aria-label="Search the glossary"
        placeholder="reward, KL, held-out …"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <p className={styles.count} role="status">
        {found.length} {found.length === 1 ? 'term' : 'terms'}
      </p>
      {groups.map((group) => (
        <Group key={group} group={group} terms={found.filter((term) => term.group === group)} />
      ))}
    </div>
  );
}

function Group({ group, terms }: { group: Term['group']; terms: readonly Term[] }) {
  const laboratory = useLaboratory();
  if (terms.length === 0) return null;
  return (
    <section>
      <h3 className={glossary.group}>{group}</h3>
      <dl className={glossary.terms}>
        {terms.map(({ id, name, what, formula, lesson, open }) => (
          <div key={id} data-term={id}>
            <dt>{name}</dt>
            <dd>
              {what}
              {formula === '' ? null : <code>{formula}</code>}
              {open === undefined ? null : (
                <button
                  type="button"
                  className={glossary.more}
                  aria-label={`${name} Show it on the page`}
                  onClick={() => void laboratory.openLink(decodeLink(open).link)}
                >
                  Show it on the page
                </button>
              )}
              {lesson ? (
                <button
                  type="button"
                  className={glossary.more}
                  aria-label={`${name}: lesson ${syllabus[lesson].title}`}
                  onClick={() => laboratory.view.setGuide(lessonPlace(lesson, 0))}
                >
                  {syllabus[lesson].title}
                </button>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
