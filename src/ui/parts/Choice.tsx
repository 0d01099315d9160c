/** A drop-down whose options explain themselves. */
import { Select } from '@base-ui/react/select';
import { Icon } from './Icon.tsx';
import { layer } from './layer.ts';
import styles from './parts.module.css';

export interface ChoiceOption<Value extends string> {
  value: Value;
  label: string;
  what?: string;
}

export function Choice<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly ChoiceOption<Value>[];
  onChange: (value: Value) => void;
  /** Takes the whole width of its place. */
  wide?: boolean;
  describedBy?: string;
  disabled?: boolean;
}) {
  return (
    <Select.Root
      items={props.options}
      value={props.value}
      disabled={props.disabled ?? false}
      onValueChange={(value) => value !== null && props.onChange(value)}
    >
      <Select.Trigger
        className={props.wide ? styles.selectWide : styles.select}
        aria-label={props.label}
        aria-describedby={props.describedBy}
      >
        <Select.Value />
        <Select.Icon>
          <Icon name="caret" size={14} />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal container={layer}>
        <Select.Positioner
          className={styles.layer}
          sideOffset={4}
          alignItemWithTrigger={false}
          collisionPadding={8}
        >
          <Select.Popup className={styles.menu}>
            <Select.List>
              {props.options.map((option) => (
                <Select.Item key={option.value} value={option.value} className={styles.option}>
                  <Select.ItemIndicator className={styles.tick}>
                    <Icon name="check" size={14} />
                  </Select.ItemIndicator>
                  <span className={styles.optionText}>
                    <Select.ItemText>{option.label}</Select.ItemText>
                    {option.what ? <small>{option.what}</small> : null}
                  </span>
                </Select.Item>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
