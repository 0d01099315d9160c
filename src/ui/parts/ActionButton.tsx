/** A button of a registered action: name, tooltip, key and state all come from the registry. */
import { Tooltip } from '@base-ui/react/tooltip';
import { actionById, labelOf } from '../../lab/actions/actions.ts';
import { keyCap } from '../../lab/actions/keys.ts';
import { lockedNote, locks } from '../../lab/view/teaching.ts';
import { useLab, useLaboratory } from '../useLab.ts';
import { Icon, type IconName } from './Icon.tsx';
import { layer } from './layer.ts';
import styles from './parts.module.css';

export const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function ActionButton(props: {
  action: string;
  icon?: IconName;
  /** Shows only the icon; the name stays for assistive technology and in the tooltip. */
  iconOnly?: boolean;
  /** Shown instead of the action's label. */
  text?: string;
  primary?: boolean;
}) {
  const laboratory = useLaboratory();
  const action = actionById.get(props.action)!;
  const label = useLab((state) => labelOf(action, state));
  const enabled = useLab((state) => action.enabled(state));
  const locked = useLab((state) => action.lock !== undefined && locks(state, action.lock));
  return (
    <Tip text={locked ? `${action.description} ${lockedNote}` : action.description} keys={action.keys}>
      <button
        type="button"
        className={props.primary ? styles.primary : props.iconOnly ? styles.iconButton : styles.button}
        aria-label={props.iconOnly || props.text !== undefined ? label : undefined}
        // Stays focusable, so that the keyboard does not lose its place when an action ends.
        aria-disabled={!enabled}
        data-action={action.id}
        onClick={() => enabled && action.perform(laboratory)}
      >
        {props.icon ? <Icon name={props.icon} /> : null}
        {props.iconOnly ? null : <span>{props.text ?? label}</span>}
      </button>
    </Tip>
  );
}

/** A tooltip around one control. */
export function Tip(props: { text: string; keys?: readonly string[]; children: React.ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={props.children as React.ReactElement<Record<string, unknown>>} />
      <Tooltip.Portal container={layer}>
        <Tooltip.Positioner sideOffset={8} collisionPadding={8} className={styles.layer}>
          <Tooltip.Popup className={styles.tip}>
            {props.text}
            {props.keys?.map((key) => (
              <kbd key={key}>{keyCap(key, apple)}</kbd>
            ))}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
