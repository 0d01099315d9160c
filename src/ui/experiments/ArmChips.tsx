/** The arms of a draft as chips, with a choice that adds one more. */
import { armsOfDraft, withArm, withoutArm } from '../../lab/experiments/draft.ts';
import type { ExperimentInput, ExperimentSpec } from '../../lab/settings/experimentSpec.ts';
import { type Method, methods, methodText } from '../../lab/settings/settings.ts';
import type { SettingIssue } from '../../lab/settings/validate.ts';
import { seriesCount } from '../charts/palette.ts';
import { Swatch } from '../charts/Swatch.tsx';
import { Icon } from '../parts/Icon.tsx';
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
    const method = typeof said === 'string' && Object.hasOwn(methodText, said) ? (said as Method) : null;
    return spec?.arms[index]?.name ?? (method ? methodText[method].label : String(said ?? 'arm'));
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
        onChange={(event) => onChange(withArm(draft, event.target.value as Method))}
      >
        <option value="" disabled>
          Add an arm …
        </option>
        {methods.map((method) => (
          <option key={method} value={method}>
            {methodText[method].label}: {methodText[method].short}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
