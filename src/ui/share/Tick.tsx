/** Boxes to tick, alone and in groups that open. */
import styles from './share.module.css';

export function Tick(props: {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className={styles.tick}>
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {props.label}
    </label>
  );
}

/** Many boxes, of which few are ever ticked: closed until someone wants them. */
export function Checks<Id extends string>(props: {
  title: string;
  options: readonly { id: Id; label: string }[];
  chosen: readonly string[];
  /** Gets the chosen ones of this group and those of others as they were. */
  onChosen: (chosen: Id[]) => void;
  note?: string;
}) {
  const { options, chosen } = props;
  const own = options.filter(({ id }) => chosen.includes(id));
  return (
    <details className={styles.checks}>
      <summary>
        {props.title}
        {own.length > 0 ? <b> {own.map(({ label }) => label).join(', ')}</b> : null}
      </summary>
      <div className={styles.grid}>
        {options.map(({ id, label }) => (
          <Tick
            key={id}
            label={label}
            checked={chosen.includes(id)}
            onChange={(checked) =>
              props.onChosen((checked ? [...chosen, id] : chosen.filter((each) => each !== id)) as Id[])
            }
          />
        ))}
      </div>
      {props.note ? <p>{props.note}</p> : null}
    </details>
  );
}
