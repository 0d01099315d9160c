/** Steered responses token by token: what guidance raised or lowered, and the numbers of the one that is chosen. */
import { useState } from 'react';
import { fixed } from '../../../core/numberText.ts';
import type { SteerAnswer } from '../../../lab/trainer/steer.ts';
import { TableHead } from '../../parts/TableHead.tsx';
import styles from './steering.module.css';

/** Background of a token: raised by guidance, or lowered. */
function tint(now: number, reference: number): string {
  const moved = Math.log(now / reference);
  const strength = Math.round(Math.min(1, Math.abs(moved)) * 55);
  return `color-mix(in srgb, var(${moved >= 0 ? '--token-more' : '--token-less'}) ${strength}%, transparent)`;
}

export function SteeredTokens({ responses }: Pick<SteerAnswer, 'responses'>) {
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, responses.length - 1);
  const head = ['token', 'policy', 'p(pass)', 'steered', 'KL'];
  return (
    <div className={styles.answer}>
      <ol className={styles.responses} aria-label="Responses">
        {responses.map(({ tokens, score }, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a response is its place
          <li key={row}>
            <button
              type="button"
              aria-pressed={row === at}
              className={styles.response}
              onClick={() => setChosen(row)}
            >
              <span className={styles.verdict} data-pass={score === 1}>
                {score === 1 ? 'passes' : `${Math.round(score * 100)} %`}
              </span>
              <code>
                {tokens.map(({ text, now, reference }, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
                  <span key={i} style={{ background: tint(now, reference) }}>
                    {text}{' '}
                  </span>
                ))}
              </code>
            </button>
          </li>
        ))}
      </ol>
      <section
        className={styles.tokens}
        aria-label="Tokens of the chosen response"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
      >
        <table>
          <caption>
            Response {at + 1}: probability under the policy, of passing once it is written, and when steered
          </caption>
          <TableHead names={head} />
          <tbody>
            {responses[at].tokens.map(({ text, reference, success, now, kl }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
              <tr key={i}>
                <th scope="row">
                  <code>{text}</code>
                </th>
                {[reference, success, now, kl].map((value, column) => (
                  <td key={head[column + 1]}>{fixed(value, 3)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
