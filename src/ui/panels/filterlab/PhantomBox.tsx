/** Phantom groups, and what each prompt filter does with them: said before anybody trusts a gate on the reward. */
import type { PhantomReport } from '../../../core/analysis/phantom.ts';
import { warningsOf } from '../../../lab/rollouts/words/criteriaFindings.ts';
import { methodOf } from '../../../rlhf/catalogue/catalogue.ts';
import { TableHead } from '../../parts/TableHead.tsx';
import styles from './filterlab.module.css';
import table from './table/table.module.css';

export function PhantomBox({ phantom }: { phantom: PhantomReport | null }) {
  const sentences = warningsOf(phantom);
  if (phantom === null || sentences.length === 0) return null;
  return (
    <section className={styles.warning} aria-label="Phantom groups" data-part="phantom-groups">
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {phantom.phantom > 0 ? (
        <details>
          <summary>What each prompt filter does with them</summary>
          <table className={`${table.table} ${table.plain}`}>
            <TableHead names={['prompt filter', 'groups kept', 'phantom groups kept']} />
            <tbody>
              {Object.entries(phantom.byPromptFilter).map(([id, kept]) => (
                <tr key={id}>
                  <th scope="row">{methodOf('promptFilter', id).label}</th>
                  <td>
                    {kept.groups.toLocaleString('en-GB')} of {phantom.groups.toLocaleString('en-GB')}
                  </td>
                  <td>
                    {kept.phantom.toLocaleString('en-GB')} of {phantom.phantom.toLocaleString('en-GB')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ) : null}
    </section>
  );
}
