/** The filter lab of the page: on the active arm's responses up to the moment shown, or on a person's own files. */
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { encodeLink } from '../../../lab/links/link.ts';
import { type EditedFilter, withFilter } from '../../../lab/rollouts/edit/filterEdit.ts';
import { keptRows, textsOf } from '../../../lab/rollouts/files/keptRows.ts';
import {
  iterationsIn,
  responsesOfRun,
  type Window,
  windows,
  windowText,
} from '../../../lab/rollouts/shownResponses.ts';
import type { PresetArm } from '../../../lab/settings/presets.ts';
import { type Arm, newArm } from '../../../lab/state/arm.ts';
import { customWeights } from '../../../lab/trainer/arm/customFilter.ts';
import { shippedWorldSeed } from '../../../lab/trainer/worldTasks.ts';
import { chosen, defaultSettings } from '../../../rlhf/catalogue/catalogue.ts';
import { useActiveArm, useLab, useLaboratory, useLocked } from '../../useLab.ts';
import { useProblems } from '../inspector/useProblems.ts';
import { FilterLab, type FilterLabProps } from './FilterLab.tsx';
import { FileLab } from './files/FileLab.tsx';
import styles from './filterlab.module.css';

const sources = { run: 'Responses of the run', files: 'Your own rollouts' } as const;
type Source = keyof typeof sources;

export function LabFilterLab() {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const [source, setSource] = useState<Source>('run');
  const settings = arm?.settings;
  // Filters may be tried whatever a teacher's link locks; they become no arm.
  const locked = [useLocked('arms'), useLocked('settings'), useLocked('filters')].some(Boolean);
  const shared = useMemo(() => {
    const base = settings ?? defaultSettings();
    return {
      settings: base,
      ...(locked
        ? {}
        : {
            onTry(arms: PresetArm[]) {
              const { preset, seed } = laboratory.store.getState();
              void laboratory.open({ preset, seed, arms }, 'a simulation of the file’s reward');
            },
            onApply: (edit: EditedFilter) => void laboratory.arms.add({ settings: withFilter(base, edit) }),
          }),
      runCustom: ((text, batch) =>
        customWeights(laboratory.judge, text, batch)) satisfies FilterLabProps['runCustom'],
      judge: () => laboratory.judge,
      link(edit: EditedFilter) {
        const state = laboratory.store.getState();
        const added = newArm({
          id: 'linked',
          name: 'edited',
          color: 7,
          settings: withFilter(base, edit),
          seed: state.seed,
        });
        const hash = encodeLink({ ...state, arms: [...state.arms.slice(0, 7), added], activeArm: added.id });
        return `${location.href.split('#')[0]}#${hash}`;
      },
    };
  }, [laboratory, settings, locked]);
  // The paper's own filter is where a look at foreign responses starts; a run starts from what it used.
  const fileSettings = useMemo(
    () => ({
      ...shared.settings,
      filter: chosen('filter', 'bw'),
      promptFilter: chosen('promptFilter', 'every-prompt'),
      training: { ...shared.settings.training, filterOn: 'reward' as const },
    }),
    [shared],
  );
  return (
    <div className={styles.lab} data-part="filter-lab">
      <div
        className={styles.presets}
        role="radiogroup"
        aria-label="Which responses"
        data-part="filter-source"
      >
        {(Object.keys(sources) as Source[]).map((each) => (
          <label key={each} className={styles.preset}>
            <input
              type="radio"
              name="filterlab-source"
              checked={source === each}
              onChange={() => setSource(each)}
            />
            <span>{sources[each]}</span>
          </label>
        ))}
      </div>
      {/* Hidden, not removed: what was read and edited must survive a look at the other side. */}
      <div hidden={source !== 'files'} className={styles.lab}>
        <FileLab {...shared} settings={fileSettings} />
      </div>
      {source === 'run' ? <RunLab arm={arm} shared={shared} /> : null}
    </div>
  );
}

interface Shared extends Pick<FilterLabProps, 'settings' | 'onApply' | 'runCustom'> {
  link: (edit: EditedFilter) => string;
}

function RunLab({ arm, shared }: { arm: Arm | null; shared: Shared }) {
  // The scrubber does not wait for the figures of this lab.
  const cursor = useDeferredValue(useLab((state) => state.cursor));
  const problems = useProblems(shippedWorldSeed);
  const [window, setWindow] = useState<Window>('ten');
  const name = arm?.name ?? '';
  const seed = arm?.seed ?? 1;
  const iterations = arm?.iterations;
  const responses = useMemo(
    () => (iterations ? responsesOfRun(name, iterations, cursor, window) : null),
    [name, iterations, cursor, window],
  );
  const keptFile = useCallback(
    async (kept: Int32Array, format: 'jsonl' | 'csv') => {
      if (!problems) throw new Error('The problems are still being built; try again in a moment.');
      const chosen = iterationsIn(iterations ?? [], cursor, window);
      return new Blob([keptRows({ arm: name, seed }, chosen, problems, kept, format)]);
    },
    [problems, iterations, cursor, window, name, seed],
  );
  const readTexts = useCallback(
    async (from: number, to: number) =>
      textsOf({ arm: name, seed }, iterationsIn(iterations ?? [], cursor, window), problems ?? [], from, to),
    [problems, iterations, cursor, window, name, seed],
  );
  if (!arm || !responses) {
    return <p className={styles.hint}>The first iteration of an arm brings responses to try filters on.</p>;
  }
  return (
    <FilterLab
      key={arm.id}
      responses={responses}
      settings={shared.settings}
      synthetic={arm.settings.reward.method === 'synthetic'}
      {...(shared.onApply ? { onApply: shared.onApply } : {})}
      runCustom={shared.runCustom}
      readTexts={readTexts}
      takeAway={{ keptFile, link: shared.link }}
      bar={
        <label className={styles.inline}>
          responses of
          <select value={window} onChange={(event) => setWindow(event.target.value as Window)}>
            {(Object.keys(windows) as Window[]).map((each) => (
              <option key={each} value={each}>
                {windowText[each]}
              </option>
            ))}
          </select>
        </label>
      }
    />
  );
}
