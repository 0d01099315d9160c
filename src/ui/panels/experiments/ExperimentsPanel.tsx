/** Experiments: what is stored, a form for a new one, and the one that is looked at. */
import { useRef, useState } from 'react';
import { firstDraft } from '../../../lab/experiments/draft/draft.ts';
import type { ExperimentInput } from '../../../lab/settings/experimentSpec.ts';
import type { OpenedStudy } from '../../../lab/studies/openStudy.ts';
import { Icon } from '../../parts/Icon.tsx';
import { Panel } from '../../parts/Panel.tsx';
import { useLab, useLaboratory } from '../../useLab.ts';
import { StudySource } from '../map/StudySource.tsx';
import { StudyView } from '../map/StudyView.tsx';
import { CompareRuns } from './CompareRuns.tsx';
import { ExperimentForm } from './ExperimentForm.tsx';
import { ExperimentList } from './ExperimentList.tsx';
import { ExperimentView } from './ExperimentView.tsx';
import styles from './experiments.module.css';

/** A draft that survives closing the panel, for as long as the page lives. */
let lastDraft: ExperimentInput = firstDraft;

export function ExperimentsPanel() {
  const laboratory = useLaboratory();
  const shown = useLab((state) => state.experiments.shown);
  const computing = useLab((state) => state.experiments.computing);
  const several = useLab((state) => state.runs.list.length > 1);
  const [pair, setPair] = useState<readonly string[]>([]);
  const [opened, setOpened] = useState<OpenedStudy | null>(null);
  const [draft, setDraft] = useState(lastDraft);
  /** How many drafts came from elsewhere: the form begins anew with each. */
  const [brought, setBrought] = useState(0);
  const form = useRef<HTMLDivElement>(null);
  const keep = (next: ExperimentInput) => {
    lastDraft = next;
    setDraft(next);
  };
  const bring = (spec: ExperimentInput) => {
    keep(spec);
    setBrought(brought + 1);
    form.current?.scrollIntoView({ block: 'start' });
    form.current?.focus({ preventScroll: true });
  };
  const elsewhere = shown === null || computing?.id === shown.id ? null : computing;
  return (
    <Panel
      title={shown ? <>Experiment: {shown.name}</> : opened ? 'When does filtering pay?' : 'Experiments'}
      closes="experiments"
      tools={
        shown || opened ? (
          <button
            type="button"
            onClick={() => {
              setOpened(null);
              void laboratory.experiments.show(null);
            }}
          >
            All experiments, or a new one
          </button>
        ) : null
      }
    >
      {elsewhere ? (
        <p className={styles.elsewhere}>
          {elsewhere.name} computes meanwhile: {elsewhere.done} of {elsewhere.total} iterations.{' '}
          <button type="button" onClick={() => void laboratory.experiments.show(elsewhere.id)}>
            <Icon name="eye" size={14} /> Show it
          </button>
        </p>
      ) : null}
      {shown ? (
        <ExperimentView key={shown.id} view={shown} />
      ) : opened ? (
        <StudyView study={opened.study} warnings={opened.warnings} />
      ) : (
        <>
          <p className={styles.lead}>
            One run shows what happened once. An experiment runs each arm with several seeds, so that what
            holds can be told from what chance did. Every run is saved as it happens and goes on after a
            reload.
          </p>
          <div className={styles.start} ref={form} tabIndex={-1}>
            <ExperimentForm key={brought} draft={draft} onDraft={keep} />
            <ExperimentList />
          </div>
          <StudySource onStudy={setOpened} onSpec={bring} />
          {several ? <CompareRuns view={null} pair={pair} onPair={setPair} /> : null}
        </>
      )}
    </Panel>
  );
}
