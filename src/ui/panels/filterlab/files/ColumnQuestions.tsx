/** What the columns leave open, asked before anything is read: two guesses are close, and a person knows. */
import type { ColumnQuestion } from '../../../../io/judging/columnQuestion.ts';
import styles from './files.module.css';

const titles = { reward: 'Which reward?', score: 'Which true score?' };

export function ColumnQuestions(props: {
  questions: readonly ColumnQuestion[];
  /** @param answer a reward or a column; null where none is the true score */
  onAnswer: (question: ColumnQuestion, answer: string | null) => void;
}) {
  return props.questions.map((question) => (
    <section
      key={question.role}
      className={styles.question}
      role="alert"
      aria-label={`A question about the ${question.role === 'score' ? 'true score' : 'reward'}`}
    >
      <p>
        <b>{titles[question.role]}</b> {question.text}
      </p>
      <div className={styles.actions}>
        {question.candidates.map((candidate) => (
          <button key={candidate} type="button" onClick={() => props.onAnswer(question, candidate)}>
            {candidate}
          </button>
        ))}
        {question.role === 'score' ? (
          <button type="button" onClick={() => props.onAnswer(question, null)}>
            None of the columns
          </button>
        ) : (
          <span className={styles.small}>or choose below, with weights</span>
        )}
      </div>
    </section>
  ));
}
