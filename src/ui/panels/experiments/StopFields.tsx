/** What may end runs before their iterations are done, folded away. */
import { issueOf, numberFromText, withStop } from '../../../lab/experiments/draft/draft.ts';
import type { ExperimentInput } from '../../../lab/settings/experimentSpec.ts';
import type { SettingIssue } from '../../../lab/settings/refusal.ts';
import styles from './experiments.module.css';
import { SpecField } from './SpecField.tsx';

/** What the box for a plateau begins with. */
const usualPlateau = { evaluations: 3, gain: 0.01 };

export function StopFields(props: {
  draft: ExperimentInput;
  issues: readonly SettingIssue[];
  onChange: (draft: ExperimentInput) => void;
}) {
  const { draft, issues, onChange } = props;
  const stop = typeof draft.stop === 'object' && draft.stop !== null ? draft.stop : {};
  const { plateau } = stop;
  const said = [
    plateau ? 'plateau' : null,
    stop.updateTokens === undefined ? null : 'update tokens',
    stop.seconds === undefined ? null : 'time',
  ].filter((each) => each !== null);
  return (
    <details className={styles.stop}>
      <summary>Stop early{said.length > 0 ? `: ${said.join(', ')}` : ''}</summary>
      <div className={styles.fields}>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={plateau !== undefined}
            onChange={(event) =>
              onChange(withStop(draft, { plateau: event.target.checked ? usualPlateau : undefined }))
            }
          />
          A run ends on a plateau
        </label>
        {plateau ? (
          <>
            <SpecField
              label="Looks in a row"
              hint="at the held-out problems"
              text={String(plateau.evaluations ?? '')}
              issue={issueOf(issues, 'stop.plateau.evaluations')}
              onText={(text) =>
                onChange(
                  withStop(draft, { plateau: { ...plateau, evaluations: numberFromText(text) as number } }),
                )
              }
            />
            <SpecField
              label="that gain no more than"
              hint="held-out pass, as a share"
              text={String(plateau.gain ?? '')}
              issue={issueOf(issues, 'stop.plateau.gain')}
              onText={(text) =>
                onChange(withStop(draft, { plateau: { ...plateau, gain: numberFromText(text) as number } }))
              }
            />
          </>
        ) : null}
      </div>
      <div className={styles.fields}>
        <SpecField
          label="Update tokens of a run"
          hint="empty: no budget"
          text={String(stop.updateTokens ?? '')}
          issue={issueOf(issues, 'stop.updateTokens')}
          onText={(text) => onChange(withStop(draft, { updateTokens: numberFromText(text) }))}
        />
        <SpecField
          label="Seconds of the experiment"
          hint="pauses aside; empty: no limit"
          text={String(stop.seconds ?? '')}
          issue={issueOf(issues, 'stop.seconds')}
          onText={(text) => onChange(withStop(draft, { seconds: numberFromText(text) }))}
        />
      </div>
    </details>
  );
}
