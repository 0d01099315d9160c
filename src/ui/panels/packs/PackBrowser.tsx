/** Problems from elsewhere: their prompts, their tests, what came of their check, and a program of one's own on them. */
import { useState } from 'react';
import { type ImportedPack, type ImportedProblem, importPack, judgeProblem } from '../../../judge/packs.ts';
import type { Engine } from '../../../judge/protocol.ts';
import type { Verdict } from '../../../judge/verdict.ts';
import { FileButton } from '../../parts/FileButton.tsx';
import parts from '../../parts/parts.module.css';
import { TableHead } from '../../parts/TableHead.tsx';
import { useLaboratory } from '../../useLab.ts';
import { CodeView } from '../inspector/CodeView.tsx';
import { Attempts } from './Attempts.tsx';
import styles from './packs.module.css';

type Loading =
  | { kind: 'idle' }
  | { kind: 'checking'; done: number; total: number }
  | { kind: 'failed'; why: string };

const marks: Record<ImportedProblem['check'], string> = { checked: '✓', unchecked: '?', quarantined: '✗' };

export function PackBrowser() {
  const laboratory = useLaboratory();
  const [pack, setPack] = useState<ImportedPack | null>(null);
  const [chosen, setChosen] = useState(0);
  const [address, setAddress] = useState('');
  const [loading, setLoading] = useState<Loading>({ kind: 'idle' });

  const load = async (name: string, read: () => Promise<string>) => {
    setLoading({ kind: 'checking', done: 0, total: 0 });
    try {
      const text = await read();
      const loaded = await importPack(laboratory.judge, text, name, {}, (done, total) =>
        setLoading({ kind: 'checking', done, total }),
      );
      setPack(loaded);
      setChosen(0);
      setLoading({ kind: 'idle' });
    } catch (thrown) {
      setLoading({ kind: 'failed', why: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  };
  const loadFile = (file: File | undefined) => {
    if (file) void load(file.name, () => file.text());
  };
  const loadAddress = () =>
    void load(address, async () => {
      const url = new URL(address, document.baseURI);
      if (url.origin !== location.origin) throw new Error('Only files of this site can be read by address.');
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url.pathname}: the server answered ${response.status}.`);
      return response.text();
    });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped anywhere on it; the input does the same
    <div
      className={styles.browser}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        loadFile(event.dataTransfer.files[0]);
      }}
    >
      <p className={styles.lead}>
        Problems from elsewhere, to read and to try programs on. MultiPL-E, HumanEval-X and MBXP files in
        JavaScript are understood, and filtrate-pack/1. Each problem is checked first: its own solution must
        pass, and a program that does nothing must not. What fails the check is set aside.
      </p>
      <form
        className={styles.sources}
        onSubmit={(event) => {
          event.preventDefault();
          loadAddress();
        }}
      >
        <FileButton label="Choose or drop a file" onFiles={([file]) => loadFile(file)} />
        <label>
          or its address on this site
          <input
            value={address}
            placeholder="packs/mine.json"
            onChange={(event) => setAddress(event.target.value)}
          />
        </label>
        <button type="submit" className={parts.button} disabled={address.trim() === ''}>
          Open
        </button>
      </form>
      <p role="status">{statusText(loading, pack)}</p>
      {pack ? (
        <>
          <label className={styles.problem}>
            Problem
            <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
              {pack.problems.map(({ id, title, check }, i) => (
                <option key={id} value={i}>
                  {marks[check]} {id}: {title}
                </option>
              ))}
            </select>
          </label>
          <Problem key={`${pack.name} ${chosen}`} problem={pack.problems[chosen]} />
        </>
      ) : null}
      <Attempts />
    </div>
  );
}

function statusText(loading: Loading, pack: ImportedPack | null): string {
  if (loading.kind === 'failed') return loading.why;
  if (loading.kind === 'checking') return `Checking ${loading.done} of ${loading.total} problems …`;
  if (!pack) return '';
  const { checked, unchecked, quarantined, dropped } = pack.counts;
  const weak = pack.problems.filter(({ warning }) => warning).length;
  const gaps = weak > 0 ? ` ${weak} are passed by a program that always says the same.` : '';
  return `${pack.name}: ${checked} checked, ${unchecked} without a solution, ${quarantined} set aside, ${dropped} lines dropped.${gaps}`;
}

function Problem({ problem }: { problem: ImportedProblem }) {
  const laboratory = useLaboratory();
  const [code, setCode] = useState(problem.golden ?? emptyProgram(problem));
  const [engine, setEngine] = useState<Engine>('frozen');
  const [verdict, setVerdict] = useState<Verdict | string | null>(null);
  const run = async () => {
    try {
      const [found] = await judgeProblem(laboratory.judge, problem, [code], { engine, outputs: true });
      setVerdict(found);
    } catch (thrown) {
      setVerdict(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  const tests = verdict && typeof verdict === 'object' ? verdict.tests : undefined;
  return (
    <>
      {problem.reason ? <p className={styles.reason}>Set aside. {problem.reason}</p> : null}
      {problem.warning ? <p className={styles.reason}>{problem.warning}</p> : null}
      <pre className={styles.prompt}>{problem.prompt || `function ${problem.entry}(…)`}</pre>
      <CodeView
        code={code}
        label="A program, or what continues the prompt"
        onChange={(text) => {
          setCode(text);
          setVerdict(null);
        }}
      />
      <div className={styles.sources}>
        <label>
          Engine
          <select value={engine} onChange={(event) => setEngine(event.target.value as Engine)}>
            <option value="frozen">locked-down worker</option>
            <option value="quickjs">QuickJS</option>
          </select>
        </label>
        <button type="button" className={parts.button} onClick={() => void run()}>
          Run the tests
        </button>
        <p role="status">
          {typeof verdict === 'string'
            ? verdict
            : verdict
              ? `${verdict.passed} of ${verdict.total} hold. ${verdict.detail ?? ''}`
              : ''}
        </p>
      </div>
      <table className={styles.tests}>
        <caption>Tests ({problem.assertions})</caption>
        <TableHead names={['Test', 'Result']} />
        <tbody>
          {problem.assertionTexts.map((text, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list of a problem never changes
            <tr key={i}>
              <td>
                <code>{problem.testCode === undefined ? `${problem.entry}(${text})` : text}</code>
              </td>
              <td>{tests?.[i] ? `${tests[i].passed ? '✓' : '✗'} ${tests[i].output}` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function emptyProgram({ testCode, entry }: ImportedProblem): string {
  return testCode === undefined ? `function ${entry}() {\n}\n` : '  \n}\n';
}
