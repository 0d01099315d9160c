/** What programs tried that no honest program does: a host global, a prototype, a loop without an end. */
import { useEffect, useState } from 'react';
import type { JudgeStats } from '../../../judge/protocol.ts';
import { TableHead } from '../../parts/TableHead.tsx';
import { useLaboratory } from '../../useLab.ts';
import styles from './packs.module.css';

const shown = 50;
const everyMs = 3000;

export function Attempts() {
  const laboratory = useLaboratory();
  const [stats, setStats] = useState<JudgeStats | null>(null);
  useEffect(() => {
    let isWanted = true;
    const ask = () =>
      laboratory.judge.stats().then(
        (found) => isWanted && setStats(found),
        // A judge that is gone has nothing new to tell.
        () => {},
      );
    void ask();
    const timer = setInterval(ask, everyMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [laboratory]);
  if (!stats) return null;
  const { programs, cacheHits, executed, guarded, stalled, respawned, attempts } = stats;
  return (
    <details className={styles.attempts}>
      <summary>
        What programs tried that they may not: {attempts.length} {attempts.length === 1 ? 'kind' : 'kinds'}
      </summary>
      <p>
        {programs} programs, {cacheHits} known before, {executed} run, {guarded} stopped by the loop guard,{' '}
        {stalled} removed, {respawned} new sandboxes.
      </p>
      <table className={styles.tests}>
        <TableHead names={['Attempt', 'Times', 'Program']} />
        <tbody>
          {attempts
            .slice(-shown)
            .reverse()
            .map(({ kind, what, source, count }) => (
              <tr key={`${kind} ${what} ${source}`}>
                <td>
                  {kind}: {what}
                </td>
                <td>{count}</td>
                <td>
                  <code>{source.slice(0, 200)}</code>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
