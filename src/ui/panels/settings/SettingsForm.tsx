/** The settings of the chosen arm, station by station: which method stands in each slot, with its knobs. */
import { Tabs } from '@base-ui/react/tabs';
import { Fragment, useState } from 'react';
import { type Station, stations } from '../../../lab/records/record.ts';
import { checkSettings } from '../../../lab/settings/validate.ts';
import { hasEffect, methodOf, type Path, valueAt } from '../../../rlhf/catalogue/catalogue.ts';
import type { Knob, KnobValue } from '../../../rlhf/catalogue/knobs.ts';
import type { About } from '../../../rlhf/catalogue/method.ts';
import { isSlot } from '../../../rlhf/catalogue/paths.ts';
import {
  evaluationKnobs,
  type Slot,
  slotNames,
  slots,
  trainingKnobs,
} from '../../../rlhf/catalogue/settings.ts';
import { Swatch } from '../../charts/Swatch.tsx';
import { KnobField } from '../../knobs/KnobField.tsx';
import { stationText } from '../../loop/stationText.ts';
import { LockNote } from '../../parts/LockNote.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useLab, useLaboratory, useLabShallow, useLocked } from '../../useLab.ts';
import { MethodChoice } from './MethodChoice.tsx';
import styles from './settings.module.css';

/** The slots and the shared knobs of a station. */
const slotsAt = (station: Station): Slot[] => slotNames.filter((slot) => slots[slot] === station);
const sections = { training: trainingKnobs, evaluation: evaluationKnobs } as const;
const sharedAt = (station: Station): [path: Path, knob: Knob][] =>
  Object.entries(sections).flatMap(([section, knobs]) =>
    Object.entries(knobs).flatMap(([name, { station: at, ...knob }]): [Path, Knob][] =>
      at === station ? [[`${section}.${name}`, knob as Knob]] : [],
    ),
  );

export function SettingsForm() {
  const laboratory = useLaboratory();
  // Select only what the form shows: a running arm changes several times per iteration, its settings never do.
  const arm = useLabShallow((state) => {
    const active = state.arms.find((each) => each.id === state.activeArm);
    return active
      ? { id: active.id, name: active.name, color: active.color, settings: active.settings }
      : null;
  });
  const station = useLab((state) => state.station);
  const several = useLab((state) => state.arms.length > 1);
  const [all, setAll] = useState(false);
  const locked = useLocked('settings');
  const lockedFilter = useLocked('filters');
  if (!arm) return null;
  const { settings } = arm;
  const commit = (path: Path, value: KnobValue) => {
    // The methods are what makes the arms differ: they are never spread.
    const targets = all && !isSlot(path) ? laboratory.store.getState().arms : [arm];
    for (const { id, settings: own } of targets) {
      if (valueAt(own, path) !== undefined) laboratory.arms.change(id, { [path]: value });
    }
  };
  /** What is wrong with a value, with the label that stands beside the knob instead of its name in links and specs. */
  const refuse =
    (path: Path, { label }: Knob) =>
    (value: KnobValue) =>
      checkSettings({ [path]: value }, settings)[0]?.message.replace(path, label) ?? null;
  const field = (path: Path, knob: Knob, disabled: boolean) => (
    <KnobField
      key={`${arm.id}-${path}`}
      name={path.split('.')[1]}
      knob={knob}
      value={valueAt(settings, path)!}
      onCommit={(value) => commit(path, value)}
      refuse={refuse(path, knob)}
      disabled={disabled}
    />
  );
  return (
    <Panel
      title={
        <span className={styles.title}>
          Settings of <Swatch series={arm.color} width={26} /> {arm.name}
        </span>
      }
      closes="settings"
      className={styles.form}
    >
      {locked ? <LockNote /> : <RenameField key={arm.id} id={arm.id} name={arm.name} />}
      <Tabs.Root value={station} onValueChange={(chosen: Station) => laboratory.view.setStation(chosen)}>
        <Tabs.List className={styles.tabs} aria-label="Stations">
          {stations.map((each) => (
            <Tabs.Tab key={each} value={each} className={styles.tab}>
              {stationText[each].label}
            </Tabs.Tab>
          ))}
          <Tabs.Indicator className={styles.tabLine} />
        </Tabs.List>
        {stations.map((each) => {
          const disabled = locked || (lockedFilter && each === 'filter');
          return (
            <Tabs.Panel key={each} value={each} className={styles.knobs}>
              {disabled && !locked ? <LockNote /> : null}
              {slotsAt(each).map((slot) => (
                <Fragment key={`${arm.id}-${slot}`}>
                  <MethodChoice
                    slot={slot}
                    method={settings[slot].method}
                    onChoose={(method) => commit(slot, method)}
                    disabled={disabled}
                  />
                  {hasEffect(settings, slot) ? (
                    Object.entries((methodOf(slot, settings[slot].method) as About).knobs).map(
                      ([name, knob]) =>
                        knob.applies?.(settings[slot]) === false
                          ? null
                          : field(`${slot}.${name}`, knob, disabled),
                    )
                  ) : (
                    <p className={styles.unread}>
                      No effect: the update {methodOf('update', settings.update.method).label} does not read
                      it.
                    </p>
                  )}
                </Fragment>
              ))}
              {sharedAt(each).map(([path, knob]) => field(path, knob, disabled))}
            </Tabs.Panel>
          );
        })}
      </Tabs.Root>
      {several && !locked ? (
        <label className={styles.all}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          Change all arms together, their methods aside
        </label>
      ) : null}
    </Panel>
  );
}

function RenameField({ id, name }: { id: string; name: string }) {
  const laboratory = useLaboratory();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft !== null && draft !== name) laboratory.arms.rename(id, draft);
    setDraft(null);
  };
  return (
    <label className={styles.rename}>
      Name
      <input
        type="text"
        maxLength={40}
        value={draft ?? name}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </label>
  );
}
