/** What the marks of a figure stand for, written into the figure itself, so that it is there in a picture too. */
import { Fragment } from 'react';
import styles from './figures.module.css';

export interface KeyItem {
  label: string;
  /** Class of the mark. */
  mark: string;
  /** An area rather than a line. */
  block?: boolean;
}

/** Width of a letter of the key, on average, in CSS pixels: text cannot be measured before it is drawn. */
const letter = 6.1;
const line = 15;

/** @param across left and right end of the room for it; what does not fit begins another line */
export function Key(props: { across: readonly [number, number]; y: number; items: readonly KeyItem[] }) {
  const { across, items } = props;
  let left = across[0] + 6;
  let y = props.y + 7;
  return (
    <g className={styles.key}>
      {items.map(({ label, mark, block }) => {
        const width = 21 + label.length * letter;
        if (left + width > across[1] && left > across[0] + 6) {
          left = across[0] + 6;
          y += line;
        }
        const at = left;
        left += width + 12;
        return (
          <Fragment key={label}>
            {block ? (
              <rect className={mark} x={at} y={y - 4} width={16} height={8} />
            ) : (
              <path className={mark} d={`M${at} ${y}h16`} />
            )}
            <text x={at + 21} y={y} dy="0.32em">
              {label}
            </text>
          </Fragment>
        );
      })}
    </g>
  );
}
