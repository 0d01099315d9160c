/** A filter written as a function: Monaco, examples, and a run in the sandbox whose complaint stands beside it. */
import { useCallback, useState } from 'react';
import { filterExamples } from '../../../../lab/trainer/arm/customFilter.ts';
import { CodeView } from '../../inspector/CodeView.tsx';
import shared from '../filterlab.module.css';
import styles from './editor.module.css';
import type { Complaint } from './filterAssist.ts';

export interface CustomFilterProps {
  source: string;
  onSource: (source: string) => void;
  /** Runs the function on the responses in view. Rejects with what is wrong with it. */
  onRun: (source: string) => Promise<void>;
  /** Responses that it runs on and all there are, when those are too many to follow a drag. */
  sample: { shown: number; total: number } | null;
}

type State =
  | { kind: 'idle' }
  | { kind: 'running' }
  | { kind: 'ran'; source: string }
  | { kind: 'failed'; message: string; source: string };

function ranText(sample: CustomFilterProps['sample']): string {
  if (!sample) return 'It ran; counts and figures follow it.';
  const [shown, total] = [sample.shown, sample.total].map((count) => count.toLocaleString('en-GB'));
  return `It ran on a sample: ${shown} of ${total} responses, whole groups at random. The counts, the histogram and the scatter follow it; the table does not.`;
}

export function CustomFilter(props: CustomFilterProps) {
  const { source, sample } = props;
  const [state, setState] = useState<State>({ kind: 'idle' });
  const run = async () => {
    setState({ kind: 'running' });
    try {
      await props.onRun(source);
      setState({ kind: 'ran', source });
    } catch (cause) {
      setState({ kind: 'failed', message: cause instanceof Error ? cause.message : String(cause), source });
    }
  };
  const [syntax, setSyntax] = useState<Complaint>(null);
  const help = useCallback(
    () => import('./filterAssist.ts').then(({ filterAssist }) => filterAssist(setSyntax)),
    [],
  );
  // What a run said holds for the text that ran.
  const said = state.kind === 'failed' && state.source === source ? state.message : null;
  const wrong = syntax !== null && source.trim() !== '';
  return (
    <section className={styles.custom} aria-label="Filter function">
      <p className={shared.hint}>
        <code>filter(rewards: number[]): number[]</code> gets the rewards of one group and gives one weight
        per response. It runs in the sandbox, once per group, and remembers nothing. With the sampler{' '}
        <i>keep</i>, k responses are kept with a chance that grows with their weight. Empty: the weights by
        rank are used.
      </p>
      <div className={shared.row}>
        {filterExamples.map((example) => (
          <button type="button" key={example.label} onClick={() => props.onSource(example.source)}>
            {example.label}
          </button>
        ))}
        <button type="button" onClick={() => props.onSource('')} disabled={source === ''}>
          clear
        </button>
      </div>
      <CodeView
        code={source}
        label="Filter function"
        onChange={props.onSource}
        minLines={8}
        maxLines={18}
        help={help}
        said={said ?? (wrong ? undefined : null)}
      />
      <p className={shared.hint}>
        <kbd>Ctrl</kbd>+<kbd>Space</kbd> lists names and members, <kbd>Enter</kbd> takes one, <kbd>Esc</kbd>{' '}
        closes the list. <kbd>Tab</kbd> leaves the editor (<kbd>Ctrl</kbd>+<kbd>M</kbd> makes it indent).
      </p>
      <div className={shared.row}>
        <button
          type="button"
          className={shared.primary}
          onClick={run}
          disabled={source.trim() === '' || state.kind === 'running'}
        >
          Run in the sandbox
        </button>
        <span role="status" className={wrong || said !== null ? styles.bad : shared.hint}>
          {wrong ? `Line ${syntax.line}: ${syntax.message}. ` : null}
          {state.kind === 'running' ? 'running …' : null}
          {state.kind === 'ran'
            ? state.source === source
              ? ranText(sample)
              : 'Changed since it ran.'
            : null}
          {state.kind === 'failed' && !wrong ? (said ?? 'Changed since it was refused.') : null}
          {state.kind === 'idle' && source.trim() !== '' ? 'Not run yet.' : null}
        </span>
      </div>
    </section>
  );
}
