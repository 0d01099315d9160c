/** What each column means: guessed from the fields, confirmed or corrected by a person, with a look at the first rows. */
import { type ReactNode, useState } from 'react';
import { type Form, filesInWords } from '../../../io/files/forms.ts';
import { canGroup, groupColumn } from '../../../io/grouping/grouping.ts';
import { stepInName } from '../../../io/grouping/steps.ts';
import type { Inspection, NamedBlob } from '../../../io/inspect.ts';
import { formatLabels, type Mapping } from '../../../io/mapping.ts';
import { type Fields, fieldOf, textOf } from '../../../io/values.ts';
import type { ImportFailure } from '../../../lab/rollouts/importProtocol.ts';
import { FormFiles, LeftOut } from './FormFiles.tsx';
import styles from './files.module.css';
import { blank, type Draft, GroupChoice, RunChoice } from './GroupChoice.tsx';
import type { ReadPlan } from './useImport.ts';

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
  files: readonly NamedBlob[];
  forms: readonly Form[];
  failures: readonly ImportFailure[];
  onRead: (plan: ReadPlan, forms: readonly Form[]) => void;
  onClose: () => void;
}) {
  const { files, forms, failures } = props;
  const [drafts, setDrafts] = useState<readonly Draft[]>(() =>
    forms.map(({ inspection }) => inspection.mapping ?? inspection.roles),
  );
  const [left, setLeft] = useState<ReadonlySet<number>>(
    () => new Set(forms.flatMap((form) => (form.strange === null ? [] : form.files))),
  );
  const leave = (numbers: readonly number[], out: boolean) => {
    const next = new Set(left);
    for (const number of numbers) {
      if (out) next.add(number);
      else next.delete(number);
    }
    setLeft(next);
  };
  const nameOf = (number: number) => files[number].name;
  const isRead = ({ files }: Form) => files.some((number) => !left.has(number));
  const complete = forms.every(
    (form, i) => !isRead(form) || (drafts[i].reward && canGroup({ ...blank, ...drafts[i] })),
  );
  const count = forms.reduce((sum, form) => sum + form.files.filter((number) => !left.has(number)).length, 0);
  const read = () => {
    const filled = forms.map((form, i) => ({
      ...form,
      mapping: { ...blank, ...drafts[i], reward: drafts[i].reward! },
    }));
    const chosen = filled
      .flatMap((form) => form.files.map((number) => ({ number, mapping: form.mapping })))
      .filter(({ number }) => !left.has(number))
      .sort((a, b) => a.number - b.number);
    const leftOut = [...left].sort((a, b) => a - b).map((number) => `${nameOf(number)} was left out.`);
    props.onRead(
      {
        files: chosen.map(({ number }) => files[number]),
        mappings: chosen.map(({ mapping }) => mapping),
        leftOut: [...failures.map(({ message }) => message), ...leftOut],
      },
      // Coming back finds the columns as they were chosen, and nothing left out that was read.
      filled.map(({ mapping, ...form }) => ({
        ...form,
        strange: isRead(form) ? null : (form.strange ?? 'left out by hand'),
        inspection: isRead(form) ? { ...form.inspection, mapping } : form.inspection,
      })),
    );
  };
  return (
    <section className={styles.mapping} aria-label="What the columns mean">
      <LeftOut
        forms={forms.filter((form) => !isRead(form))}
        failures={failures}
        nameOf={nameOf}
        onTake={(form) => leave(form.files, false)}
      />
      {forms.map((form, i) =>
        isRead(form) ? (
          <FileMapping
            key={form.files[0]}
            inspection={form.inspection}
            title={filesInWords(form.files.map(nameOf))}
            draft={drafts[i]}
            onDraft={(draft) => setDrafts(drafts.map((old, j) => (j === i ? draft : old)))}
          >
            {count > 1 || form.files.length > 1 ? (
              <FormFiles files={form.files} nameOf={nameOf} left={left} onLeave={leave} />
            ) : null}
          </FileMapping>
        ) : null,
      )}
      <div className={styles.actions}>
        <button type="button" className={styles.primary} disabled={!complete || count === 0} onClick={read}>
          Read {count === 1 ? 'the file' : `${count.toLocaleString('en-GB')} files`}
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

function FileMapping(props: {
  inspection: Inspection;
  title: string;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  children: ReactNode;
}) {
  const { inspection, draft } = props;
  const { columns, preview } = inspection;
  const group = groupColumn(draft.group ?? blank.group);
  const chosen = [
    ...roles.flatMap(({ key, label }) => (draft[key] ? [{ label, column: draft[key] }] : [])),
    ...(group === null ? [] : [{ label: 'Group', column: group }]),
  ];
  return (
    <fieldset className={styles.file}>
      <legend>
        {props.title} <small>{formatLabels[inspection.format]}</small>
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
        <RunChoice inspection={inspection} draft={draft} onDraft={props.onDraft} />
      </div>
      {props.children}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.preview} tabIndex={0} aria-label={`First rows of ${inspection.name}`}>
        <table>
          <thead>
            <tr>
              {chosen.map(({ label, column }) => (
                <th key={label} scope="col">
                  {label} <small>{column}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.slice(0, 5).map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
              <tr key={i}>
                {chosen.map(({ label, column }) => (
                  <td key={label}>{shown(column, row, inspection)}</td>
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
