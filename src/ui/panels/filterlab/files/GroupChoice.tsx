/** How rows fall into groups, and what tells runs apart: the part of a mapping that is about rows, not about values. */
import { mayTellRuns } from '../../../../io/grouping/columns.ts';
import { byColumn, type Grouping, groupColumn } from '../../../../io/grouping/grouping.ts';
import type { Inspection } from '../../../../io/inspect.ts';
import type { Mapping } from '../../../../io/mapping/mapping.ts';
import { fieldOf, textOf } from '../../../../io/values.ts';

/** A mapping as far as it is filled in. */
export type Draft = Partial<Mapping>;

export const blank: Omit<Mapping, 'reward'> = {
  score: null,
  group: { by: 'prompt' },
  prompt: null,
  response: null,
  step: null,
  runs: [],
  sample: null,
};

interface ChoiceProps {
  inspection: Inspection;
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

/** How rows fall into groups: by a column, by prompts, or by their order alone. */
export function GroupChoice(props: ChoiceProps) {
  const { inspection, draft } = props;
  const group = draft.group ?? blank.group;
  const column = groupColumn(group);
  // The number of a response counts in the groups that were found, not in others.
  const take = (group: Grouping) => props.onDraft({ ...draft, group, sample: null });
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

/** Columns that tell runs apart: each run has steps and groups of its own. */
export function RunChoice({ inspection, draft, onDraft }: ChoiceProps) {
  const runs = draft.runs ?? [];
  const names = inspection.columns.map(({ name }) => name).filter((name) => !runs.includes(name));
  // What is named like a run comes first.
  const offered = [...names.filter(mayTellRuns), ...names.filter((name) => !mayTellRuns(name))];
  return (
    <>
      <label title="Tells runs apart: each has steps and groups of its own.">
        Runs
        <select value="" onChange={(event) => onDraft({ ...draft, runs: [...runs, event.target.value] })}>
          <option value="">{runs.length === 0 ? 'one run' : runs.join(', ')}</option>
          {offered.map((name) => (
            <option key={name} value={name}>
              {runs.length === 0 ? name : `and ${name}`}
            </option>
          ))}
        </select>
      </label>
      {runs.length > 0 ? (
        <button type="button" onClick={() => onDraft({ ...draft, runs: [] })}>
          One run
        </button>
      ) : null}
    </>
  );
}
