/** The knobs of a training job, from their table. */
import type { Knob, KnobValue, Values } from '../../../rlhf/catalogue/knobs.ts';
import { KnobField } from '../../knobs/KnobField.tsx';
import styles from './training.module.css';

export function Knobs<Settings extends object>(props: {
  table: { [K in keyof Settings]: Knob };
  values: Settings;
  onChange: (values: Settings) => void;
}) {
  const keys = (Object.keys(props.table) as (keyof Settings & string)[]).filter(
    (key) => props.table[key].applies?.(props.values as Values) !== false,
  );
  return (
    <div className={styles.knobs}>
      {keys.map((key) => (
        <KnobField
          key={key}
          name={key}
          knob={props.table[key]}
          value={props.values[key] as KnobValue}
          onCommit={(value) => props.onChange({ ...props.values, [key]: value })}
          refuse={() => null}
        />
      ))}
    </div>
  );
}
