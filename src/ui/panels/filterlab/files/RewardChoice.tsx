/** The reward of a mapping: one column, or a weighted sum of several. */
import {
  parseReward,
  RewardExpressionError,
  type RewardTerm,
  writeReward,
} from '../../../../core/analysis/rewardExpression.ts';
import type { Inspection } from '../../../../io/inspect.ts';
import { classOf } from '../../../../io/judging/names.ts';
import { NumberField } from '../../../knobs/NumberField.tsx';
import styles from './files.module.css';

interface RewardProps {
  inspection: Inspection;
  reward: string | undefined;
  onReward: (reward: string) => void;
}

/** Stands in the list of columns for a sum of several. */
const several = ' several';

const term = (column: string, { columns }: Inspection, weight = 1): RewardTerm => ({
  column,
  weight,
  sum: columns.some(({ name, isList }) => name === column && isList),
});

function termsOf(reward: string | undefined, { columns }: Inspection): RewardTerm[] {
  if (reward === undefined) return [];
  try {
    return parseReward(
      reward,
      columns.map(({ name }) => name),
    );
  } catch (cause) {
    if (cause instanceof RewardExpressionError) return [];
    throw cause;
  }
}

const isSum = (terms: readonly RewardTerm[]) => terms.length > 1 || terms.some(({ weight }) => weight !== 1);
/** Columns that can be a part of the reward, what is named like one first. */
function usable({ columns }: Inspection): Inspection['columns'] {
  const all = columns.filter(({ numeric, isList }) => numeric || isList);
  const isJudgement = ({ name }: { name: string }) => classOf(name) === 'judgement';
  return [...all.filter(isJudgement), ...all.filter((column) => !isJudgement(column))];
}

/** Which column, or that it is several. */
export function RewardChoice({ inspection, reward, onReward }: RewardProps) {
  const terms = termsOf(reward, inspection);
  const columns = usable(inspection);
  const choose = (value: string) => {
    if (value !== several) return onReward(writeReward([term(value, inspection)]));
    const first = terms[0] ?? term(columns[0].name, inspection);
    const second = columns.find(({ name }) => name !== first.column);
    onReward(writeReward([first, ...(second ? [term(second.name, inspection)] : [])]));
  };
  return (
    <label title="What the trainer maximised.">
      Reward
      <select
        value={isSum(terms) ? several : (terms[0]?.column ?? '')}
        onChange={(event) => choose(event.target.value)}
      >
        {terms.length > 0 ? null : <option value="">choose …</option>}
        {columns.map(({ name, isList }) => (
          <option key={name} value={name}>
            {isList ? `sum(${name})` : name}
          </option>
        ))}
        {columns.length > 1 ? <option value={several}>a weighted sum</option> : null}
      </select>
    </label>
  );
}

/** What the filters look at, where that is not the reward: the outcome behind a shaped reward, for example. */
export function FilterOnChoice(props: {
  inspection: Inspection;
  filterOn: string | null;
  onFilterOn: (filterOn: string | null) => void;
}) {
  return (
    <label title="What the filters look at. A gate on a shaped reward lets prompts through whose responses all fail: filter on the outcome.">
      Filter on
      <select
        value={props.filterOn ?? ''}
        onChange={(event) => props.onFilterOn(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">the reward</option>
        {usable(props.inspection).map(({ name, isList }) => (
          <option key={name} value={isList ? `sum(${name})` : name}>
            {isList ? `sum(${name})` : name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The columns of a sum with their weights. */
export function RewardWeights({ inspection, reward, onReward }: RewardProps) {
  const terms = termsOf(reward, inspection);
  if (!isSum(terms)) return null;
  const free = usable(inspection).filter(({ name }) => !terms.some(({ column }) => column === name));
  const put = (at: number, changed: RewardTerm) =>
    onReward(writeReward(terms.map((old, i) => (i === at ? changed : old))));
  return (
    <fieldset className={styles.weights}>
      <legend>Reward, a weighted sum; a column without a value abstains</legend>
      {terms.map((each, at) => (
        <div key={each.column} className={styles.actions}>
          <NumberField
            live
            label={`Weight of ${each.column}`}
            value={each.weight}
            min={-1e6}
            max={1e6}
            onChange={(weight) => put(at, { ...each, weight })}
          />
          ×
          <select
            aria-label={`Column ${at + 1} of the sum`}
            value={each.column}
            onChange={(event) => put(at, term(event.target.value, inspection, each.weight))}
          >
            {[each.column, ...free.map(({ name }) => name)].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          <button
            type="button"
            aria-label={`Take ${each.column} out of the sum`}
            disabled={terms.length === 1}
            onClick={() => onReward(writeReward(terms.filter((_, i) => i !== at)))}
          >
            Remove
          </button>
        </div>
      ))}
      {free.length > 0 ? (
        <button
          type="button"
          onClick={() => onReward(writeReward([...terms, term(free[0].name, inspection)]))}
        >
          Add a column
        </button>
      ) : null}
    </fieldset>
  );
}
