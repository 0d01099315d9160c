/** A filter written as a function: Monaco, examples, and a run in the sandbox whose complaint stands beside it. */
import { useState } from 'react';
import { filterExamples } from '../../lab/customFilter.ts';
import { CodeView } from '../inspector/CodeView.tsx';
import styles from './filterlab.module.css';

export interface CustomFilterProps {
  source: string;
  onSource: (source: string) => void;
  /** Runs the function on the responses in view. Rejects with what is wrong with it. */
  onRun: (source: string) => Promise<void>;
}

type State =
  | { kind: 'idle' }
  | { kind: 'running' }
  | { kind: 'ran'; source: string }
  | { kind: 'failed'; message: string };

export function CustomFilter(props: CustomFilterProps) {
  const { source } = props;
  const [state, setState] = useState<State>({ kind: 'idle' });
  const run = async () => {
    setState({ kind: 'running' });
    try {
      await props.onRun(source);
      setState({ kind: 'ran', source });
    } catch (cause) {
      setState({ kind: 'failed', message: cause instanceof Error ? cause.message : String(cause) });
    }
  };
  return (
    <section className={styles.custom} aria-label="Filter function">
      <p className={styles.hint}>
        <code>filter(rewards: number[]): number[]</code> gets the rewards of one group and gives one weight
        per response. It runs in the sandbox, once per group, and remembers nothing. With the sampler{' '}
        <i>keep</i>, k responses are kept with a chance that grows with their weight. Empty: the weights by
        rank are used.
      </p>
      <div className={styles.row}>
        {filterExamples.map((example) => (
          <button type="button" key={example.label} onClick={() => props.onSource(example.source)}>
            {example.label}
          </button>
        ))}
        <button type="button" onClick={() => props.onSource('')} disabled={source === ''}>
          clear
        </button>
      </div>
      <CodeView code={source} label="Filter function" onChange={props.onSource} minLines={8} maxLines={18} />
      <div className={styles.row}>
        <button
          type="button"
          className={styles.primary}
          onClick={run}
          disabled={source.trim() === '' || state.kind === 'running'}
        >
          Run in the sandbox
        </button>
        <span role="status" className={state.kind === 'failed' ? styles.bad : styles.hint}>
          {state.kind === 'running' ? 'running …' : null}
          {state.kind === 'ran'
            ? state.source === source
              ? 'It ran; counts and figures follow it.'
              : 'Changed since it ran.'
            : null}
          {state.kind === 'failed' ? state.message : null}
          {state.kind === 'idle' && source.trim() !== '' ? 'Not run yet.' : null}
        </span>
      </div>
    </section>
  );
}
