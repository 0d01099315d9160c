/** The filter lab beside a training run: the active arm's responses, up to the moment that the page shows. */
import { useCallback, useMemo, useState } from 'react';
import { customWeights } from '../../lab/customFilter.ts';
import { useActiveArm, useLab, useLaboratory } from '../useLab.ts';
import type { EditedFilter } from './edit.ts';
import { FilterLab } from './FilterLab.tsx';
import styles from './filterlab.module.css';
import { responsesOf, type Window, windows, windowText } from './responses.ts';

export function LabFilterLab() {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const cursor = useLab((state) => state.cursor);
  const [window, setWindow] = useState<Window>('ten');
  const name = arm?.name ?? '';
  const iterations = arm?.iterations;
  const responses = useMemo(
    () => (iterations ? responsesOf(name, iterations, cursor, window) : null),
    [name, iterations, cursor, window],
  );
  const settings = arm?.settings;
  const onApply = useCallback(
    (edit: EditedFilter) => {
      if (settings) laboratory.add({ settings: { ...settings, ...edit } });
    },
    [laboratory, settings],
  );
  const runCustom = useCallback(
    (source: string, batch: { reward: Float32Array; group: Int32Array }) =>
      customWeights(laboratory.judge, source, batch),
    [laboratory],
  );
  if (!arm || !responses) {
    return <p className={styles.hint}>The first iteration of an arm brings responses to try filters on.</p>;
  }
  return (
    <FilterLab
      key={arm.id}
      responses={responses}
      settings={arm.settings}
      synthetic={arm.settings.rewardSource === 'synthetic'}
      onApply={onApply}
      runCustom={runCustom}
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
