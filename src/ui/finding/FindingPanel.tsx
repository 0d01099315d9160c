/**
 * The paper's claim beside what this page measures. Ours are the numbers of the headless experiment that
 * docs/results.md describes, read from results.json (the runner's own summary); without that file only the paper's
 * are shown, and the panel says so.
 */
import { useEffect, useState } from 'react';
import { grouped } from '../../core/numberText.ts';
import { type PublishedSummary, readSummary } from '../../lab/records/publishedSummary.ts';
import { estimate, percentPoints, summaryInWords } from '../../lab/records/summaryInWords.ts';
import { Panel } from '../parts/Panel.tsx';
import { useLaboratory } from '../useLab.ts';
import styles from './finding.module.css';

/** Table 2 of PF-PPO (arXiv 2409.06957), pass@1 in per cent. */
const paper: readonly (readonly [method: string, humanEval: number, mbpp: number, leetCode: number])[] = [
  ['SFT', 74.2, 70.8, 15.2],
  ['PPO-S', 78.1, 73.8, 25.2],
  ['PPO-M', 80.2, 75.0, 29.8],
  ['BoN', 75.8, 71.7, 16.8],
  ['BR', 82.9, 75.9, 33.0],
  ['BW', 82.4, 76.2, 30.4],
];

type Ours =
  | { state: 'loading' | 'none' }
  | { state: 'here'; summary: PublishedSummary }
  | { state: 'wrong'; why: string };

function useOurs(): Ours {
  const laboratory = useLaboratory();
  const [ours, setOurs] = useState<Ours>({ state: 'loading' });
  useEffect(() => {
    let wanted = true;
    readSummary(laboratory.fetchBytes).then(
      (summary) => wanted && setOurs(summary ? { state: 'here', summary } : { state: 'none' }),
      (error: Error) => wanted && setOurs({ state: 'wrong', why: error.message }),
    );
    return () => {
      wanted = false;
    };
  }, [laboratory]);
  return ours;
}

export function FindingPanel() {
  const ours = useOurs();
  return (
    <Panel title="What the paper found, and what we find" closes="finding">
      <div className={styles.columns}>
        <section>
          <h3>The paper</h3>
          <p>
            Policy filtration (Shen and Zhang, 2024) keeps the best and one other response of five, because a
            reward model is least reliable for middling rewards. With a 6.7-billion-parameter code model,
            best-random (BR) and best-worst (BW) beat both forms of PPO on all three benchmarks:
          </p>
          <table>
            <caption>pass@1 in per cent, greedy, best of five epochs (Table 2 of arXiv 2409.06957)</caption>
            <thead>
              <tr>
                <th scope="col">Method</th>
                <th scope="col">HumanEval</th>
                <th scope="col">MBPP</th>
                <th scope="col">LeetCode</th>
              </tr>
            </thead>
            <tbody>
              {paper.map(([method, ...scores]) => (
                <tr key={method}>
                  <th scope="row">{method}</th>
                  {scores.map((score, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand still
                    <td key={index}>{score.toFixed(1)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <section>
          <h3>This page</h3>
          <OurFinding ours={ours} />
        </section>
      </div>
    </Panel>
  );
}

function OurFinding({ ours }: { ours: Ours }) {
  switch (ours.state) {
    case 'loading':
      return <p>Reading the results …</p>;
    case 'none':
      return (
        <p>
          The results of the headless experiment do not come with this build; docs/results.md says how to
          compute them.
        </p>
      );
    case 'wrong':
      return <p role="alert">results.json cannot be used: {ours.why}</p>;
    case 'here':
      return <OurTable summary={ours.summary} />;
    default:
      ours satisfies never;
      return null;
  }
}

function OurTable({ summary }: { summary: PublishedSummary }) {
  const lines = summaryInWords(summary);
  return (
    <>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <table>
        <caption>held-out pass rate in per cent, sampled, mean ± standard error over seeds</caption>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">start</th>
            <th scope="col">end</th>
            <th scope="col">against {summary.reference ?? 'the first'}</th>
            <th scope="col">update tokens</th>
          </tr>
        </thead>
        <tbody>
          {summary.arms.map((arm) => (
            <tr key={arm.arm}>
              <th scope="row">{arm.arm}</th>
              <td>{estimate(arm.heldStart)}</td>
              <td>{estimate(arm.heldEnd)}</td>
              <td>{arm.arm === summary.reference ? '' : percentPoints(arm.difference)}</td>
              <td>{arm.updateTokens ? `${grouped(arm.updateTokens.mean / 1000)} k` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
