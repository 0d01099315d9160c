/** One stored run: what it is in words, and what may be done with it. */
import { Menu } from '@base-ui/react/menu';
import { type FormEvent, type RefObject, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { StoredRun } from '../../../lab/storage/runStore.ts';
import { bytesText, sizeOf } from '../../../lab/storage/space.ts';
import { download } from '../../charts/exportFigure.ts';
import { Swatch } from '../../charts/Swatch.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { layer } from '../../parts/layer.ts';
import parts from '../../parts/parts.module.css';
import { useLaboratory } from '../../useLab.ts';
import { passInWords, progressInWords, settingsInWords } from './describeRun.ts';
import styles from './runs.module.css';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function RunRow(props: {
  run: StoredRun;
  /** Its newest rows wait for room on the disk. */
  unsaved: boolean;
  where: 'page' | 'elsewhere' | null;
}) {
  const { run, where } = props;
  const laboratory = useLaboratory();
  const [editing, setEditing] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  const stopEditing = () => {
    // Back to where the keyboard came from.
    flushSync(() => setEditing(false));
    menu.current?.focus();
  };
  if (editing) return <RunForm run={run} onDone={stopEditing} />;
  const pass = passInWords(run);
  const verb = run.finished || where === 'elsewhere' ? 'Show' : 'Open';
  return (
    <li className={styles.run} data-archived={run.archived}>
      <Swatch series={run.color} width={30} />
      <div className={styles.what}>
        <p className={styles.name}>
          <b>{run.name}</b>
          <span>{progressInWords(run, where)}</span>
          {pass === '' ? null : <span className={styles.pass}>{pass}</span>}
        </p>
        <p className={styles.facts} title={settingsInWords(run, 99)}>
          {settingsInWords(run)} · seed {run.seed} · {date.format(run.created)} · {bytesText(sizeOf(run))}
          {run.archived ? ' · archived' : ''}
        </p>
        {props.unsaved ? (
          <p className={styles.trouble}>Not saved beyond iteration {run.iteration}: there is no room.</p>
        ) : null}
        {run.failure ? <p className={styles.trouble}>Stopped: {run.failure.message}</p> : null}
        {run.note === '' ? null : <p className={styles.note}>{run.note}</p>}
      </div>
      <div className={styles.tools}>
        <button
          type="button"
          aria-label={`${verb} ${run.name}`}
          aria-disabled={where === 'page'}
          onClick={() => where !== 'page' && void laboratory.savedRuns.open([run.id])}
        >
          {where === 'page' ? 'On the page' : verb}
        </button>
        <RunMenu run={run} trigger={menu} onEdit={() => setEditing(true)} />
      </div>
    </li>
  );
}

function RunMenu(props: {
  run: StoredRun;
  trigger: RefObject<HTMLButtonElement | null>;
  onEdit: () => void;
}) {
  const { run, onEdit } = props;
  const laboratory = useLaboratory();
  const save = async (as: 'exportFile' | 'exportUnipo') => {
    const made = await laboratory.runs[as](run.id);
    if (made) download(made.name, 'application/octet-stream', made.file);
  };
  const items: [label: string, perform: () => void][] = [
    ['Name and note …', onEdit],
    ['Export as a file', () => void save('exportFile')],
    ['Export for UNIPO', () => void save('exportUnipo')],
    [
      run.archived ? 'Take out of the archive' : 'Archive',
      () => void laboratory.runs.describe(run.id, { archived: !run.archived }),
    ],
    ['Delete', () => void laboratory.runs.remove([run.id])],
  ];
  return (
    <Menu.Root>
      <Menu.Trigger ref={props.trigger} className={styles.more} aria-label={`More for ${run.name}`}>
        <Icon name="caret" size={14} />
      </Menu.Trigger>
      <Menu.Portal container={layer}>
        <Menu.Positioner className={parts.layer} sideOffset={4} align="end" collisionPadding={8}>
          <Menu.Popup className={parts.menu}>
            {items.map(([label, perform]) => (
              <Menu.Item key={label} className={styles.item} onClick={perform}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function RunForm({ run, onDone }: { run: StoredRun; onDone: () => void }) {
  const laboratory = useLaboratory();
  const [name, setName] = useState(run.name);
  const [note, setNote] = useState(run.note);
  const save = (event: FormEvent) => {
    event.preventDefault();
    onDone();
    void laboratory.savedRuns.describe(run.id, { name: name.trim() || run.name, note: note.trim() });
  };
  return (
    <li className={styles.run}>
      <Swatch series={run.color} width={30} />
      <form
        className={styles.form}
        aria-label={`Name and note of ${run.name}`}
        onSubmit={save}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      >
        <label>
          Name
          <input
            // The form replaces the row in which its menu had the focus.
            // biome-ignore lint/a11y/noAutofocus: the person asked for this field
            autoFocus
            type="text"
            value={name}
            maxLength={40}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          Note
          <input
            type="text"
            value={note}
            maxLength={2000}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <button type="submit" className={parts.primary}>
          Save
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </form>
    </li>
  );
}
