/** The map of a grid that the page computes, above the numbers of one of its cells. */
import { useState } from 'react';
import { type Budget, budgets, budgetText } from '../../../lab/studies/gains.ts';
import { type MapSource, mapOf } from '../../../lab/studies/map.ts';
import { mapInWords } from '../../../lab/studies/studyInWords.ts';
import { Choice } from '../../parts/Choice.tsx';
import { MapTable } from './MapTable.tsx';
import styles from './map.module.css';

const options = budgets.map((value) => ({ value, label: budgetText[value] }));

export function GridMap({ source, against }: { source: MapSource; against: string }) {
  const [budget, setBudget] = useState<Budget>('iterations');
  const map = mapOf(source, against, budget);
  return (
    <section className={styles.study} aria-label="Map of the grid">
      <div className={styles.choices}>
        <span>
          Compared at <Choice label="Compared at" value={budget} options={options} onChange={setBudget} />
        </span>
      </div>
      <MapTable map={map} />
      <p className={styles.quiet}>{mapInWords(map)}</p>
    </section>
  );
}
