/** The settings of the chosen arm, drawn from the table of knobs. */

import { Tabs } from '@base-ui/react/tabs';
import { useState } from 'react';
import { fixed } from '../../core/numberText.ts';
import { type ArmSettings, type Knob, knobKeys, knobs } from '../../lab/settings/settings.ts';
import { checkSettings, type SettingIssue } from '../../lab/settings/validate.ts';
import { Swatch } from '../charts/Swatch.tsx';
import { type AnyKnob, KnobField, type KnobValue } from '../knobs/KnobField.tsx';
import { LockNote } from '../parts/LockNote.tsx';
import { Panel } from '../parts/Panel.tsx';
import { useLab, useLaboratory, useLabShallow, useLocked } from '../useLab.ts';
import { relevant } from './relevant.ts';
import styles from './settings.module.css';

const groups: readonly { id: Knob['group']; label: string }[] = [
  { id: 'filter', label: 'Filter' },
  { id: 'reward', label: 'Reward' },
  { id: 'ppo', label: 'PPO' },
  { id: 'evaluation', label: 'Evaluation' },
];

/** What stands under the bars of the two knobs that are lists. */
function barNames(key: keyof ArmSettings) {
  return (count: number) =>
    Array.from({ length: count }, (_, index) => {
      if (key === 'rankWeights') {
        return {
          short: String(index + 1),
          long: `Weight of rank ${index + 1}${index === 0 ? ', the best' : ''}`,
        };
      }
      const edge = (place: number) => fixed(-1 + (2 * place) / count, 1);
      return {
        short: edge(index),
        long: `Share of programs with a meaningless reward between ${edge(index)} and ${edge(index + 1)}`,
      };
    });
}

/** An issue with the label that stands beside the knob instead of its name in links and specs. */
function worded(issue: SettingIssue | undefined): string | null {
  if (!issue) return null;
  return issue.message.replace(issue.field, knobs[issue.field as keyof ArmSettings]?.label ?? issue.field);
}

export function SettingsForm() {
  const laboratory = useLaboratory();
  // Select only what the form shows: a running arm changes several times per iteration, its settings never do.
  const arm = useLabShallow((state) => {
    const active = state.arms.find((each) => each.id === state.activeArm);
    return active
      ? { id: active.id, name: active.name, color: active.color, settings: active.settings }
      : null;
  });
  const several = useLab((state) => state.arms.length > 1);
  const [all, setAll] = useState(false);
  const locked = useLocked('settings');
  const lockedFilter = useLocked('filters');
  if (!arm) return null;
  const { settings } = arm;
  const commit = (key: keyof ArmSettings, value: KnobValue) => {
    // The method is what makes the arms differ: it is never spread.
    const targets = all && key !== 'method' ? laboratory.store.getState().arms : [arm];
    for (const { id } of targets) laboratory.arms.change(id, { [key]: value });
  };
  const refuse = (key: keyof ArmSettings) => (value: KnobValue) =>
    worded(checkSettings({ [key]: value }, settings)[0]);
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
      <Tabs.Root defaultValue="filter">
        <Tabs.List className={styles.tabs}>
          {groups.map((group) => (
            <Tabs.Tab key={group.id} value={group.id} className={styles.tab}>
              {group.label}
            </Tabs.Tab>
          ))}
          <Tabs.Indicator className={styles.tabLine} />
        </Tabs.List>
        {groups.map((group) => (
          <Tabs.Panel key={group.id} value={group.id} className={styles.knobs}>
            {lockedFilter && !locked && group.id === 'filter' ? <LockNote /> : null}
            {knobKeys
              .filter((key) => knobs[key].group === group.id && relevant(key, settings))
              .map((key) => (
                <KnobField
                  key={`${arm.id}-${key}`}
                  name={key}
                  knob={knobs[key] as AnyKnob}
                  value={settings[key]}
                  onCommit={(value) => commit(key, value)}
                  refuse={refuse(key)}
                  barNames={barNames(key)}
                  disabled={locked || (lockedFilter && group.id === 'filter')}
                />
              ))}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      {several && !locked ? (
        <label className={styles.all}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          Change all arms together, their filters aside
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
