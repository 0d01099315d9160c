/** The arms side by side: which there are, how far each is, and what may be done to each. */
import { Menu } from '@base-ui/react/menu';
import { memo } from 'react';
import { type Arm, mostArms } from '../../lab/state/arm.ts';
import { catalogue, openSlots, samePrompts } from '../../rlhf/catalogue/catalogue.ts';
import { slotText } from '../../rlhf/catalogue/settings.ts';
import { Swatch } from '../charts/Swatch.tsx';
import { Tip } from '../parts/ActionButton.tsx';
import { Icon } from '../parts/Icon.tsx';
import { LockNote } from '../parts/LockNote.tsx';
import { layer } from '../parts/layer.ts';
import parts from '../parts/parts.module.css';
import { useArms, useLab, useLaboratory, useLocked } from '../useLab.ts';
import styles from './arms.module.css';
import { describeArm } from './describeArm.ts';

export function ArmsRow() {
  const arms = useArms();
  const active = useLab((state) => state.activeArm);
  const locked = useLocked('arms');
  return (
    <section className={styles.row} aria-label="Arms" data-part="arms">
      <ul>
        {arms.map((arm) => (
          <ArmCard
            key={arm.id}
            arm={arm}
            active={arm.id === active}
            only={arms.length === 1}
            full={arms.length >= mostArms}
            locked={locked}
          />
        ))}
      </ul>
      {samePrompts(arms.map(({ settings }) => settings)) ? null : (
        <p className={styles.differ}>
          These arms do not work on the same prompts, so what they sample is not compared on equal terms. The
          held-out problems are the same for all.
        </p>
      )}
      {locked ? <LockNote /> : arms.length < mostArms ? <AddArm /> : null}
    </section>
  );
}

const ArmCard = memo(function ArmCard({
  arm,
  active,
  only,
  full,
  locked,
}: {
  arm: Arm;
  active: boolean;
  only: boolean;
  full: boolean;
  locked: boolean;
}) {
  const laboratory = useLaboratory();
  const done = arm.settings.training.iterations > 0 ? arm.iteration / arm.settings.training.iterations : 0;
  return (
    <li className={styles.card} data-active={active} data-hidden={arm.hidden} data-state={arm.state}>
      <button
        type="button"
        className={styles.choose}
        aria-pressed={active}
        aria-label={`${arm.name}: ${describeArm(arm)}. Show its details.`}
        onClick={() => laboratory.view.setActive(arm.id)}
      >
        <span className={styles.name}>
          <Swatch series={arm.color} width={30} />
          <b>{arm.name}</b>
        </span>
        <span className={styles.state}>{describeArm(arm)}</span>
        <span className={styles.bar} aria-hidden="true">
          <span
            style={{ transform: `scaleX(${Math.min(1, done)})`, background: `var(--series-${arm.color})` }}
          />
        </span>
      </button>
      <ArmTools id={arm.id} name={arm.name} hidden={arm.hidden} only={only} full={full} locked={locked} />
    </li>
  );
});

/** Apart from the card, so that an arm that runs does not draw its buttons again. */
const ArmTools = memo(function ArmTools(props: {
  id: string;
  name: string;
  hidden: boolean;
  only: boolean;
  full: boolean;
  /** A teacher's link keeps the arms as they are: one may still be left out of the charts. */
  locked: boolean;
}) {
  const laboratory = useLaboratory();
  const { id, name, hidden, only, full, locked } = props;
  return (
    <div className={styles.tools} data-screen-only>
      <Tool
        label={hidden ? `Show ${name} in the charts` : `Hide ${name} from the charts`}
        icon={hidden ? 'eyeOff' : 'eye'}
        onClick={() => laboratory.arms.setHidden(id, !hidden)}
      />
      {full || locked ? null : (
        <Tool label={`Duplicate ${name}`} icon="copy" onClick={() => laboratory.arms.duplicate(id)} />
      )}
      {locked ? null : (
        <Tool label={`Reset ${name} alone`} icon="reset" onClick={() => laboratory.arms.reset(id)} />
      )}
      {only || locked ? null : (
        <Tool label={`Remove ${name}`} icon="close" onClick={() => laboratory.arms.remove(id)} />
      )}
    </div>
  );
});

function Tool(props: { label: string; icon: Parameters<typeof Icon>[0]['name']; onClick: () => void }) {
  return (
    <Tip text={props.label}>
      <button type="button" className={styles.tool} aria-label={props.label} onClick={props.onClick}>
        <Icon name={props.icon} size={14} />
      </button>
    </Tip>
  );
}

const AddArm = memo(function AddArm() {
  const laboratory = useLaboratory();
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.add}>
        <Icon name="add" /> Add an arm
      </Menu.Trigger>
      <Menu.Portal container={layer}>
        <Menu.Positioner className={parts.layer} sideOffset={6} collisionPadding={8}>
          <Menu.Popup className={parts.menu} tabIndex={0}>
            {openSlots.map((slot) => (
              <Menu.Group key={slot}>
                <Menu.GroupLabel className={styles.family}>{slotText[slot].label}</Menu.GroupLabel>
                {catalogue[slot].map(({ id, label, what }) => (
                  <Menu.Item key={id} className={styles.method} onClick={() => laboratory.arms.addMethod(id)}>
                    <b>{label}</b>
                    <small>{what}</small>
                  </Menu.Item>
                ))}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
});
