/** On paper only: which page this is, how its arms are set, their numbers, and the address that brings it back. */
import { encodeLink } from '../../lab/links/link.ts';
import { addressOf } from '../../lab/links/shareLink.ts';
import { presetById } from '../../lab/settings/presets.ts';
import { Swatch } from '../charts/Swatch.tsx';
import { TableHead } from '../parts/TableHead.tsx';
import { useLab } from '../useLab.ts';
import styles from './print.module.css';
import { numberHeads, numbersRow, settingsRow } from './printedArms.ts';

export function PrintSheet() {
  const state = useLab((whole) => whole);
  const preset = presetById(state.preset);
  const moment = state.cursor === null ? 'the newest iteration' : `iteration ${state.cursor}`;
  return (
    <section className={styles.sheet} aria-label="Settings and numbers">
      <p>
        <b>{preset.label}</b>, seed {state.seed}, at {moment}. {preset.what}
      </p>
      <table>
        <caption>Arms</caption>
        <TableHead names={['Arm', 'Filter', 'Settings that differ from the defaults', 'Iterations']} />
        <tbody>
          {state.arms.map(settingsRow).map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Swatch series={row.color} width={22} /> {row.name}
              </th>
              <td>{row.method}</td>
              <td>{row.differences}</td>
              <td>{row.progress}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={styles.numbers}>
        <caption>Numbers</caption>
        <TableHead names={['Arm', ...numberHeads]} />
        <tbody>
          {state.arms.map((arm) => (
            <tr key={arm.id}>
              <th scope="row">{arm.name}</th>
              {numbersRow(arm).map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.address}>{addressOf(location.href, encodeLink(state))}</p>
    </section>
  );
}
