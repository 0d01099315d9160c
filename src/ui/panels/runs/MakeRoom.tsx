/** What may go when room runs short: how much it frees, exactly what it is, and only then a button that does it. */
import { Dialog } from '@base-ui/react/dialog';
import { useState } from 'react';
import { mostHeldBytes } from '../../../lab/runs/removals.ts';
import type { RunsState } from '../../../lab/state/runsState.ts';
import { bytesText, freedBy, needed, planRoom, type RoomItem, sizeOf } from '../../../lab/storage/space.ts';
import parts from '../../parts/parts.module.css';
import { Sheet } from '../../parts/Sheet.tsx';
import { useLaboratory } from '../../useLab.ts';
import styles from './runs.module.css';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const kinds = {
  samples: 'Samples: programs, rewards and rank strips of these runs can no longer be looked at.',
  weights: 'Weights: these runs can no longer be exported with their models.',
} satisfies Record<RoomItem['what'], string>;

export function MakeRoom({ runs }: { runs: RunsState }) {
  const laboratory = useLaboratory();
  return (
    <Sheet
      open={runs.makingRoom}
      onOpen={(open) => laboratory.runs.chooseRoom(open)}
      title="Make room"
      closes="Close"
      lead="Samples and weights of finished runs can go. Curves, settings, names and notes stay, and so does everything of runs that are not finished."
    >
      <Plan runs={runs} />
    </Sheet>
  );
}

function Plan({ runs: { list, space, unsaved } }: { runs: RunsState }) {
  const laboratory = useLaboratory();
  const all = freedBy(planRoom(list, Infinity));
  const need = space ? needed(space) : 0;
  const amounts = [...new Set([need, 50e6, 200e6].filter((amount) => amount > 0 && amount < all)), Infinity];
  const [amount, setAmount] = useState(amounts[0]);
  if (all === 0) {
    return (
      <p className={styles.empty}>
        No finished run has samples or weights left to give up.{' '}
        {unsaved.length > 0 ? 'Delete a run in the list, and what waits is saved.' : ''}
      </p>
    );
  }
  const plan = planRoom(list, amount);
  const frees = freedBy(plan);
  const held = new Set(plan.map(({ run }) => run));
  const undo = [...held].reduce((sum, run) => sum + sizeOf(run), 0) <= mostHeldBytes;
  return (
    <>
      <fieldset className={styles.amounts}>
        <legend>How much</legend>
        {amounts.map((each) => (
          <label key={each}>
            <input type="radio" name="room" checked={amount === each} onChange={() => setAmount(each)} />
            {each === Infinity
              ? `All that can go: ${bytesText(all)}`
              : each === need
                ? `Enough for now: about ${bytesText(each)}`
                : `About ${bytesText(each)}`}
          </label>
        ))}
      </fieldset>
      {(Object.keys(kinds) as RoomItem['what'][]).map((what) => {
        const items = plan.filter((item) => item.what === what);
        return items.length === 0 ? null : (
          <section key={what} className={styles.goes}>
            <p>{kinds[what]}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keyboard, too. */}
            <section tabIndex={0} aria-label={`What would go: ${what}`}>
              <ul>
                {items.map(({ run, frees }) => (
                  <li key={run.id}>
                    {run.name}, seed {run.seed}, {date.format(run.created)}
                    {run.archived ? ', archived' : ''} <b>{bytesText(frees)}</b>
                  </li>
                ))}
              </ul>
            </section>
          </section>
        );
      })}
      <div className={styles.decide}>
        <button
          type="button"
          className={parts.primary}
          onClick={() => {
            laboratory.runs.chooseRoom(false);
            void laboratory.runs.makeRoom(plan);
          }}
        >
          Free {bytesText(frees)}
        </button>
        <Dialog.Close>Keep everything</Dialog.Close>
        <small>
          {undo
            ? 'Can be brought back until the page is closed.'
            : 'Too much to hold in memory: cannot be brought back.'}
        </small>
      </div>
    </>
  );
}
