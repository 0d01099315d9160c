/** The seed that all arms share: typed, or thrown. A seed that does not fit is refused and the old one stays. */
import { useId, useState } from 'react';
import { largestSeed } from '../../lab/links/link.ts';
import { Tip } from '../parts/ActionButton.tsx';
import { Icon } from '../parts/Icon.tsx';
import { LockNote } from '../parts/LockNote.tsx';
import parts from '../parts/parts.module.css';
import { useLab, useLaboratory, useLocked } from '../useLab.ts';
import styles from './loop.module.css';

export function SeedField() {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const id = useId();
  const locked = useLocked('seed');
  const [draft, setDraft] = useState<string | null>(null);
  const value = draft === null ? seed : Number(draft);
  const wrong =
    draft !== null && (draft.trim() === '' || !Number.isInteger(value) || value < 0 || value > largestSeed);
  const commit = () => {
    if (draft === null || wrong) return;
    setDraft(null);
    void laboratory.setSeed(value);
  };
  return (
    <div className={styles.seed}>
      <label htmlFor={id}>Seed</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        size={6}
        disabled={locked}
        value={draft ?? String(seed)}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : locked ? `${id}-locked` : undefined}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      {locked ? (
        <LockNote id={`${id}-locked`} />
      ) : (
        <Tip text="Another seed: the same arms on other prompts and other samples.">
          <button
            type="button"
            className={parts.iconButton}
            aria-label="Another seed"
            onClick={() => {
              setDraft(null);
              void laboratory.setSeed(1 + Math.floor(Math.random() * 9999));
            }}
          >
            <Icon name="dice" />
          </button>
        </Tip>
      )}
      {wrong ? (
        <span id={`${id}-wrong`} className={styles.wrong} role="alert">
          The seed must be a whole number from 0 to {largestSeed}. {seed} stays.
        </span>
      ) : null}
    </div>
  );
}
