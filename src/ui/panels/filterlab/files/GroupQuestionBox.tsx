/** What the groups leave open, asked above the figures: the answers say what they would make of the rows. */
import type { GroupChange, GroupQuestion, QuestionKind } from '../../../../io/grouping/question.ts';
import styles from './files.module.css';

export function GroupQuestionBox(props: {
  question: GroupQuestion;
  onSettle: (kind: QuestionKind, change: GroupChange) => void;
  onBack: () => void;
}) {
  const { kind, text, answers } = props.question;
  return (
    <section className={styles.question} role="alert" aria-label="A question about the groups">
      <p>
        <b>Are the groups right?</b> {text}
      </p>
      <div className={styles.actions}>
        {answers.map(({ label, outcome, change, isNow }) => (
          <button key={label} type="button" onClick={() => props.onSettle(kind, change)}>
            {label}
            {outcome === null ? '' : `: ${outcome}`}
            {isNow ? ' (as now)' : ''}
          </button>
        ))}
        <button type="button" onClick={props.onBack}>
          Choose the columns
        </button>
      </div>
    </section>
  );
}
