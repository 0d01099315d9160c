/** Any two stored runs, of this experiment or not: their difference in words. */
import { useEffect, useState } from 'react';
import {
  type ComparedRun,
  differenceOf,
  differenceText,
} from '../../../lab/experiments/outcome/differenceInWords.ts';
import type { ExperimentView } from '../../../lab/state/experimentsState.ts';
import type { StoredRun } from '../../../lab/storage/runStore.ts';
import { worldSize } from '../../../tasks/world.ts';
import { useLab, useLaboratory } from '../../useLab.ts';
import styles from './experiments.module.css';

const heldProblems = Object.values(worldSize.held).reduce((a, b) => a + b, 0);
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'short' });

export function CompareRuns(props: {
  /** The experiment whose runs are offered first. */
  view: ExperimentView | null;
  /** Ids of the runs that are chosen, at most two. */
  pair: readonly string[];
  onPair: (pair: readonly string[]) => void;
}) {
  const { view, pair, onPair } = props;
  const list = useLab((state) => state.runs.list);
  const own = list.filter((run) => view !== null && run.experiment === view.id).sort(byArm(view));
  const others = list.filter((run) => !own.includes(run));
  const compared = useCompared(pair, list);
  const options = (
    <>
      <option value="" disabled>
        Choose a run …
      </option>
      {own.length > 0 ? (
        <optgroup label="This experiment">
          {own.map((run) => (
            <option key={run.id} value={run.id}>
              {run.name}, seed {run.seed}
            </option>
          ))}
        </optgroup>
      ) : null}
      {others.length > 0 ? (
        <optgroup label={view ? 'Other saved runs' : 'Saved runs'}>
          {others.map((run) => (
            <option key={run.id} value={run.id}>
              {run.name}, seed {run.seed}, {date.format(run.created)}
            </option>
          ))}
        </optgroup>
      ) : null}
    </>
  );
  return (
    <section className={styles.compare} aria-label="Two runs in words">
      <h3>Two runs in words</h3>
      <div className={styles.fields}>
        {([0, 1] as const).map((at) => (
          <label key={at}>
            {at === 0 ? 'This run' : 'against'}
            <select
              value={pair[at] ?? ''}
              onChange={(event) =>
                onPair(
                  at === 0 ? [event.target.value, ...pair.slice(1)] : [pair[0] ?? '', event.target.value],
                )
              }
            >
              {options}
            </select>
          </label>
        ))}
      </div>
      {compared === 'same' ? <p className={styles.quiet}>Choose two different runs.</p> : null}
      {compared && compared !== 'same' ? <Words a={compared[0]} b={compared[1]} /> : null}
    </section>
  );
}

function Words({ a, b }: { a: ComparedRun; b: ComparedRun }) {
  const { settings, parting, end, costs } = differenceOf(a, b);
  const [copied, setCopied] = useState(false);
  return (
    <div className={styles.words} role="status">
      <dl>
        <dt>Settings</dt>
        <dd>
          {settings.length === 0
            ? 'Nothing differs: the same settings, the same seed.'
            : settings.map((line) => <p key={line}>{line}</p>)}
        </dd>
        <dt>Curves</dt>
        <dd>{parting}</dd>
        <dt>Ends</dt>
        <dd>{end}</dd>
        <dt>Costs</dt>
        <dd>
          {costs.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </dd>
      </dl>
      <button
        type="button"
        data-screen-only
        onClick={() =>
          void navigator.clipboard.writeText(differenceText(a, b)).then(
            () => setCopied(true),
            () => setCopied(false),
          )
        }
      >
        {copied ? 'Copied' : 'Copy as text'}
      </button>
    </div>
  );
}

/** The rows of the chosen runs, read anew when they grow; null before two are chosen, 'same' for one chosen twice. */
function useCompared(
  pair: readonly string[],
  list: readonly StoredRun[],
): readonly [ComparedRun, ComparedRun] | 'same' | null {
  const { runs } = useLaboratory();
  const [read, setRead] = useState<{ key: string; pair: readonly [ComparedRun, ComparedRun] } | null>(null);
  const [first, second] = [0, 1].map((at) => list.find((run) => run.id === pair[at]) ?? null);
  const key = first && second ? [first, second].map(({ id, updated }) => `${id}@${updated}`).join() : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for both runs as they are stored
  useEffect(() => {
    if (!first || !second || first.id === second.id) return;
    let wanted = true;
    void runs.list.attempt('The runs could not be read', async (store) => {
      const [a, b] = await Promise.all([store.metrics(first.id), store.metrics(second.id)]);
      if (wanted) setRead({ key, pair: [comparedRun(first, a), comparedRun(second, b)] });
    });
    return () => {
      wanted = false;
    };
  }, [key, runs]);
  if (!first || !second) return null;
  if (first.id === second.id) return 'same';
  return read?.pair ?? null;
}

function comparedRun(
  { name, seed, settings, backend }: StoredRun,
  rows: Pick<ComparedRun, 'iterations' | 'evaluations'>,
): ComparedRun {
  return {
    name: `${name}, seed ${seed},`,
    seed,
    settings,
    engine: backend?.name ?? null,
    heldSamples: heldProblems * settings.evaluation.evaluationSamples,
    ...rows,
  };
}

const byArm = (view: ExperimentView | null) => (a: StoredRun, b: StoredRun) => {
  const at = (run: StoredRun) => view?.runs.find(({ id }) => id === run.id)?.index ?? 0;
  return at(a) - at(b);
};
