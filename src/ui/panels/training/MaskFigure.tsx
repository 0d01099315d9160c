/**
 * The masks of a few sequences while a model is pre-heated: every token on a background that grows with the mean of its
 * factors, and for the token that is looked at the Beta distribution of each block of its embedding. The numbers stand in
 * each token's label and in the table.
 */
import { type KeyboardEvent, useState } from 'react';
import { fixed } from '../../../core/numberText.ts';
import { betaLogDensity } from '../../../core/statistics/beta.ts';
import { mean } from '../../../core/statistics/stats.ts';
import type { MaskLook } from '../../../rlhf/prepare/noise/settings.ts';
import { vocabulary } from '../../../tasks/tokenizer.ts';
import { FigureTable } from '../../charts/FigureTable.tsx';
import { dashOf, seriesColour } from '../../charts/palette.ts';
import styles from './maskFigure.module.css';

interface Place {
  sequence: number;
  token: number;
}

const origins = {
  now: 'Masks of the token embeddings, now.',
  before: 'The last masks of pre-heating; they are dropped since.',
  recorded:
    'Recorded: masks that a small starting policy learned in its pre-heating. Those of your own run take their place.',
} as const;

const strides: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

export function MaskFigure(props: { masks: readonly MaskLook[]; from: keyof typeof origins }) {
  const { masks, from } = props;
  const [chosen, setChosen] = useState<Place>({ sequence: 0, token: 0 });
  const look = masks[chosen.sequence] ?? masks[0];
  const token = Math.min(chosen.token, look.tokens.length - 1);
  const move = (event: KeyboardEvent<HTMLButtonElement>, at: Place) => {
    const next = { ...at, token: at.token + (strides[event.key] ?? 0) };
    if (next.token === at.token || next.token < 0 || next.token >= masks[at.sequence].tokens.length) return;
    event.preventDefault();
    setChosen(next);
    event.currentTarget.closest('ol')?.children[next.token]?.querySelector('button')?.focus();
  };
  return (
    <figure className={styles.figure} aria-label="Masks of the token embeddings">
      <figcaption>
        {origins[from]} The number is what a token is multiplied by on average: the fuller its background, the
        more of it is read.
      </figcaption>
      {masks.map((one, sequence) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sequence is its place
        <ol key={sequence} className={styles.tokens} aria-label={`Tokens of sequence ${sequence + 1}`}>
          {one.tokens.map((id, at) => {
            const here = { sequence, token: at };
            const share = meanAt(one, at);
            const pressed = sequence === chosen.sequence && at === token;
            // One stop of the tab key for each sequence; the arrows go along it.
            const stop = sequence === chosen.sequence ? at === token : at === 0;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
              <li key={at}>
                <button
                  type="button"
                  className={styles.token}
                  style={{
                    background: `color-mix(in srgb, var(--series-3) ${Math.round(45 * share)}%, transparent)`,
                  }}
                  tabIndex={stop ? 0 : -1}
                  aria-pressed={pressed}
                  aria-label={`${nameOf(id)}, factor ${fixed(share, 2)}`}
                  onClick={() => setChosen(here)}
                  onKeyDown={(event) => move(event, here)}
                >
                  <code>{nameOf(id)}</code>
                  <small>{fixed(share, 2)}</small>
                </button>
              </li>
            );
          })}
        </ol>
      ))}
      <Curves look={look} token={token} />
      <FigureTable
        title="Masks of the token embeddings"
        head={['sequence', 'place', 'token', 'block', 'alpha', 'beta', 'mean']}
        rows={() =>
          masks.flatMap((one, sequence) =>
            one.tokens.flatMap((id, at) =>
              one.alpha[at].map((alpha, block) => {
                const beta = one.beta[at][block];
                return [sequence + 1, at + 1, nameOf(id), block + 1, alpha, beta, alpha / (alpha + beta)];
              }),
            ),
          )
        }
        show={(value, column) => (column < 4 ? String(value) : fixed(value, 2))}
      />
    </figure>
  );
}

const nameOf = (id: number): string => vocabulary[id] ?? `<${id}>`;
const meanAt = ({ alpha, beta }: MaskLook, token: number): number =>
  mean(alpha[token].map((a, block) => a / (a + beta[token][block])));

const [width, height] = [320, 110];
/** Higher densities are cut off: near 0 and 1 they have no end. */
const highest = 4;
const points = 80;

function Curves({ look, token }: { look: MaskLook; token: number }) {
  const blocks = look.alpha[token].map((alpha, block) => ({ alpha, beta: look.beta[token][block] }));
  const path = ({ alpha, beta }: { alpha: number; beta: number }) =>
    Array.from({ length: points }, (_, i) => {
      const m = (i + 0.5) / points;
      const y = height - (height * Math.exp(betaLogDensity(m, alpha, beta))) / highest;
      return `${(m * width).toFixed(1)},${y.toFixed(1)}`;
    }).join(' ');
  return (
    <div className={styles.curves}>
      <svg viewBox={`0 0 ${width} ${height}`} className={styles.plot} aria-hidden="true">
        <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} className={styles.axis} />
        {blocks.map((block, i) => (
          <polyline
            // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place
            key={i}
            points={path(block)}
            fill="none"
            stroke={seriesColour(i)}
            strokeWidth="2"
            strokeDasharray={dashOf(i).join(' ')}
          />
        ))}
      </svg>
      <p className={styles.ends} aria-hidden="true">
        <span>0: left out</span>
        <span>1: read as it is</span>
      </p>
      <p className={styles.legend}>
        How the factors of <code>{nameOf(look.tokens[token])}</code> are distributed, by quarter of its
        embedding:
      </p>
      <ul className={styles.blocks}>
        {blocks.map(({ alpha, beta }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place
          <li key={i}>
            <svg width="22" height="8" aria-hidden="true">
              <line
                x1="0"
                x2="22"
                y1="4"
                y2="4"
                stroke={seriesColour(i)}
                strokeWidth="2"
                strokeDasharray={dashOf(i).join(' ')}
              />
            </svg>
            {i + 1}: Beta({fixed(alpha, 2)}, {fixed(beta, 2)}), mean {fixed(alpha / (alpha + beta), 2)}
          </li>
        ))}
      </ul>
    </div>
  );
}
