/**
 * A merged study: the map, what it allows to be said, whether a criterion of the starting policy foretells a gain, and
 * the way from a cell to its arms.
 */
import { useMemo, useState } from 'react';
import { parseSpec, SpecError } from '../../../lab/settings/experimentSpec.ts';
import { type CriterionId, criteria, criterionIds } from '../../../lab/studies/criteria.ts';
import { type Budget, budgets, budgetText } from '../../../lab/studies/gains.ts';
import { mapOf } from '../../../lab/studies/map.ts';
import { worstFilter } from '../../../lab/studies/prediction.ts';
import type { Study } from '../../../lab/studies/study.ts';
import { mapTable, rankText, studyInWords } from '../../../lab/studies/studyInWords.ts';
import { Choice } from '../../parts/Choice.tsx';
import { TableHead } from '../../parts/TableHead.tsx';
import { useLaboratory } from '../../useLab.ts';
import { MapTable } from './MapTable.tsx';
import styles from './map.module.css';
import { Scatter, type ScatterPoint } from './Scatter.tsx';

const budgetOptions = budgets.map((value) => ({ value, label: budgetText[value] }));
const criterionOptions = criterionIds.map((value) => {
  const { label, what } = criteria[value];
  return { value, label, what };
});

/** A folder of strange files has a warning for each. */
const mostWarnings = 8;

export function StudyView({ study, warnings = [] }: { study: Study; warnings?: readonly string[] }) {
  const laboratory = useLaboratory();
  const [budget, setBudget] = useState<Budget>('iterations');
  const references = [study.reference, study.control].filter((name) => name !== null);
  const [against, setAgainst] = useState(references[0] ?? '');
  const words = useMemo(() => studyInWords(study), [study]);
  const map = useMemo(() => mapOf(study, against, budget), [study, against, budget]);
  const open = (cell: string) => {
    const found = armsOf(study, cell);
    if (found) void laboratory.open({ preset: 'healthy', ...found }, `the cell ${cell}`);
    else {
      laboratory.notices.post({
        kind: 'warning',
        text: `The cell ${cell} has settings that this version of the page does not know.`,
      });
    }
  };
  return (
    <div className={styles.study}>
      {warnings.length > 0 ? (
        <ul className={styles.warnings} role="status">
          {warnings.slice(0, mostWarnings).map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
          {warnings.length > mostWarnings ? (
            <li>… and {warnings.length - mostWarnings} more like these.</li>
          ) : null}
        </ul>
      ) : null}
      <p className={styles.quiet}>
        {study.runs.length} of {study.planned} runs; {study.engines.join(', ')}; code{' '}
        <code>{study.code}</code>.
      </p>
      {references.length > 0 ? (
        <>
          <div className={styles.choices}>
            <span>
              Compared at{' '}
              <Choice label="Compared at" value={budget} options={budgetOptions} onChange={setBudget} />
            </span>
            <span>
              minus{' '}
              <Choice
                label="minus"
                value={against}
                options={references.map((value) => ({ value, label: value }))}
                onChange={setAgainst}
              />
            </span>
          </div>
          <MapTable map={map} onOpen={open} />
        </>
      ) : null}
      <ul className={styles.words} aria-label="What the study allows to be said">
        {words.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {study.reference === null ? null : <PredictionFigure study={study} budget={budget} />}
      <details>
        <summary>Numbers</summary>
        <Numbers study={study} budget={budget} />
      </details>
    </div>
  );
}

/** The arms of a cell, with the first seed of the study; null when this page cannot run them. */
function armsOf(study: Study, cell: string) {
  try {
    const { arms, seeds } = parseSpec(study.spec);
    const own = arms.filter((arm) => (arm.cell ?? '') === cell);
    return {
      seed: seeds[0],
      arms: own.map(({ name, inCell, settings }) => ({ name: inCell ?? name, settings })),
    };
  } catch (thrown) {
    if (thrown instanceof SpecError) return null;
    throw thrown;
  }
}

function PredictionFigure({ study, budget }: { study: Study; budget: Budget }) {
  const [criterion, setCriterion] = useState<CriterionId>('r2');
  const [bon, setBon] = useState(true);
  const reference = study.reference!;
  const map = useMemo(() => mapOf(study, reference, budget), [study, reference, budget]);
  const value = (cell: string, arm: string) =>
    study.criteria.find((each) => each.cell === cell && each.arm === arm)?.values[criterion] ?? Number.NaN;
  const series = map.arms.filter((arm) => bon || arm !== worstFilter);
  const points = map.fields.flat().flatMap(({ cell, arm, gain }): ScatterPoint[] => {
    const x = value(cell, arm) - value(cell, reference);
    const shown = gain !== null && Number.isFinite(x) && series.includes(arm);
    return shown ? [{ x, y: gain.mean, series: series.indexOf(arm), what: `${arm}, ${cell || 'all'}` }] : [];
  });
  const found = study.predictions.find(
    (each) => each.criterion === criterion && each.budget === budget && each.bon === bon,
  );
  return (
    <section aria-label="Prediction against gain" className={styles.prediction}>
      <h3>Does the starting policy foretell it?</h3>
      <div className={styles.choices}>
        <span>
          Criterion{' '}
          <Choice label="Criterion" value={criterion} options={criterionOptions} onChange={setCriterion} />
        </span>
        {map.arms.includes(worstFilter) ? (
          <label className={styles.check}>
            <input type="checkbox" checked={bon} onChange={(event) => setBon(event.target.checked)} /> with{' '}
            {worstFilter}
          </label>
        ) : null}
      </div>
      <Scatter
        points={points}
        series={series}
        xLabel={`${criteria[criterion].label} on the starting policy, minus ${reference}’s`}
        yLabel={`held-out pass, minus ${reference}’s`}
      />
      <p role="status">
        Rank correlation over {points.length} filters in their cells:{' '}
        {found ? rankText(found) : 'not computed'}. The interval resamples cells, and seeds within them.
      </p>
    </section>
  );
}

function Numbers({ study, budget }: { study: Study; budget: Budget }) {
  const { head, rows } = mapTable(study, budget);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Numbers of the map">
      <table className={styles.numbers}>
        <caption>± is half the 95 % interval over seeds (Student’s t).</caption>
        <TableHead names={head} />
        <tbody>
          {rows.map(([cell, ...rest]) => (
            <tr key={cell}>
              <th scope="row">{cell}</th>
              {rest.map((text, i) => (
                <td key={head[i + 1]}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
