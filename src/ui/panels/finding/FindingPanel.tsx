/**
 * The paper's Table 2 beside what this page measures. Ours are the numbers of the headless experiments that
 * docs/results.md describes, read from results.json; without that file only the paper's
 * are shown, and the panel says so.
 */
import { useEffect, useState } from 'react';
import { thousands } from '../../../core/numberText.ts';
import { besidePaper, ourRows, paperTable } from '../../../lab/records/besidePaper.ts';
import { type PublishedResults, readResults, type Spent } from '../../../lab/records/publishedResults.ts';
import { estimate, interval95, summaryInWords } from '../../../lab/records/summaryInWords.ts';
import { Panel } from '../../parts/Panel.tsx';
import { TableHead } from '../../parts/TableHead.tsx';
import { useLaboratory } from '../../useLab.ts';
import styles from './finding.module.css';

/** What differences are taken from, there and here. */
const reference = 'PPO-M';

type Ours =
  | { state: 'loading' | 'none' }
  | { state: 'here'; results: PublishedResults }
  | { state: 'wrong'; why: string };

function useOurs(): Ours {
  const laboratory = useLaboratory();
  const [ours, setOurs] = useState<Ours>({ state: 'loading' });
  useEffect(() => {
    let wanted = true;
    readResults(laboratory.fetchBytes).then(
      (results) => wanted && setOurs(results ? { state: 'here', results } : { state: 'none' }),
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
            <TableHead names={['Method', 'HumanEval', 'MBPP', 'LeetCode']} />
            <tbody>
              {paperTable.map(({ method, humanEval, mbpp, leetCode }) => (
                <tr key={method}>
                  <th scope="row">{method}</th>
                  <td>{humanEval.toFixed(1)}</td>
                  <td>{mbpp.toFixed(1)}</td>
                  <td>{leetCode.toFixed(1)}</td>
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
      return <OurTable results={ours.results} />;
    default:
      ours satisfies never;
      return null;
  }
}

function OurTable({ results }: { results: PublishedResults }) {
  const rows = [...ourRows(results).values()];
  return (
    <>
      {summaryInWords({ reference, arms: rows }).map((line) => (
        <p key={line}>{line}</p>
      ))}
      <h4>Beside the paper’s table</h4>
      {besidePaper(results).map((line) => (
        <p key={line}>{line}</p>
      ))}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.wide} tabIndex={0} aria-label="Our results: table">
        <table>
          <caption>
            held-out pass rate in per cent, sampled, mean ± standard error over seeds; SFT is the policy that
            all start from, looked at as often as they are; the difference is paired by seed, with its 95 %
            interval; costs in thousands, network passes being those of reward model, reference, critic and
            policy. docs/results.md has curves and commands.
          </caption>
          <TableHead
            names={['Method', 'end', `against ${reference}`, 'seeds', 'samples', 'passes', 'update tokens']}
          />
          <tbody>
            {rows.map((row) => (
              <tr key={row.arm}>
                <th scope="row">{row.arm}</th>
                <td>{estimate(row.heldEnd)}</td>
                <td>{row.arm === reference ? '' : interval95(row.difference)}</td>
                <td>{row.heldEnd?.count ?? '–'}</td>
                <td>{thousands(row.spent.samples)}</td>
                <td>{thousands(passesOf(row.spent))}</td>
                <td>{thousands(row.spent.updateTokens)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

const passesOf = ({ rewardPasses, referencePasses, criticPasses, policyPasses }: Spent): number =>
  [rewardPasses, referencePasses, criticPasses, policyPasses].reduce<number>(
    (sum, passes) => sum + (passes ?? 0),
    0,
  );
