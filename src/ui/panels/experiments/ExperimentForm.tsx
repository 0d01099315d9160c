/**
 * A new experiment, as a small form and as JSON: two views of one spec, checked by the same rules as
 * `npm run experiment`. A fault is shown at its field, with the name of the field.
 */
import { type DragEvent, type FormEvent, useMemo, useState } from 'react';
import {
  draftFromJson,
  draftOfPage,
  draftOfPreset,
  draftToJson,
  issueOf,
  numberFromText,
  seedsFromText,
  seedsToText,
  withField,
} from '../../../lab/experiments/draft/draft.ts';
import { readSpecFile } from '../../../lab/experiments/draft/specFile.ts';
import type { BackendChoice } from '../../../lab/settings/engines.ts';
import {
  type ExperimentInput,
  type ExperimentSpec,
  parseSpec,
  SpecError,
} from '../../../lab/settings/experimentSpec.ts';
import { presets } from '../../../lab/settings/presets.ts';
import type { SettingIssue } from '../../../lab/settings/refusal.ts';
import { Icon } from '../../parts/Icon.tsx';
import parts from '../../parts/parts.module.css';
import { useLab, useLaboratory } from '../../useLab.ts';
import { ArmChips } from './ArmChips.tsx';
import styles from './experiments.module.css';
import { SpecField } from './SpecField.tsx';
import { SpecJson } from './SpecJson.tsx';
import { StopFields } from './StopFields.tsx';

type Checked = { spec: ExperimentSpec; issues: SettingIssue[] } | { spec: null; issues: SettingIssue[] };

function check(input: unknown): Checked {
  try {
    return { spec: parseSpec(input), issues: [] };
  } catch (thrown) {
    if (!(thrown instanceof SpecError)) throw thrown;
    return { spec: null, issues: thrown.issues };
  }
}

const engines: readonly [value: BackendChoice, label: string][] = [
  ['auto', 'the fastest here'],
  ['webgpu', 'WebGPU'],
  ['simd', 'WASM SIMD'],
  ['plain', 'plain JavaScript'],
];

export function ExperimentForm(props: { draft: ExperimentInput; onDraft: (draft: ExperimentInput) => void }) {
  const { draft } = props;
  const laboratory = useLaboratory();
  const busy = useLab((state) => state.experiments.computing);
  const [name, setName] = useState('');
  /** Why the JSON in its field is none; null while it says what the draft says. */
  const [broken, setBroken] = useState<string | null>(null);
  /** What was wrong with a file that was not taken. */
  const [refused, setRefused] = useState<readonly SettingIssue[]>([]);
  const [over, setOver] = useState(false);
  const { spec, issues } = useMemo(() => check(draft), [draft]);
  const change = (next: ExperimentInput) => {
    props.onDraft(next);
    setBroken(null);
    setRefused([]);
  };
  const read = (text: string) => {
    try {
      change(draftFromJson(text));
    } catch (thrown) {
      setBroken((thrown as Error).message);
    }
  };
  const readFile = async (file: File) => {
    const read = await readSpecFile(file);
    if (read.draft) change(read.draft);
    else setRefused(read.issues);
  };
  /** Text that is dragged into a field is no file. */
  const dragsFile = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const drag = (event: DragEvent) => {
    if (!dragsFile(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    if (!dragsFile(event)) return;
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) void readFile(file);
  };
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (spec && !broken && !busy) void laboratory.experiments.start(draft, name);
  };
  const fromPage = () => change(draftOfPage(draft, laboratory.store.getState().arms));
  const all = broken ? [{ field: 'JSON', message: `This is no spec yet: ${broken}` }] : issues;
  return (
    <form
      className={styles.form}
      aria-label="New experiment"
      data-over={over}
      onSubmit={start}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h3>New experiment</h3>
      <div className={styles.fields}>
        <label>
          Settings of
          <select
            value={draft.preset ?? ''}
            onChange={(event) =>
              event.target.value === ''
                ? change(withField(draft, 'preset', undefined))
                : change(draftOfPreset(draft, event.target.value))
            }
          >
            <option value="">the usual ones</option>
            {presets.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={fromPage}>
          Take the arms on the page
        </button>
      </div>
      <ArmChips draft={draft} spec={spec} onChange={change} issue={issueOf(all, 'arms')} />
      <div className={styles.fields}>
        <SpecField
          label="Seeds"
          hint="how many (3), or which (4, 9)"
          text={seedsToText(draft.seeds)}
          issue={issueOf(all, 'seeds')}
          onText={(text) => change(withField(draft, 'seeds', seedsFromText(text)))}
        />
        <SpecField
          label="Iterations"
          hint="of each run"
          placeholder={spec ? iterationsOf(spec) : undefined}
          text={String(draft.iterations ?? '')}
          issue={issueOf(all, 'settings.iterations') ?? issueOf(all, 'iterations')}
          onText={(text) => change(withField(draft, 'iterations', numberFromText(text)))}
        />
        <SpecField
          label="At once"
          hint="runs; empty: one per core but one"
          text={String(draft.concurrency ?? '')}
          issue={issueOf(all, 'concurrency')}
          onText={(text) => change(withField(draft, 'concurrency', numberFromText(text)))}
        />
        <label>
          Engine
          <select
            value={draft.backend ?? 'auto'}
            onChange={(event) => {
              const value = event.target.value as BackendChoice;
              change(withField(draft, 'backend', value === 'auto' ? undefined : value));
            }}
          >
            {engines.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      {alsoSet(draft) === '' ? null : <p className={styles.quiet}>Also for all arms: {alsoSet(draft)}.</p>}
      {spec === null || cellNames(spec.arms).length === 0 ? null : (
        <p className={styles.quiet}>In each of these cells: {cellNames(spec.arms).join('; ')}.</p>
      )}
      <StopFields draft={draft} issues={all} onChange={change} />
      <SpecJson
        text={draftToJson(draft)}
        broken={broken !== null}
        onText={read}
        onFile={(file) => void readFile(file)}
      />
      {all.length + refused.length > 0 ? (
        <ul className={styles.issues} role="alert">
          {[...refused, ...all].map(({ field, message }) => (
            <li key={field + message}>
              <code>{field}</code> {message}
            </li>
          ))}
        </ul>
      ) : null}
      <div className={styles.go}>
        <button
          type="submit"
          className={parts.primary}
          aria-disabled={spec === null || broken !== null || busy !== null}
        >
          <Icon name="play" size={14} /> Start
        </button>
        <label>
          Name
          <input
            type="text"
            value={name}
            maxLength={80}
            placeholder="after its arms"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p role="status">
          {busy ? `${busy.name} computes: one experiment at a time.` : spec && !broken ? estimate(spec) : ''}
        </p>
      </div>
    </form>
  );
}

/** What the arms bring themselves: "40", "20 to 40". */
function iterationsOf({ arms }: ExperimentSpec): string {
  const each = arms.map(({ settings }) => settings.training.iterations);
  const [least, most] = [Math.min(...each), Math.max(...each)];
  return least === most ? String(most) : `${least} to ${most}`;
}

/** Settings that only the JSON shows. */
const alsoSet = ({ settings }: ExperimentInput): string =>
  typeof settings === 'object' && settings !== null
    ? Object.entries(settings)
        .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
        .join(', ')
    : '';

/** Of a grid, its cells. */
const cellNames = (arms: ExperimentSpec['arms']): string[] => [
  ...new Set(arms.flatMap(({ cell }) => (cell === undefined ? [] : [cell]))),
];

/** "3 arms × 3 seeds: 9 runs, 360 iterations at most." */
function estimate({ arms, seeds, stop }: ExperimentSpec): string {
  const runs = arms.length * seeds.length;
  const iterations = arms.reduce((sum, arm) => sum + arm.settings.training.iterations, 0) * seeds.length;
  const many = (count: number, one: string) =>
    `${count.toLocaleString('en-GB')} ${count === 1 ? one : `${one}s`}`;
  const limited = stop.plateau !== null || stop.updateTokens !== null || stop.seconds !== null;
  const cells = cellNames(arms);
  const inCells =
    cells.length === 0
      ? many(arms.length, 'arm')
      : `${many(cells.length, 'cell')} × ${many(arms.length / cells.length, 'arm')}`;
  return `${inCells} × ${many(seeds.length, 'seed')}: ${many(runs, 'run')}, ${many(iterations, 'iteration')} in all${limited ? ' at most' : ''}.`;
}
