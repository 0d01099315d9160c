/** The method of a slot: what it does, its formula and where it comes from, and the others that could stand in its place. */
import { useId, useState } from 'react';
import { catalogue, methodOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { About, Source } from '../../../rlhf/catalogue/method.ts';
import { type Slot, slotText } from '../../../rlhf/catalogue/settings.ts';
import { withIndices } from '../../parts/Formula.tsx';
import styles from './method.module.css';

export function MethodChoice(props: {
  slot: Slot;
  method: string;
  onChoose: (method: string) => void;
  disabled: boolean;
}) {
  const { slot, method, onChoose, disabled } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const { label, what } = slotText[slot];
  const methods: readonly About[] = catalogue[slot];
  const chosen: About = methodOf(slot, method);
  return (
    <section className={styles.slot} aria-labelledby={id} data-part={`slot-${slot}`}>
      <header className={styles.head}>
        <h3 id={id} title={what}>
          {label}
        </h3>
        {methods.length > 1 && !disabled ? (
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Close the list' : `Choose (${methods.length})`}
          </button>
        ) : null}
      </header>
      {open ? (
        <div className={styles.list} role="radiogroup" aria-label={label}>
          {methods.map((each) => (
            <label key={each.id} className={styles.row} data-chosen={each.id === method}>
              <input type="radio" name={id} checked={each.id === method} onChange={() => onChoose(each.id)} />
              <Words method={each} />
            </label>
          ))}
        </div>
      ) : (
        <div className={styles.chosen}>
          <Words method={chosen} />
        </div>
      )}
    </section>
  );
}

function Words({ method }: { method: About }) {
  return (
    <span className={styles.words}>
      <b>{method.label}</b>
      <span>{method.what}</span>
      <span className={styles.formula}>{withIndices(method.formula)}</span>
      <small>
        <Origin source={method.source} />
      </small>
    </span>
  );
}

/** Where a method comes from. */
export function Origin({ source: { arxiv, where } }: { source: Source }) {
  if (!arxiv) return <>{where}</>;
  return (
    <>
      <a href={`https://arxiv.org/abs/${arxiv}`} target="_blank" rel="noreferrer">
        arXiv {arxiv}
      </a>
      , {where}
    </>
  );
}
