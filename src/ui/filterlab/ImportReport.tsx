/** What reading the files came to: rows, dropped rows with reasons and lines, warnings, sizes of groups. */
import type { ImportedRollouts } from '../../io/importRollouts.ts';
import { formatLabels } from '../../io/mapping.ts';
import type { GroupSizes } from '../../lab/importProtocol.ts';
import styles from './files.module.css';

export function ImportReport(props: { result: ImportedRollouts; sizes: GroupSizes; onClose: () => void }) {
  const { result, sizes } = props;
  const { files, dropped, warnings, columns } = result;
  const total = dropped.reduce((sum, { count }) => sum + count, 0);
  const whole = (value: number) => value.toLocaleString('en-GB');
  return (
    <section className={styles.report} aria-label="What was read">
      <div className={styles.actions}>
        <p>
          <b>{whole(columns.reward.length)} rows</b> of{' '}
          {files.map((file) => `${file.name} (${formatLabels[file.format]})`).join(', ')}
          {total > 0 ? `; ${whole(total)} rows dropped` : '; no row dropped'}.
        </p>
        <button type="button" onClick={props.onClose}>
          Other files
        </button>
      </div>
      {warnings.length > 0 ? (
        <ul className={styles.warnings}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      ) : null}
      {dropped.length > 0 ? (
        <details>
          <summary>Dropped rows and why</summary>
          <ul className={styles.small}>
            {dropped.map(({ reason, count, examples }) => (
              <li key={reason}>
                {whole(count)} × {reason}:{' '}
                {examples
                  .slice(0, 8)
                  .map(
                    ({ file, line }) =>
                      `${files.length > 1 ? `${files[file]?.name ?? ''} ` : ''}line ${line}`,
                  )
                  .join(', ')}
                {count > 8 ? ' …' : ''}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <GroupSizesTable sizes={sizes} />
    </section>
  );
}

/** How many groups have how many responses, as a small table of bars. */
function GroupSizesTable({ sizes }: { sizes: GroupSizes }) {
  const most = Math.max(...sizes.map(([, count]) => count));
  return (
    <details>
      <summary>
        Group sizes:{' '}
        {sizes.length === 1 ? `all of ${sizes[0][0]}` : `${sizes[0]?.[0]} to ${sizes[sizes.length - 1]?.[0]}`}
      </summary>
      <table className={styles.sizes}>
        <thead>
          <tr>
            <th scope="col">responses</th>
            <th scope="col">groups</th>
          </tr>
        </thead>
        <tbody>
          {sizes.slice(0, 40).map(([size, count]) => (
            <tr key={size}>
              <td>{size}</td>
              <td>
                <i style={{ width: `${(count / most) * 8}rem` }} /> {count.toLocaleString('en-GB')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
