/**
 * A program token by token, coloured by how sure the policy was of each, or by how far it has moved there from the
 * starting policy. The numbers are in each token's label and in the twin table.
 */
import { type KeyboardEvent, useState } from 'react';
import { format } from '../../charts/curves/curves.ts';
import { Explain } from '../../charts/Explain.tsx';
import { FigureTable } from '../../charts/FigureTable.tsx';
import styles from './inspector.module.css';
import { type Pay, payText } from './pay.ts';

const colourings = {
  logProb: {
    label: 'log-probability',
    what: 'How likely the policy found each token when it wrote it. Darker: less likely, a choice that could have gone another way.',
    formula: 'log π(token | before)',
  },
  kl: {
    label: 'KL to the start',
    what: 'How much more (orange) or less (blue) likely the policy finds each token than the starting policy did. Their sum is what beta charges for.',
    formula: 'log π(token) − log π_SFT(token)',
  },
  pay: {
    label: 'pay',
    what: 'What each token is paid: every one its price of moving, the last one also the reward of the whole program, before it is standardised. Orange: more than nothing, blue: less.',
    formula: 'rₜ = −β (log π − log π_SFT) + [t = T] r',
  },
} as const;
type Colouring = keyof typeof colourings;

export interface TokenStripProps {
  texts: readonly string[];
  logProb: Float32Array;
  refLogProb: Float32Array;
  /** Null where it is not known. */
  pay?: Pay | null;
  /** The token that is looked at. */
  chosen: number | null;
  /** Absent: tokens cannot be chosen. */
  onChoose?: (token: number) => void;
}

/** Background of a token: strength grows with the size of the value and stays short of hiding the text. */
function tint(colouring: Colouring, logProb: number, kl: number, paid: number): string {
  const mix = (name: string, strength: number) =>
    `color-mix(in srgb, var(${name}) ${Math.round(Math.min(1, strength) * 45)}%, transparent)`;
  if (colouring === 'logProb') return mix('--series-3', -logProb / 4);
  if (colouring === 'pay') return mix(paid >= 0 ? '--token-more' : '--token-less', Math.abs(paid) * 2);
  return kl >= 0 ? mix('--token-more', kl / 2) : mix('--token-less', -kl / 2);
}

/** How far an arrow key moves among the tokens. */
const strides: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };

export function TokenStrip(props: TokenStripProps) {
  const { texts, logProb, refLogProb, pay = null, chosen, onChoose } = props;
  const [wanted, setColouring] = useState<Colouring>('logProb');
  const colouring = wanted === 'pay' && !pay ? 'logProb' : wanted;
  const text = colourings[colouring];
  const move = (event: KeyboardEvent<HTMLButtonElement>, index: number) => {
    const next = index + (strides[event.key] ?? 0);
    if (next === index || next < 0 || next >= texts.length) return;
    event.preventDefault();
    onChoose?.(next);
    const item = event.currentTarget.closest('ol')?.children[next];
    item?.querySelector('button')?.focus();
  };
  return (
    <section className={styles.tokens} aria-label="Tokens">
      <div className={styles.tokensHead}>
        <h3>Tokens</h3>
        <label>
          coloured by{' '}
          <select value={colouring} onChange={(event) => setColouring(event.target.value as Colouring)}>
            {Object.entries(colourings)
              .filter(([value]) => value !== 'pay' || pay)
              .map(([value, each]) => (
                <option key={value} value={value}>
                  {each.label}
                </option>
              ))}
          </select>
        </label>
        <Explain name={text.label} what={text.what} formula={text.formula} />
      </div>
      <ol className={styles.strip}>
        {texts.map((token, index) => {
          const kl = logProb[index] - refLogProb[index];
          const paid = pay?.tokens[index] ?? 0;
          const numbers = `log-prob ${format(logProb[index], 2)}, KL ${format(kl, 2)}${pay ? `, pay ${format(paid, 2)}` : ''}`;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            <li key={index} title={numbers} style={{ background: tint(colouring, logProb[index], kl, paid) }}>
              {onChoose ? (
                <button
                  type="button"
                  aria-pressed={index === chosen}
                  // One stop for the Tab key; arrows go from token to token.
                  tabIndex={index === (chosen ?? 0) ? 0 : -1}
                  onClick={() => onChoose(index)}
                  onKeyDown={(event) => move(event, index)}
                >
                  {token}
                </button>
              ) : (
                token
              )}
            </li>
          );
        })}
      </ol>
      {pay && (colouring === 'pay' || pay.parts.length > 1) ? (
        <p className={styles.detail}>{payText(pay)}</p>
      ) : null}
      <FigureTable
        title="Tokens of the program"
        head={['place', 'token', 'log π', 'log π_SFT', 'KL', ...(pay ? ['pay'] : [])]}
        rows={() =>
          texts.map((token, index) => [
            index + 1,
            token,
            logProb[index],
            refLogProb[index],
            logProb[index] - refLogProb[index],
            ...(pay ? [pay.tokens[index]] : []),
          ])
        }
        show={(value, column) => format(value, column === 0 ? 0 : 3)}
      />
    </section>
  );
}
