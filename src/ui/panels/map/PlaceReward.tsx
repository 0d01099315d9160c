/** Place my reward: the reliability of a person's rollouts beside the cells of the published map. */
import { useEffect, useMemo, useState } from 'react';
import { mapOf } from '../../../lab/studies/map.ts';
import {
  conditionsOf,
  farthest,
  placeInWords,
  placesOf,
  profileOf,
  type RewardRows,
} from '../../../lab/studies/place.ts';
import { publishedMap } from '../../../lab/studies/publishedMap.ts';
import type { Study } from '../../../lab/studies/study.ts';
import { StudyFileError } from '../../../lab/studies/studyFiles.ts';
import { gainText, markOf } from '../../../lab/studies/studyInWords.ts';
import { TableHead } from '../../parts/TableHead.tsx';
import { useLaboratory } from '../../useLab.ts';
import styles from './map.module.css';

/** Cells that are drawn beside the reward. */
const shownCells = 3;

export function PlaceReward({ rows }: { rows: RewardRows }) {
  const laboratory = useLaboratory();
  const [map, setMap] = useState<Study | string | null>(null);
  const profile = useMemo(() => profileOf(rows), [rows]);
  useEffect(() => {
    let wanted = true;
    publishedMap(laboratory.fetchBytes).then(
      (study) => wanted && setMap(study ?? 'The map does not come with this build.'),
      (thrown: unknown) => {
        if (!(thrown instanceof StudyFileError)) throw thrown;
        if (wanted) setMap(`The map cannot be read: it ${thrown.message}`);
      },
    );
    return () => {
      wanted = false;
    };
  }, [laboratory]);
  if (map === null) return null;
  if (typeof map === 'string') return <p className={styles.quiet}>{map}</p>;
  if (!profile) {
    return (
      <p className={styles.quiet}>
        To be placed, a reward needs at least 50 responses whose true score is known, and more than one value.
      </p>
    );
  }
  const places = placesOf(profile, map.cells);
  const near = places.filter(({ distance }) => distance <= farthest).slice(0, shownCells);
  const fields = map.reference === null ? [] : mapOf(map, map.reference, 'iterations').fields.flat();
  return (
    <div className={styles.study}>
      <p role="status">{placeInWords(places)}</p>
      <Tenths
        rows={[
          { name: 'yours', tenths: profile.tenths },
          ...(near.length > 0 ? near : places.slice(0, 1)).map(({ cell }) => ({
            name: cell.name,
            tenths: cell.tenths,
          })),
        ]}
      />
      {near.map(({ cell }) => (
        <p key={cell.name}>
          {cell.name}, minus {map.reference}:{' '}
          {fields
            .filter((field) => field.cell === cell.name)
            .map((field) => `${field.arm} ${gainText(field)} ${markOf(field)}`.trim())
            .join(', ')}
          .
        </p>
      ))}
      {near.length > 0 ? (
        <>
          <p>For that to carry over to you, it would have to be true that</p>
          <ul className={styles.words}>
            {conditionsOf(profile, near[0].cell).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}

function Tenths({ rows }: { rows: readonly { name: string; tenths: readonly number[] }[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Reliability by tenth of the reward">
      <table className={styles.numbers}>
        <caption>Mean true score in each tenth of the responses by reward, lowest first.</caption>
        <TableHead names={['Reward', ...Array.from({ length: 10 }, (_, i) => `${i + 1}`)]} />
        <tbody>
          {rows.map(({ name, tenths }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {tenths.map((value, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: tenths have no other name
                <td key={i}>{value.toFixed(2)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
