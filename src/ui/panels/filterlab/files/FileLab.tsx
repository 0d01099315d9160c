/** The filter lab on rollout files: drop, map, read, then the same lab as beside a run. */
import { useCallback, useMemo } from 'react';
import { filesInWords } from '../../../../io/files/forms.ts';
import type { JudgeClient } from '../../../../judge/client.ts';
import { importedResponses } from '../../../../lab/rollouts/shownResponses.ts';
import type { ArmSettings } from '../../../../rlhf/catalogue/settings.ts';
import { format } from '../../../charts/curves/curves.ts';
import { FilterLab, type FilterLabProps } from '../FilterLab.tsx';
import { DropZone } from './DropZone.tsx';
import styles from './files.module.css';
import { ImportReport } from './ImportReport.tsx';
import { MappingStep } from './MappingStep.tsx';
import { TruthFromPack } from './TruthFromPack.tsx';
import { type ImportState, useImport } from './useImport.ts';

export interface FileLabProps extends Pick<FilterLabProps, 'runCustom' | 'onApply' | 'onTry'> {
  settings: ArmSettings;
  /** Runs responses against a problem pack, for their true score. */
  judge: () => JudgeClient;
  link: NonNullable<FilterLabProps['takeAway']>['link'];
}

const readOf = (state: ImportState) => {
  if (state.kind === 'reading') return state.partial;
  return state.kind === 'done' ? state.read : null;
};

export function FileLab(props: FileLabProps) {
  const control = useImport();
  const { state } = control;
  const names =
    state.kind === 'reading' || state.kind === 'done'
      ? filesInWords(state.plan.files.map((file) => file.name))
      : '';
  const read = readOf(state);
  const looked =
    'plan' in state ? (state.plan.mappings.find((mapping) => mapping?.filterOn)?.filterOn ?? null) : null;
  const responses = useMemo(() => read && importedResponses(names, read, looked), [read, names, looked]);
  const { exportKept } = control;
  const keptFile = useCallback(
    (kept: Int32Array, kind: 'jsonl' | 'csv', tieSeed: number) => exportKept(kept, kind, tieSeed),
    [exportKept],
  );
  const takeAway = state.kind === 'done' ? { keptFile, link: props.link } : undefined;
  return (
    <>
      {state.kind === 'empty' ? <DropZone onFiles={control.open} failures={state.failures} /> : null}
      {state.kind === 'looking' ? (
        <p role="status">Looking at {filesInWords(state.files.map((file) => file.name))} …</p>
      ) : null}
      {state.kind === 'mapping' ? (
        <MappingStep
          files={state.files}
          forms={state.forms}
          left={state.left}
          failures={state.failures}
          onRead={control.read}
          onClose={control.close}
        />
      ) : null}
      {state.kind === 'reading' ? <Reading state={state} onCancel={control.cancel} /> : null}
      {state.kind === 'done' ? (
        <ImportReport
          result={state.result}
          leftOut={state.plan.leftOut}
          sizes={state.sizes}
          onSettle={control.settle}
          onBack={control.back}
          onClose={control.close}
        />
      ) : null}
      {state.kind === 'done' && state.result.columns.reward.length > 0 ? (
        <TruthFromPack result={state.result} control={control} judge={props.judge} />
      ) : null}
      {responses && responses.rollouts.reward.length > 0 ? (
        <FilterLab
          responses={responses}
          reading={state.kind === 'reading'}
          hasFixedN
          settings={props.settings}
          onApply={props.onApply}
          {...(props.onTry ? { onTry: props.onTry } : {})}
          runCustom={props.runCustom}
          {...(state.kind === 'done' ? { readTexts: control.texts } : {})}
          takeAway={takeAway}
        />
      ) : null}
    </>
  );
}

function Reading(props: { state: ImportState & { kind: 'reading' }; onCancel: () => void }) {
  const { progress } = props.state;
  const megabytes = (bytes: number) => format(bytes / 2 ** 20, 1);
  return (
    <section className={styles.reading} aria-label="Reading">
      <progress
        max={1}
        value={progress ? progress.bytes / Math.max(1, progress.totalBytes) : undefined}
        aria-label="Bytes read"
      />
      <div className={styles.actions}>
        <span>
          {progress
            ? `${megabytes(progress.bytes)} of ${megabytes(progress.totalBytes)} MB, ${progress.rows.toLocaleString('en-GB')} rows, ${progress.dropped.toLocaleString('en-GB')} dropped`
            : 'Starting …'}
        </span>
        <button type="button" onClick={props.onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}
