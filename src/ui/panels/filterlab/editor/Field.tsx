/** A knob of the filter lab that is one number; lists and functions have their own places. */
import type { Knob } from '../../../../rlhf/catalogue/knobs.ts';
import { NumberField } from '../../../knobs/NumberField.tsx';
import styles from './editor.module.css';

/** Knobs on the scale of what the filters look at, which in a file may be any. */
const onScale = ['passAt'];

export function Field(props: {
  name: string;
  knob: Knob;
  value: number;
  /** Of what the filters look at. */
  range?: readonly [number, number];
  onChange: (value: number) => void;
}) {
  const { name, knob, value, range } = props;
  if (knob.kind !== 'number' && knob.kind !== 'integer') return null;
  const wide = range !== undefined && onScale.includes(name);
  return (
    <div className={styles.field} title={knob.what}>
      <span aria-hidden="true">{knob.label}</span>
      <NumberField
        live
        label={knob.label}
        value={value}
        min={wide ? Math.min(knob.min, Math.floor(range[0])) : knob.min}
        max={wide ? Math.max(knob.max, Math.ceil(range[1])) : knob.max}
        integer={knob.kind === 'integer'}
        onChange={props.onChange}
      />
    </div>
  );
}
