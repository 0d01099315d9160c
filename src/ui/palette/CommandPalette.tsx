/** Every action by name: type a few letters, go with the arrows, press Enter. */
import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import type { Action } from '../../lab/actions/action.ts';
import { actions, labelOf } from '../../lab/actions/actions.ts';
import { keyCap } from '../../lab/actions/keys.ts';
import type { LabState } from '../../lab/state/store.ts';
import { apple } from '../parts/ActionButton.tsx';
import { useLaboratory } from '../useLab.ts';
import styles from './palette.module.css';
import { search } from './search.ts';

export function CommandPalette({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <Dialog.Title className={styles.hidden}>Commands</Dialog.Title>
          <Commands onDone={() => onOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands({ onDone }: { onDone: () => void }) {
  const laboratory = useLaboratory();
  // What can be done does not change under the hand of someone who is choosing.
  const [state] = useState<LabState>(() => laboratory.store.getState());
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(
    () =>
      search(
        query,
        actions.filter((action) => action.enabled(state)),
        (action) => `${labelOf(action, state)} ${action.description}`,
      ),
    [query, state],
  );
  const run = (action: Action | undefined) => {
    if (!action) return;
    onDone();
    action.perform(laboratory);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      const next = (chosen + move + found.length) % Math.max(1, found.length);
      setChosen(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <>
      <input
        type="text"
        className={styles.query}
        role="combobox"
        aria-label="Search commands"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found[chosen] ? `${id}-${found[chosen].id}` : undefined}
        placeholder="What do you want to do?"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={`${id}-list`} className={styles.list} role="listbox" aria-label="Commands">
        {found.map((action, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={action.id}
            id={`${id}-${action.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={styles.command}
            onMouseMove={() => setChosen(index)}
            onClick={() => run(action)}
          >
            <span>
              <b>{labelOf(action, state)}</b>
              <small>{action.description}</small>
            </span>
            <span>
              {action.keys.map((key) => (
                <kbd key={key}>{keyCap(key, apple)}</kbd>
              ))}
            </span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className={styles.none}>No command is called "{query}".</p> : null}
    </>
  );
}
