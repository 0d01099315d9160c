/** Where a true score comes from when the file has none: JavaScript responses run against a problem pack. */
import { counted } from '../../../../core/numberText.ts';
import type { ImportedRollouts } from '../../../../io/importRollouts.ts';
import type { JudgeClient } from '../../../../judge/client.ts';
import shared from '../filterlab.module.css';
import styles from './files.module.css';
import { ProgramRules } from './ProgramRules.tsx';
import type { ImportControl } from './useImport.ts';
import { type TruthState, useTruth } from './useTruth.ts';

export interface TruthFromPackProps {
  result: ImportedRollouts;
  control: ImportControl;
  judge: () => JudgeClient;
}

const whole = (value: number) => value.toLocaleString('en-GB');

export function TruthFromPack({ result, control, judge }: TruthFromPackProps) {
  const { columns, files } = result;
  const truth = useTruth(columns.reward.length, control, judge);
  const { state } = truth;
  if (files.every(({ mapping }) => mapping.response === null)) return null;
  return (
    <details className={styles.report} open={columns.score === null || state.kind !== 'none'}>
      <summary>True score from a problem pack</summary>
      <section
        className={styles.truth}
        aria-label="True score from a problem pack"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const [file] = event.dataTransfer.files;
          if (file) truth.choose(file);
        }}
      >
        <p className={styles.small}>
          If the responses are JavaScript, whole functions or continuations of the prompt, the sandbox can run
          them against the tests of a pack (MultiPL-E, HumanEval-X, MBXP or filtrate-pack/1). The score is the
          share of tests passed
          {files.some(({ mapping }) => mapping.score !== null)
            ? ', and takes the place of the score in the file.'
            : '.'}
        </p>
        <div className={styles.actions}>
          <label className={styles.choose}>
            Choose or drop a problem pack
            <input
              type="file"
              aria-label="Choose a problem pack"
              disabled={state.kind === 'running'}
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                if (file) truth.choose(file);
                event.target.value = '';
              }}
            />
          </label>
        </div>
        <Step state={state} rows={columns.reward.length} onRun={truth.run} onCancel={truth.cancel} />
      </section>
    </details>
  );
}

interface StepProps {
  state: TruthState;
  rows: number;
  onRun: () => void;
  onCancel: () => void;
}

function Step({ state, rows, onRun, onCancel }: StepProps) {
  switch (state.kind) {
    case 'none':
      return state.failure ? (
        <p className={styles.failures} role="alert">
          {state.failure}
        </p>
      ) : null;
    case 'checking':
      return (
        <Progress
          label="Problems checked"
          text={`Checking ${state.name}: ${whole(state.done)} of ${whole(state.total)} problems`}
          share={state.total > 0 ? state.done / state.total : undefined}
          onCancel={onCancel}
        />
      );
    case 'matching':
      return <Progress label="Matching" text={`Matching rows to ${state.name} …`} onCancel={onCancel} />;
    case 'running': {
      const { done, total, secondsLeft } = state.progress;
      const left = secondsLeft === null ? '' : `, about ${timeText(secondsLeft)} left`;
      return (
        <Progress
          label="Responses run"
          text={`${whole(done)} of ${whole(total)} responses run${left}`}
          share={total > 0 ? done / total : undefined}
          onCancel={onCancel}
        />
      );
    }
    case 'matched':
      return <Matched state={state} rows={rows} onRun={onRun} />;
    case 'scored':
      return (
        <>
          <p role="status">
            {counted(state.rows, 'response')} scored against {state.name}.
          </p>
          <ProgramRules uses={state.uses} />
        </>
      );
    default:
      state satisfies never;
      return null;
  }
}

function Matched({
  state,
  rows,
  onRun,
}: Pick<StepProps, 'rows' | 'onRun'> & { state: TruthState & { kind: 'matched' } }) {
  const { pack, match, scorable } = state;
  const { checked, unchecked, quarantined } = pack.counts;
  const useless = match.matched - scorable;
  return (
    <>
      <p role="status">
        <b>
          {whole(match.matched)} of {whole(rows)} rows
        </b>{' '}
        answer a problem of {pack.name} ({whole(checked + unchecked)} usable problems
        {quarantined > 0 ? `, ${whole(quarantined)} set aside because they do not hold` : ''}).
        {useless > 0
          ? ` ${whole(useless)} of these rows answer one that was set aside, and get no score.`
          : ''}
      </p>
      {match.unmatched.length > 0 ? (
        <details>
          <summary>Prompts without a problem: {whole(match.unmatchedPrompts)}</summary>
          <ul className={styles.small}>
            {match.unmatched.map(({ name, rows }) => (
              <li key={name}>
                {name || 'no name, no text'}: {counted(rows, 'row')}
              </li>
            ))}
            {match.unmatchedPrompts > match.unmatched.length ? <li>…</li> : null}
          </ul>
        </details>
      ) : null}
      <div className={styles.actions}>
        <button type="button" className={shared.primary} onClick={onRun} disabled={scorable === 0}>
          Run {counted(scorable, 'response')} in the sandbox
        </button>
      </div>
    </>
  );
}

function Progress(props: { label: string; text: string; share?: number; onCancel: () => void }) {
  return (
    <div className={styles.reading}>
      <progress max={1} value={props.share} aria-label={props.label} />
      <div className={styles.actions}>
        <span>{props.text}</span>
        <button type="button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </div>
  );
}

function timeText(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}
