/** A question to answer before looking. */
import { useId, useState } from 'react';
import type { Prediction as Question } from '../../lessons/frame/lesson.ts';
import styles from './exercises.module.css';

export function Prediction({ prediction }: { prediction: Question }) {
  const name = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const { question, options, answer, because } = prediction;
  return (
    <fieldset className={styles.predict}>
      <legend>Predict before you look</legend>
      <p>{question}</p>
      {options.map((option, index) => (
        <label key={option} data-state={chosen === null ? undefined : index === answer ? 'best' : 'other'}>
          <input type="radio" name={name} checked={chosen === index} onChange={() => setChosen(index)} />
          {option}
        </label>
      ))}
      <div role="status">
        {chosen === null ? null : (
          <p>
            <b>{chosen === answer ? 'Yes. ' : `Rather: ${options[answer]}. `}</b>
            {because}
          </p>
        )}
      </div>
    </fieldset>
  );
}
