/** Programs on two judges: the naive one, which can be fooled, and the one of this page. */
import { useState } from 'react';
import type { JudgeKind } from '../../judge/protocol.ts';
import type { BenchProgram } from '../../lessons/frame/lesson.ts';
import parts from '../parts/parts.module.css';
import { useLaboratory } from '../useLab.ts';
import styles from './exercises.module.css';

const tests = [[1, 2, 3], [], [0], [-4, 10], [7, 7, 7, 7]].map((xs) => ({
  args: [xs],
  expected: xs.map((x) => x * 2),
}));
const judges: readonly { kind: JudgeKind; label: string }[] = [
  { kind: 'naive', label: 'naive judge' },
  { kind: 'true', label: 'true judge' },
];

type Scores = Record<JudgeKind, readonly number[]>;

export function JudgeBench({ programs }: { programs: readonly BenchProgram[] }) {
  const laboratory = useLaboratory();
  const [texts, setTexts] = useState(programs.map(({ source }) => source));
  const [scores, setScores] = useState<Scores | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | { failed: string }>('idle');
  const judge = async () => {
    setState('busy');
    try {
      const ask = async (kind: JudgeKind) => {
        const requests = texts.map((source) => ({ source, key: 'lesson bench', entry: 'f', tests }));
        const verdicts = await laboratory.judge.judge(requests, { judge: kind, timeoutMs: 3000 });
        return verdicts.map(({ score }) => score);
      };
      setScores({ naive: await ask('naive'), true: await ask('true') });
      setState('idle');
    } catch (thrown) {
      setState({ failed: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
  return (
    <section className={styles.bench} aria-label="Two judges" data-part="judge-bench">
      {programs.map(({ label }, index) => (
        <div key={label}>
          <label>
            <span>{label}</span>
            <textarea
              spellCheck={false}
              rows={Math.max(3, texts[index].split('\n').length)}
              value={texts[index]}
              onChange={(event) => {
                setTexts(texts.with(index, event.target.value));
                setScores(null);
              }}
            />
          </label>
          <dl>
            {judges.map(({ kind, label: name }) => (
              <div key={kind}>
                <dt>{name}</dt>
                <dd data-judge={kind}>
                  {scores
                    ? `${Math.round(scores[kind][index] * tests.length)} of ${tests.length} tests`
                    : '–'}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <button
        type="button"
        className={parts.button}
        aria-disabled={state === 'busy'}
        onClick={() => state !== 'busy' && void judge()}
      >
        {state === 'busy' ? 'Judging …' : 'Judge them'}
      </button>
      <p role="status">{typeof state === 'object' ? `The judge could not be asked: ${state.failed}` : ''}</p>
    </section>
  );
}
