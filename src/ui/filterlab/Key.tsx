/** What the marks of a figure stand for, written into the figure itself, so that it is there in a picture too. */
import { Fragment } from 'react';
import styles from './filterlab.module.css';

export interface KeyItem {
  label: string;
  /** Class of the mark. */
  mark: string;
  /** An area rather than a line. */
  block?: boolean;
}

/** Width of a letter of the key, on average, in CSS pixels: text cannot be measured before it is drawn. */
const letter = 5.6;

export function Key({ x, y, items }: { x: number; y: number; items: readonly KeyItem[] }) {
  let left = x + 6;
  return (
    <g className={styles.key}>
      {items.map(({ label, mark, block }) => {
        const at = left;
        left += 22 + label.length * letter + 12;
        return (
          <Fragment key={label}>
            {block ? (
              <rect className={mark} x={at} y={y + 3} width={16} height={8} />
            ) : (
              <path className={mark} d={`M${at} ${y + 7}h16`} />
            )}
            <text x={at + 21} y={y + 7} dy="0.32em">
              {label}
            </text>
          </Fragment>
        );
      })}
    </g>
  );
}
