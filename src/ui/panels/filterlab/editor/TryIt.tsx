/** A file's reward in the lab: arms that train under a synthetic reward which is as reliable as the file's. */
import { useMemo, useState } from 'react';
import { type FittedReliability, fitReliability } from '../../../../core/analysis/fitReliability.ts';
import type { EditedFilter } from '../../../../lab/rollouts/edit/filterEdit.ts';
import {
  assumptions,
  cannotBeTried,
  type ErrorKind,
  simulatedArms,
} from '../../../../lab/rollouts/edit/simulation.ts';
import type { PresetArm } from '../../../../lab/settings/presets.ts';
import { synthetic } from '../../../../rlhf/score/reward/synthetic.ts';
import { Choice } from '../../../parts/Choice.tsx';
import shared from '../filterlab.module.css';

export interface TryItProps {
  edit: EditedFilter;
  reward: Float32Array;
  score: Float32Array;
  onTry: (arms: PresetArm[]) => void;
}

export function TryIt(props: TryItProps) {
  const { reward, score } = props;
  const fit = useMemo(() => fitReliability(reward, score), [reward, score]);
  return (
    <section aria-label="Try it in the lab" data-part="try-it">
      <h3>Try it in the lab</h3>
      {fit ? (
        <Fitted {...props} fit={fit} />
      ) : (
        <p className={shared.hint}>
          There is nothing to fit: it takes responses that pass, others that fail, and a reward that differs.
        </p>
      )}
    </section>
  );
}

function Fitted({ edit, fit, onTry }: TryItProps & { fit: FittedReliability }) {
  const [errors, setErrors] = useState<ErrorKind>('program');
  const problem = cannotBeTried(edit);
  return (
    <>
      <div className={shared.row}>
        <button
          type="button"
          className={shared.primary}
          disabled={problem !== null}
          onClick={() => onTry(simulatedArms(fit, edit, errors))}
        >
          Open PPO-M, this filter and Rand2
        </button>
        <span className={shared.inline}>
          errors{' '}
          <Choice
            label="Kind of error"
            value={errors}
            options={synthetic.knobs.syntheticErrors.options}
            onChange={setErrors}
          />
        </span>
      </div>
      <p className={shared.hint}>{problem ?? assumptions(fit)}</p>
    </>
  );
}
