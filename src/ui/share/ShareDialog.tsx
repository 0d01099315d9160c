/** Puts together a link: what it shows, what it starts, what it hides and locks, and whether it goes into a frame. */
import { useState } from 'react';
import { actionById } from '../../lab/actions/actions.ts';
import { addressOf, frameHtml, type ShareWishes, shareLink, wishesOf } from '../../lab/links/shareLink.ts';
import { presetById } from '../../lab/settings/presets.ts';
import { type HideId, lockIds, pageParts, panelIds, type Theme } from '../../lab/state/pageParts.ts';
import type { LabState } from '../../lab/state/store.ts';
import { lockText, partText } from '../../lab/view/teaching.ts';
import { Sheet } from '../parts/Sheet.tsx';
import { useLab, useLaboratory } from '../useLab.ts';
import { Copied } from './Copied.tsx';
import styles from './share.module.css';
import { Checks, Tick } from './Tick.tsx';

export function ShareDialog() {
  const laboratory = useLaboratory();
  return (
    <Sheet
      open
      onOpen={(open) => open || laboratory.view.setPanel('share', false)}
      title="Share this page"
      closes="Close sharing"
      lead="A link holds the preset, every setting that differs from it, and the seed: who opens it computes the same run. Filter functions and drawn curves travel in it and only ever run in the sandbox."
    >
      <Form />
    </Sheet>
  );
}

const panelName = (panel: (typeof panelIds)[number]) => actionById.get(`panel-${panel}`)?.label as string;
const hideGroups: readonly { title: string; options: readonly { id: HideId; label: string }[] }[] = [
  {
    title: 'Hide parts of the page',
    options: pageParts.map((id) => ({ id, label: partText[id] })),
  },
  {
    title: 'Hide panels and their buttons',
    options: panelIds.map((id) => ({ id, label: panelName(id) })),
  },
];
const lockOptions = lockIds.map((id) => ({ id, label: lockText[id] }));

const themes: readonly { value: string; label: string; theme: Theme | null }[] = [
  { value: '', label: 'as each reader has it', theme: null },
  { value: 'system', label: 'as the system has it', theme: 'system' },
  { value: 'light', label: 'light', theme: 'light' },
  { value: 'dark', label: 'dark', theme: 'dark' },
];

function Form() {
  const laboratory = useLaboratory();
  const state = useLab((whole) => whole);
  const [wishes, setWishes] = useState<ShareWishes>(() => wishesOf(laboratory.store.getState()));
  const [height, setHeight] = useState(720);
  const wish = (change: Partial<ShareWishes>) => setWishes((old) => ({ ...old, ...change }));
  const address = addressOf(location.href, shareLink(state, wishes));
  return (
    <div className={styles.form}>
      <fieldset>
        <legend>Show</legend>
        <Tick
          label={momentText(state)}
          checked={wishes.moment && !wishes.play}
          disabled={wishes.play}
          onChange={(moment) => wish({ moment })}
        />
        <Tick
          label="The panels that are open"
          checked={wishes.panels}
          onChange={(panels) => wish({ panels })}
        />
        {state.guide ? (
          <Tick
            label="The lesson or glossary that is open"
            checked={wishes.guide}
            onChange={(guide) => wish({ guide })}
          />
        ) : null}
        <label className={styles.line}>
          Theme
          <select
            value={wishes.theme ?? ''}
            onChange={(event) =>
              wish({ theme: themes.find(({ value }) => value === event.target.value)?.theme ?? null })
            }
          >
            {themes.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </fieldset>
      <fieldset>
        <legend>Start</legend>
        <Tick label="Running as soon as it opens" checked={wishes.play} onChange={(play) => wish({ play })} />
        <Tick
          label="In slow motion, station by station"
          checked={wishes.slow}
          onChange={(slow) => wish({ slow })}
        />
        <Tick
          label="Embedded: without header, presets and footer, for a frame on a course page"
          checked={wishes.embed}
          onChange={(embed) => wish({ embed })}
        />
      </fieldset>
      {hideGroups.map(({ title, options }) => (
        <Checks
          key={title}
          title={title}
          options={options}
          chosen={wishes.hide}
          onChosen={(hide) => wish({ hide })}
        />
      ))}
      <Checks
        title="Lock: in sight, not to be changed"
        options={lockOptions}
        chosen={wishes.lock}
        onChosen={(lock) => wish({ lock })}
        note="What is hidden or locked cannot be reached by keys and commands either. Whoever changes the address can lift it."
      />
      <Copied title="The link" text={address} longAt={2000} open={address} />
      {wishes.embed ? (
        <Copied
          title="HTML for the course page"
          text={frameHtml(address, `Filtrate: ${presetById(state.preset).label}`, height)}
        >
          <label className={styles.line}>
            Height in pixels
            <input
              type="number"
              min={200}
              max={3000}
              step={20}
              value={height}
              onChange={(event) =>
                setHeight(Math.min(3000, Math.max(200, Number(event.target.value) || 720)))
              }
            />
          </label>
        </Copied>
      ) : null}
    </div>
  );
}

function momentText({ cursor, selection }: LabState): string {
  const iteration = cursor === null ? 'the newest iteration' : `iteration ${cursor}`;
  return selection
    ? `The moment: ${iteration}, and the program under inspection`
    : `The moment: ${iteration}`;
}
