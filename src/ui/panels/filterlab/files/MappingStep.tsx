/** What each column means: guessed from the fields, confirmed or corrected by a person, with a look at the first rows. */
import { type ReactNode, useState } from 'react';
import { short } from '../../../../core/numberText.ts';
import { type Form, filesInWords } from '../../../../io/files/forms.ts';
import { canGroup, groupColumn } from '../../../../io/grouping/grouping.ts';
import { stepInName } from '../../../../io/grouping/steps.ts';
import type { Inspection, NamedBlob } from '../../../../io/inspect.ts';
import type { ColumnQuestion } from '../../../../io/judging/columnQuestion.ts';
import { formatLabels, type Mapping } from '../../../../io/mapping/mapping.ts';
import { rewardReader } from '../../../../io/reward.ts';
import { type Fields, fieldOf, numberOf, textOf } from '../../../../io/values.ts';
import type { ImportFailure } from '../../../../lab/rollouts/files/importProtocol.ts';
import shared from '../filterlab.module.css';
import { ColumnQuestions } from './ColumnQuestions.tsx';
import { FormFiles, LeftOut } from './FormFiles.tsx';
import styles from './files.module.css';
import { blank, type Draft, GroupChoice, RunChoice } from './GroupChoice.tsx';
import { FilterOnChoice, RewardChoice, RewardWeights } from './RewardChoice.tsx';
import type { ReadPlan } from './useImport.ts';

const roles: readonly {
  key: Exclude<keyof Mapping, 'reward' | 'filterOn' | 'group' | 'runs'>;
  label: string;
  what: string;
  none: string;
}[] = [
  { key: 'score', label: 'True score', what: 'The truth in [0, 1]: a pass is 1.', none: 'not in the file' },
  { key: 'prompt', label: 'Prompt', what: 'Tells prompts apart, whatever the step.', none: 'none' },
  { key: 'response', label: 'Response', what: 'The text that was sampled.', none: 'none' },
  { key: 'step', label: 'Step', what: 'Training step.', none: 'all one step' },
  { key: 'sample', label: 'Sample', what: 'Number of the response within its group.', none: 'none' },
];

export function MappingStep(props: {
  files: readonly NamedBlob[];
  forms: readonly Form[];
  /** Numbers of the files that are left out to begin with. */
  left: readonly number[];
  failures: readonly ImportFailure[];
  onRead: (plan: ReadPlan, forms: readonly Form[], left: readonly number[]) => void;
  onClose: () => void;
}) {
  const { files, forms, failures } = props;
  const [drafts, setDrafts] = useState<readonly Draft[]>(() =>
    forms.map(({ inspection }) => inspection.mapping ?? inspection.roles),
  );
  const [answered, setAnswered] = useState<ReadonlySet<ColumnQuestion>>(() => new Set());
  const [left, setLeft] = useState<ReadonlySet<number>>(() => new Set(props.left));
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
  const openIn = ({ inspection }: Form) => inspection.questions.filter((one) => !answered.has(one));
  const asks = forms.some((form) => isRead(form) && openIn(form).length > 0);
  const isFilled = forms.every(
    (form, i) => !isRead(form) || (drafts[i].reward && canGroup({ ...blank, ...drafts[i] })),
  );
  const complete = isFilled && !asks;
  /** What a person chooses answers the question about it. */
  const redraft = (i: number, draft: Draft) => {
    const old = drafts[i];
    // A true score that went because it became the reward was not chosen by anybody.
    const chosen = draft.reward === old.reward ? 'score' : 'reward';
    const settled = forms[i].inspection.questions.filter(
      ({ role }) => role === chosen && draft[role] !== old[role],
    );
    setAnswered(new Set([...answered, ...settled]));
    setDrafts(drafts.map((one, j) => (j === i ? draft : one)));
  };
  const answer = (i: number, question: ColumnQuestion, value: string | null) => {
    const chosen = { ...drafts[i], [question.role]: value };
    setAnswered(new Set([...answered, question]));
    setDrafts(drafts.map((one, j) => (j === i ? withoutEcho(chosen) : one)));
  };
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
        // The lines of Python that a message may hold were shown before.
        leftOut: [...failures.map(({ message }) => message.replace(/ [^.]*:\n.*$/s, '')), ...leftOut],
      },
      // Coming back finds the columns as they were chosen.
      filled.map(({ mapping, ...form }) => ({
        ...form,
        inspection: isRead(form) ? { ...form.inspection, mapping, questions: [] } : form.inspection,
      })),
      [...left],
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
            onDraft={(draft) => redraft(i, draft)}
            question={
              <ColumnQuestions
                questions={openIn(form)}
                onAnswer={(question, value) => answer(i, question, value)}
              />
            }
          >
            {count > 1 || form.files.length > 1 ? (
              <FormFiles files={form.files} nameOf={nameOf} left={left} onLeave={leave} />
            ) : null}
          </FileMapping>
        ) : null,
      )}
      <div className={styles.actions}>
        <button type="button" className={shared.primary} disabled={!complete || count === 0} onClick={read}>
          Read {count === 1 ? 'the file' : `${count.toLocaleString('en-GB')} files`}
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
        {complete ? null : (
          <span className={styles.small}>
            {asks ? 'Answer the question first.' : 'Choose the reward, and the prompt or the group.'}
          </span>
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
  question: ReactNode;
  children: ReactNode;
}) {
  const { inspection, draft } = props;
  const onReward = (reward: string) => props.onDraft(withoutEcho({ ...draft, reward }));
  const { columns, preview } = inspection;
  const group = groupColumn(draft.group ?? blank.group);
  const chosen = [
    ...(draft.reward ? [{ label: 'Reward', column: draft.reward }] : []),
    ...roles.flatMap(({ key, label }) => (draft[key] ? [{ label, column: draft[key] }] : [])),
    ...(group === null ? [] : [{ label: 'Group', column: group }]),
  ];
  return (
    <fieldset className={styles.file}>
      <legend>
        {props.title} <small>{formatLabels[inspection.format]}</small>
      </legend>
      {props.question}
      <div className={styles.roles}>
        <RewardChoice inspection={inspection} reward={draft.reward} onReward={onReward} />
        <FilterOnChoice
          inspection={inspection}
          filterOn={draft.filterOn ?? null}
          onFilterOn={(filterOn) => props.onDraft({ ...draft, filterOn })}
        />
        {roles.map(({ key, label, what, none }) => (
          <label key={key} title={what}>
            {label}
            <select
              value={draft[key] ?? ''}
              onChange={(event) =>
                props.onDraft({ ...draft, [key]: event.target.value === '' ? null : event.target.value })
              }
            >
              <option value="">{none}</option>
              {key === 'step' && inspection.step !== null ? (
                <option value={stepInName}>the file name ({inspection.step})</option>
              ) : null}
              {columns
                .filter((column) => column.numeric || key !== 'score')
                .map((column) => (
                  <option key={column.name}>{column.name}</option>
                ))}
            </select>
          </label>
        ))}
        <GroupChoice inspection={inspection} draft={draft} onDraft={props.onDraft} />
        <RunChoice inspection={inspection} draft={draft} onDraft={props.onDraft} />
      </div>
      <RewardWeights inspection={inspection} reward={draft.reward} onReward={onReward} />
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
                  <td key={label}>{shown(label, column, row, inspection)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </fieldset>
  );
}

/** The reward is no true score of itself. */
const withoutEcho = (draft: Draft): Draft =>
  draft.score !== undefined && draft.score === draft.reward ? { ...draft, score: null } : draft;

function shown(label: string, column: string, row: Fields, { step, columns, format }: Inspection) {
  if (column === stepInName) return String(step);
  if (label === 'Reward') {
    const names = columns.map(({ name }) => name);
    const reward = rewardReader(column, names, format).read(row);
    return typeof reward === 'number' ? short(reward, 6) : reward;
  }
  const value = fieldOf(row, column);
  const number = label === 'True score' || typeof value === 'number' ? numberOf(value) : null;
  return number === null || !Number.isFinite(number) || Number.isInteger(number)
    ? textOf(value).slice(0, 60)
    : short(number, 6);
}
