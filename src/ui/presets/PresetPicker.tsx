/** Prepared comparisons, one press away. */
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { presetById, presets } from '../../lab/settings/presets.ts';
import { showPart } from '../lessons/showPart.ts';
import { LockNote } from '../parts/LockNote.tsx';
import { useLab, useLaboratory, useLocked } from '../useLab.ts';
import styles from './presets.module.css';

/** Presets whose recorded results stand beside the paper’s table. */
const inTheTable = ['six-methods', 'table-2'];

export function PresetPicker() {
  const laboratory = useLaboratory();
  const chosen = useLab((state) => state.preset);
  const locked = useLocked('presets');
  const showFinding = () => {
    laboratory.view.setPanel('finding', true);
    requestAnimationFrame(() => showPart('panel-finding'));
  };
  return (
    <section className={styles.presets} aria-label="Presets" data-part="presets">
      <RadioGroup
        className={styles.group}
        aria-label="Preset"
        value={chosen}
        disabled={locked}
        onValueChange={(id) => void laboratory.applyPreset(id as string)}
      >
        {presets.map((preset) => (
          <Radio.Root key={preset.id} value={preset.id} className={styles.preset} aria-label={preset.label}>
            {preset.label}
          </Radio.Root>
        ))}
      </RadioGroup>
      <p className={styles.what}>
        {presetById(chosen).what} {locked ? <LockNote /> : null}
        {inTheTable.includes(chosen) ? (
          <button type="button" className={styles.found} onClick={showFinding}>
            Results over eight seeds, beside the paper’s
          </button>
        ) : null}
      </p>
    </section>
  );
}
