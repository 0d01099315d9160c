/** The table of contents of the lessons. */
import { lessonIds, lessonPlace, syllabus } from '../../lab/state/syllabus.ts';
import { useLaboratory } from '../useLab.ts';
import styles from './guide.module.css';

export function Contents() {
  const laboratory = useLaboratory();
  return (
    <div className={styles.body}>
      <h2 className={styles.title}>Eight lessons</h2>
      <p className={styles.lead}>
        On the live page, in any order. They can be read without touching anything, and show more when
        touched. Closing them brings the page back as it was.
      </p>
      <ol className={styles.contents}>
        {lessonIds.map((id) => (
          <li key={id}>
            <button type="button" onClick={() => laboratory.view.setGuide(lessonPlace(id, 0))}>
              <b>{syllabus[id].title}</b>
              <span>{syllabus[id].what}</span>
              <small>about {syllabus[id].minutes} minutes</small>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
