/** What each column means: guessed from the fields, confirmed or corrected by a person, with a look at the first rows. */
import { useState } from 'react';
import { byColumn, canGroup, type Grouping, groupColumn } from '../../../io/grouping/grouping.ts';
import { stepInName } from '../../../io/grouping/steps.ts';
import type { Inspection } from '../../../io/inspect.ts';
import { formatLabels, type Mapping } from '../../../io/mapping.ts';
import { type Fields, fieldOf, textOf } from '../../../io/values.ts';
import type { ImportFailure } from '../../../lab/rollouts/importProtocol.ts';
import styles from './files.module.css';

type Draft = Partial<Mapping>;

const blank: Omit<Mapping, 'reward'> = {
  score: null,
  group: { by: 'prompt' },
  prompt: null,
  response: null,
  step: null,
  runs: [],
  sample: null,
};

const roles: readonly {
  key: Exclude<keyof Mapping, 'group' | 'runs'>;
  label: string;
  what: string;
  none: string | null;
}[] = [
  { key: 'reward', label: 'Reward', what: 'What the trainer maximised.', none: null },
  { key: 'score', label: 'True score', what: 'The truth in [0, 1]: a pass is 1.', none: 'not in the file' },
  { key: 'prompt', label: 'Prompt', what: 'Tells prompts apart, whatever the step.', none: 'none' },
  { key: 'response', label: 'Response', what: 'The text that was sampled.', none: 'none' },
  { key: 'step', label: 'Step', what: 'Training step.', none: 'all one step' },
  { key: 'sample', label: 'Sample', what: 'Number of the response within its group.', none: 'none' },
];

export function MappingStep(props: {
  inspections: readonly Inspection[];
  failures: readonly ImportFailure[];
  onRead: (mappings: Mapping[]) => void;
  onClose: () => void;
}) {
  const { inspections } = props;
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => inspections.map((one) => one.mapping ?? {}));
  const complete = drafts.every((draft) => draft.reward && canGroup({ ...blank, ...draft }));
  return (
    <section className={styles.mapping} aria-label="What the columns mean">
      {props.failures.length > 0 ? (
        <ul className={styles.failures} role="alert">
          {props.failures.map((failure) => (
            <li key={failure.name + failure.message}>{failure.message}</li>
          ))}
        </ul>
      ) : null}
      {inspections.map((inspection, i) => (
        <FileMapping
          key={inspection.name}
          inspection={inspection}
          draft={drafts[i]}
          onDraft={(draft) => setDrafts(drafts.map((old, j) => (j === i ? draft : old)))}
        />
      ))}
      <div className={styles.actions}>
        <button
          type="button"
          className={styles.primary}
          disabled={!complete}
          onClick={() => props.onRead(drafts.map((draft) => ({ ...blank, ...draft, reward: draft.reward! })))}
        >
          Read {inspections.length === 1 ? 'the file' : `${inspections.length} files`}
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
        {complete ? null : (
          <span className={styles.small}>Choose the reward, and the prompt or the group.</span>
        )}
      </div>
    </section>
  );
}

function FileMapping(props: { inspection: Inspection; draft: Draft; onDraft: (draft: Draft) => void }) {
  const { inspection, draft } = props;
  const { columns, preview } = inspection;
  const chosen = roles.filter(({ key }) => draft[key]);
  return (
    <fieldset className={styles.file}>
      <legend>
        {inspection.name} <small>{formatLabels[inspection.format]}</small>
      </legend>
      <div className={styles.roles}>
        {roles.map(({ key, label, what, none }) => (
          <label key={key} title={what}>
            {label}
            <select
              value={draft[key] ?? ''}
              onChange={(event) =>
                props.onDraft({ ...draft, [key]: event.target.value === '' ? null : event.target.value })
              }
            >
              {none === null && draft[key] ? null : <option value="">{none ?? 'choose …'}</option>}
              {key === 'step' && inspection.step !== null ? (
                <option value={stepInName}>the file name ({inspection.step})</option>
              ) : null}
              {columns
                .filter((column) => column.numeric || (key !== 'reward' && key !== 'score'))
                .map((column) => (
                  <option key={column.name}>{column.name}</option>
                ))}
            </select>
          </label>
        ))}
        <GroupChoice inspection={inspection} draft={draft} onDraft={props.onDraft} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.preview} tabIndex={0} aria-label={`First rows of ${inspection.name}`}>
        <table>
          <thead>
            <tr>
              {chosen.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label} <small>{draft[key]}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.slice(0, 5).map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
              <tr key={i}>
                {chosen.map(({ key }) => (
                  <td key={key}>{shown(draft[key]!, row, inspection)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </fieldset>
  );
}

function shown(column: string, row: Fields, { step }: Inspection): string {
  return column === stepInName ? String(step) : textOf(fieldOf(row, column)).slice(0, 60);
}

/** How rows fall into groups: by a column, by prompts, or by their order alone. */
function GroupChoice(props: { inspection: Inspection; draft: Draft; onDraft: (draft: Draft) => void }) {
  const { inspection, draft } = props;
  const group = draft.group ?? blank.group;
  const column = groupColumn(group);
  const take = (group: Grouping) => props.onDraft({ ...draft, group });
  const choose = (value: string) => {
    if (value === 'by prompt') take({ by: 'prompt' });
    else if (value === 'by neighbours') take({ by: 'neighbours' });
    else if (value === 'by count') take({ by: 'count', rows: 4 });
    else {
      const name = value.slice(1);
      take(
        byColumn(
          name,
          inspection.preview.map((row) => textOf(fieldOf(row, name))),
        ),
      );
    }
  };
  return (
    <>
      <label title="Which rows of a step are responses to one prompt.">
        Group
        <select
          value={column === null ? `by ${group.by}` : `=${column}`}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="by prompt">equal prompts</option>
          <option value="by neighbours">equal prompts in a row</option>
          <option value="by count">so many rows in a row</option>
          {inspection.columns.map(({ name }) => (
            <option key={name} value={`=${name}`}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {group.by === 'count' ? (
        <label>
          Rows in a row
          <input
            type="number"
            min={1}
            value={group.rows}
            onChange={(event) =>
              take({ by: 'count', rows: Math.max(1, Math.round(Number(event.target.value))) })
            }
          />
        </label>
      ) : null}
    </>
  );
}
