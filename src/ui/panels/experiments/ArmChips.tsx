/** The arms of a draft as chips, with a choice that adds one more. */
import { armsOfDraft, withArmOf, withoutArm } from '../../../lab/experiments/draft/draft.ts';
import type { ExperimentInput, ExperimentSpec } from '../../../lab/settings/experimentSpec.ts';
import type { SettingIssue } from '../../../lab/settings/refusal.ts';
import { catalogue, openSlots } from '../../../rlhf/catalogue/catalogue.ts';
import { armLabel, methodsIn, settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { slotText } from '../../../rlhf/catalogue/settings.ts';
import { seriesCount } from '../../charts/palette.ts';
import { Swatch } from '../../charts/Swatch.tsx';
import { Icon } from '../../parts/Icon.tsx';
import styles from './experiments.module.css';

export function ArmChips(props: {
  draft: ExperimentInput;
  /** The checked spec, which names the arms; null while something is wrong. */
  spec: ExperimentSpec | null;
  onChange: (draft: ExperimentInput) => void;
  issue?: SettingIssue | undefined;
}) {
  const { draft, spec, onChange } = props;
  const arms = armsOfDraft(draft);
  const nameOf = (index: number): string => {
    const arm = arms[index];
    const said = typeof arm === 'string' ? arm : (arm?.name ?? arm?.method);
    const known =
      typeof said === 'string' && methodsIn(said) ? armLabel(settingsWith({ method: said })) : null;
    // Of a grid the arms of the first cell come first.
    const checked = spec?.arms[index];
    return checked?.inCell ?? checked?.name ?? known ?? String(said ?? 'arm');
  };
  return (
    <fieldset className={styles.chips} aria-invalid={props.issue !== undefined}>
      <legend>Arms</legend>
      {arms.map((arm, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: arms have no other identity than their place
          key={index}
          className={styles.chip}
          title={typeof arm === 'string' ? undefined : JSON.stringify(arm)}
        >
          <Swatch series={index % seriesCount} width={18} />
          {nameOf(index)}
          <button
            type="button"
            aria-label={`Leave out ${nameOf(index)}`}
            onClick={() => onChange(withoutArm(draft, index))}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <select
        aria-label="Add an arm"
        value=""
        onChange={(event) => onChange(withArmOf(draft, event.target.value))}
      >
        <option value="" disabled>
          Add an arm …
        </option>
        {openSlots.map((slot) => (
          <optgroup key={slot} label={slotText[slot].label}>
            {catalogue[slot].map(({ id, label, short }) => (
              <option key={id} value={id}>
                {label}: {short}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </fieldset>
  );
}
