/**
 * One response of one iteration, whole: what was asked, what was written, what the reward model thought of it, what
 * the filter did with it, and what the tests say.
 */
import { lazy, Suspense, useMemo } from 'react';
import type { IterationRecord } from '../../../lab/records/record.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { RewardScale } from '../../../rlhf/loop/state.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { format as formatProgram, toSource } from '../../../tasks/program.ts';
import { vocabulary } from '../../../tasks/tokenizer.ts';
import { format } from '../../charts/curves/curves.ts';
import { scoreColour, truthOf, truthPath, truthText } from '../../strips/ranking.ts';
import { CodeView } from './CodeView.tsx';
import styles from './inspector.module.css';
import { type ResponseView, responseAt } from './response.ts';
import { type JudgeDetails, TestTable } from './TestTable.tsx';
import { TokenStrip } from './TokenStrip.tsx';
import { usePay } from './usePay.ts';

// With the arithmetic of losses, which the first picture does not need.
const TokenPart = lazy(() => import('./TokenPart.tsx').then((module) => ({ default: module.TokenPart })));

export interface InspectorProps {
  armName: string;
  record: IterationRecord;
  row: number;
  /** Training problems of the run's world; null while it is being built. */
  problems: readonly Problem[] | null;
  /** What the arm trains with; absent: what its tokens were paid, and what the update does to them, is not known. */
  settings?: ArmSettings;
  onSelect: (row: number) => void;
  /** Goes to the iteration before or after, keeping the group and rank in view; absent: no such buttons. */
  onIteration?: (step: -1 | 1) => void;
  firstIteration?: boolean;
  lastIteration?: boolean;
  judge?: JudgeDetails;
  /** Of the rewards of the starting policy; null where it is not known. */
  scale?: RewardScale | null;
  /** The token that is looked at. */
  token?: number | null;
  /** Absent: tokens cannot be chosen. */
  onToken?: (token: number | null) => void;
}

export function Inspector(props: InspectorProps) {
  const { record, row, problems } = props;
  const view = useMemo(() => responseAt(record.samples, row), [record, row]);
  if (!view) return <p className={styles.none}>This iteration has no response {row + 1}.</p>;
  const problem = problems?.[view.problem];
  return (
    <div className={styles.inspector}>
      <Steps {...props} view={view} />
      <Facts view={view} synthetic={props.settings?.reward.method === 'synthetic'} />
      {problem ? (
        <Program {...props} view={view} problem={problem} />
      ) : (
        <p className={styles.none}>
          {problems ? `Problem ${view.problem} is not in this world.` : 'Building the problems …'}
        </p>
      )}
    </div>
  );
}

function Steps(props: InspectorProps & { view: ResponseView }) {
  const { view, record } = props;
  const at = view.rank - 1;
  const go = (step: number) => props.onSelect(view.siblings[at + step]);
  return (
    <div className={styles.steps}>
      <p className={styles.where}>
        <b>{props.armName}</b> · iteration {record.iteration} · prompt {view.group + 1}
      </p>
      <span className={styles.pair}>
        <button
          type="button"
          disabled={at === 0}
          onClick={() => go(-1)}
          aria-label="Higher reward in this group"
        >
          ←
        </button>
        <span>
          rank {view.rank} of {view.siblings.length}
        </span>
        <button
          type="button"
          disabled={at === view.siblings.length - 1}
          onClick={() => go(1)}
          aria-label="Lower reward in this group"
        >
          →
        </button>
      </span>
      {props.onIteration ? (
        <span className={styles.pair}>
          <button
            type="button"
            disabled={props.firstIteration}
            onClick={() => props.onIteration?.(-1)}
            aria-label="Previous iteration"
          >
            ←
          </button>
          <span>iteration {record.iteration}</span>
          <button
            type="button"
            disabled={props.lastIteration}
            onClick={() => props.onIteration?.(1)}
            aria-label="Next iteration"
          >
            →
          </button>
        </span>
      ) : null}
    </div>
  );
}

function Facts({ view, synthetic }: { view: ResponseView; synthetic: boolean }) {
  const truth = truthOf(view.score);
  return (
    <dl className={styles.facts}>
      <div>
        <dt>{synthetic ? 'synthetic reward' : 'reward'}</dt>
        <dd>{format(view.reward, 3)}</dd>
      </div>
      <div>
        <dt>true score</dt>
        <dd>
          <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
            <path d={truthPath[truth]} style={{ fill: scoreColour(view.score) }} />
          </svg>{' '}
          {format(view.score, 2)} <small>{truthText[truth]}</small>
        </dd>
      </div>
      <div>
        <dt>filter</dt>
        <dd>{view.uses === 0 ? 'dropped' : view.uses === 1 ? 'kept' : `kept ${view.uses} times`}</dd>
      </div>
      <div>
        <dt>KL to the start</dt>
        <dd>
          {format(view.kl, 2)} <small>nats</small>
        </dd>
      </div>
      <div>
        <dt>tokens</dt>
        <dd>{view.tokens.length}</dd>
      </div>
    </dl>
  );
}

function Program(props: InspectorProps & { view: ResponseView; problem: Problem }) {
  const { view, problem, record, settings, scale = null, onToken } = props;
  const seen = useMemo(() => settings && { ...record, settings, scale }, [record, settings, scale]);
  // Another response may be shorter.
  const token = seen && props.token != null ? Math.min(props.token, view.tokens.length - 1) : null;
  const source = useMemo(() => toSource(view.tokens, problem), [view, problem]);
  const texts = useMemo(() => Array.from(view.tokens, (token) => vocabulary[token] ?? `<${token}>`), [view]);
  const pay = usePay({ ...props, source, beta: record.metrics.beta });
  return (
    <>
      <blockquote className={styles.prompt} cite={problem.id}>
        <span>
          tier {problem.tier}: {problem.tier} {problem.tier === 1 ? 'operation' : 'operations'}
        </span>{' '}
        {problem.prompt}
      </blockquote>
      <CodeView code={formatProgram(source)} label={`Program of rank ${view.rank}`} />
      <TokenStrip
        texts={texts}
        logProb={view.logProb}
        refLogProb={view.refLogProb}
        pay={pay}
        chosen={token}
        onChoose={seen && onToken}
      />
      {seen && token !== null ? (
        <Suspense fallback={null}>
          <TokenPart
            key={`${view.row} ${token}`}
            seen={seen}
            row={view.row}
            token={token}
            text={texts[token]}
            onClose={() => onToken?.(null)}
          />
        </Suspense>
      ) : null}
      <TestTable source={source} problem={problem} judge={props.judge} />
      <details className={styles.reference}>
        <summary>A program that passes every test</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <pre tabIndex={0}>{formatProgram(problem.reference)}</pre>
      </details>
    </>
  );
}
