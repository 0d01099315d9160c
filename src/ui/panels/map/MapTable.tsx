/**
 * The map as a picture that is a table: cells of the grid by filters, each field with its number, its sign and its mark.
 * Colour adds how large a difference is; what it says is there in black and white, and on paper.
 */
import { fixed } from '../../../core/numberText.ts';
import type { MapField, StudyMap } from '../../../lab/studies/map.ts';
import { gainText, markOf } from '../../../lab/studies/studyInWords.ts';
import styles from './map.module.css';

/** A difference of this size has the strongest colour. */
const strongest = 0.12;

const said: Record<string, string> = {
  above: 'above',
  below: 'below',
  level: 'not told apart',
  few: 'too few seeds to tell',
  'no spread': 'the same over all seeds, not told apart',
};

export function MapTable(props: { map: StudyMap; onOpen?: (cell: string) => void }) {
  const { map, onOpen } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="The map">
      <table className={styles.map}>
        <caption>
          Held-out pass at the end minus {map.against}’s, in points of per cent, paired by seed. ▲ above and ▼
          below: the 95 % interval leaves zero out. Without a mark: not told apart.
        </caption>
        <thead>
          <tr>
            <th scope="col">Cell</th>
            {map.arms.map((arm) => (
              <th key={arm} scope="col">
                {arm}
              </th>
            ))}
            {onOpen ? (
              <th scope="col" className={styles.open}>
                Open
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {map.fields.map((fields, i) => (
            <tr key={map.cells[i]}>
              <th scope="row">{map.cells[i] || 'all'}</th>
              {fields.map((field) => (
                <Field key={field.arm} field={field} against={map.against} />
              ))}
              {onOpen ? (
                <td className={styles.open}>
                  <button
                    type="button"
                    aria-label={`Open ${map.cells[i]} as arms`}
                    onClick={() => onOpen(map.cells[i])}
                  >
                    as arms
                  </button>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Field({ field, against }: { field: MapField; against: string }) {
  const { gain, telling } = field;
  if (!gain || !telling) return <td className={styles.field}>–</td>;
  const points = 100 * gain.mean;
  const strength = Math.round(Math.min(1, Math.abs(gain.mean) / strongest) * 70);
  const side = gain.mean > 0 ? 'var(--score-high)' : 'var(--score-low)';
  const text = `${points > 0 ? '+' : ''}${fixed(points, 1)}`;
  const what = `${field.arm}, ${field.cell || 'all'}: ${gainText(field)} against ${against}, ${said[telling]}, ${gain.count} seeds`;
  return (
    <td
      className={styles.field}
      data-told={telling === 'above' || telling === 'below'}
      style={{ background: `color-mix(in srgb, ${side} ${strength}%, var(--surface))` }}
      title={what}
    >
      {text} <span aria-hidden="true">{markOf(field)}</span>
      <span className={styles.hidden}>, {said[telling]}</span>
    </td>
  );
}
