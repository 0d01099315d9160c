/**
 * The tests of a problem: what goes in, what must come out, and, once the program has run again through the judge,
 * what came out. The run that trained kept only the score, so actual outputs are asked for here and now.
 */
import { useEffect, useState } from 'react';
import type { Problem } from '../../../tasks/problem.ts';
import { TableHead } from '../../parts/TableHead.tsx';
import styles from './inspector.module.css';
import { literal } from './response.ts';

/** What one test gave. */
export interface TestOutcome {
  passed: boolean;
  /** The returned value as JavaScript text; absent when the call gave none. */
  actual?: string;
  /** Why there is no value: what was thrown, a timeout, a refusal. */
  error?: string;
}

export interface JudgedProgram {
  /** One outcome per test, in order. */
  outcomes: readonly TestOutcome[];
  /** One sentence about the program as a whole, when there is something to say. */
  detail?: string;
}

export type JudgeDetails = (source: string, problem: Problem) => Promise<JudgedProgram>;

type State =
  | { kind: 'idle' }
  | { kind: 'running' }
  | { kind: 'done'; result: JudgedProgram }
  | { kind: 'failed'; message: string };

export function TestTable(props: { source: string; problem: Problem; judge?: JudgeDetails }) {
  const { source, problem, judge } = props;
  const [state, setState] = useState<State>({ kind: 'idle' });

  useEffect(() => {
    if (!judge) return;
    let wanted = true;
    setState({ kind: 'running' });
    judge(source, problem).then(
      (result) => wanted && setState({ kind: 'done', result }),
      (cause) =>
        wanted &&
        setState({ kind: 'failed', message: cause instanceof Error ? cause.message : String(cause) }),
    );
    return () => {
      wanted = false;
    };
  }, [judge, source, problem]);

  const outcomes = state.kind === 'done' ? state.result.outcomes : null;
  const passed = outcomes?.filter((outcome) => outcome.passed).length ?? 0;
  return (
    <section className={styles.tests} aria-label="Tests">
      <h3>
        Tests
        <span role="status" className={styles.testsState}>
          {state.kind === 'running' ? 'running in the sandbox …' : null}
          {outcomes ? `${passed} of ${outcomes.length} passed` : null}
          {state.kind === 'failed' ? `could not run: ${state.message}` : null}
        </span>
      </h3>
      {state.kind === 'done' && state.result.detail ? (
        <p className={styles.detail}>{state.result.detail}</p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label="Tests of this problem: table">
        <table className={styles.table}>
          <TableHead
            names={[
              `${problem.entry}(${problem.parameters.join(', ')})`,
              'must return',
              'returned',
              'result',
            ]}
          />
          <tbody>
            {problem.tests.map((test, index) => {
              const outcome = outcomes?.[index];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a test is its place
                <tr key={index} data-passed={outcome?.passed}>
                  <td>{test.args.map(literal).join(', ')}</td>
                  <td>{literal(test.expected)}</td>
                  <td>{outcome ? (outcome.actual ?? <em>{outcome.error ?? 'nothing'}</em>) : '–'}</td>
                  <td>
                    {outcome ? (
                      <span className={outcome.passed ? styles.pass : styles.fail}>
                        <span aria-hidden="true">{outcome.passed ? '✓' : '✗'}</span>{' '}
                        {outcome.passed ? 'pass' : 'fail'}
                      </span>
                    ) : (
                      '–'
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}
