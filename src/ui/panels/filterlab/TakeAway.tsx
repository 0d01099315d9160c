/** The tuned filter for a trainer, with what is not the same there; the kept rows as a file; a link. */
import { useState } from 'react';
import type { Filter } from '../../../core/filters/filter.ts';
import { exportFilter, type Trainer, trainerLabels, trainers } from '../../../io/trainers/exportFilter.ts';
import type { ExportFile } from '../../../io/trainers/filterExport.ts';
import {
  type EditedFilter,
  labelOf,
  promptsOfEdit,
  samplerOf,
  withFilter,
} from '../../../lab/rollouts/edit/filterEdit.ts';
import { trainingContext } from '../../../lab/rollouts/edit/trainingContext.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import { download } from '../../charts/exportFigure.ts';
import files from './files/files.module.css';
import styles from './filterlab.module.css';

export interface TakeAwayWays {
  /** The kept rows as a file. `tieSeed` is the seed of the ranks. */
  keptFile: (kept: Int32Array, format: 'jsonl' | 'csv', tieSeed: number) => Promise<Blob>;
  /** An address that opens the page with this filter in an arm. */
  link?: (edit: EditedFilter) => string;
}

export interface TakeAwayProps {
  edit: EditedFilter;
  filter: Filter;
  /** The column that filters look at by default; null: the reward. */
  column: string | null;
  settings: ArmSettings;
  seeds: { tie: number; draw: number };
  ways: TakeAwayWays;
  /** The rows that the edited filter chooses; null while it has none. */
  select: (() => Promise<Int32Array>) | null;
}

export function TakeAway(props: TakeAwayProps) {
  const { edit, filter, seeds } = props;
  const [trainer, setTrainer] = useState<Trainer>('verl');
  const [state, setState] = useState('');
  const label = labelOf(edit);
  const exported = exportFilter(
    trainer,
    { filter, sampler: samplerOf(edit), prompts: promptsOfEdit(edit), label, seeds },
    trainingContext(withFilter(props.settings, edit), edit.responses),
  );
  // The module knows rewards as whatever it is given.
  const looks =
    edit.looks === 'truth'
      ? 'Here the filters look at the true score: give the module those numbers in place of the rewards.'
      : props.column && edit.looks === 'given'
        ? `Here the filters look at ${props.column}: give the module those numbers in place of the rewards.`
        : null;
  const attempt = async (what: string, work: () => Promise<void>) => {
    setState(`${what} …`);
    try {
      await work();
      setState('');
    } catch (cause) {
      setState(cause instanceof Error ? cause.message : String(cause));
    }
  };
  const rows = (format: 'jsonl' | 'csv') =>
    attempt('Writing the kept rows', async () => {
      const kept = await props.select!();
      download(
        `kept-rows.${format}`,
        'application/octet-stream',
        await props.ways.keptFile(kept, format, seeds.tie),
      );
    });
  const copyLink = () =>
    attempt('Copying', async () => {
      await navigator.clipboard.writeText(props.ways.link!(edit));
      setState('The link is on the clipboard.');
    });
  return (
    <details className={files.take} data-part="take-away">
      <summary>Take it away: {label} for your trainer, the kept rows, a link</summary>
      <div className={files.takeBody}>
        <div className={styles.row}>
          <div className={styles.presets} role="radiogroup" aria-label="Trainer">
            {trainers.map((each) => (
              <label key={each} className={styles.preset}>
                <input
                  type="radio"
                  name="filterlab-trainer"
                  checked={each === trainer}
                  onChange={() => setTrainer(each)}
                />
                <span>{trainerLabels[each]}</span>
              </label>
            ))}
          </div>
          <span className={styles.spring} />
          {(['jsonl', 'csv'] as const).map((format) => (
            <button type="button" key={format} disabled={!props.select} onClick={() => rows(format)}>
              Kept rows as {format === 'jsonl' ? 'JSONL' : 'CSV'}
            </button>
          ))}
          {props.ways.link ? (
            <button type="button" onClick={copyLink}>
              Copy link
            </button>
          ) : null}
        </div>
        <p className={styles.hint} role="status">
          {state}
        </p>
        {looks ? <p className={styles.hint}>{looks}</p> : null}
        {exported.warnings.length > 0 ? (
          <ul className={files.warnings}>
            {exported.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        ) : null}
        {exported.files.map((file) => (
          <Text key={file.name} file={file} />
        ))}
      </div>
    </details>
  );
}

function Text({ file }: { file: ExportFile }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(file.text);
    setCopied(true);
  };
  return (
    <section className={files.text} aria-label={file.name}>
      <header className={styles.row}>
        <h3>{file.name}</h3>
        <span className={styles.spring} />
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" onClick={() => download(file.name, 'text/plain', file.text)}>
          Download
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0}>{file.text}</pre>
    </section>
  );
}
