/** What the edited filter would do, in four numbers, and the button that puts it to work. */
import { percent } from '../../../../core/numberText.ts';
import { clampForArm, type EditedFilter } from '../../../../lab/rollouts/edit/filterEdit.ts';
import type { Effect } from '../../../../lab/rollouts/edit/filterEffect.ts';
import shared from '../filterlab.module.css';
import styles from './editor.module.css';

export function EffectView(props: {
  effect: Effect;
  unrun: boolean;
  /** The numbers are of a sample of the responses. */
  sampled: boolean;
}) {
  const { effect, unrun } = props;
  const whole = (value: number) => Math.round(value).toLocaleString('en-GB');
  return (
    <dl className={styles.effect} aria-label="What the edited filter does">
      <div>
        <dt>kept</dt>
        <dd data-testid="kept">
          {unrun ? '–' : whole(effect.kept)}{' '}
          <small>
            of {whole(effect.rows)}
            {props.sampled ? ' in the sample' : ''}
          </small>
        </dd>
      </div>
      <div>
        <dt>dropped</dt>
        <dd>{unrun ? '–' : whole(effect.dropped)}</dd>
      </div>
      <div>
        <dt>correct among kept</dt>
        <dd data-testid="correct">
          {unrun ? '–' : percent(effect.passKept, 1)} <small>all: {percent(effect.passAll, 1)}</small>
        </dd>
      </div>
      <div>
        <dt>update tokens saved</dt>
        <dd>{unrun ? '–' : percent(effect.saved, 1)}</dd>
      </div>
    </dl>
  );
}

export function Apply(props: { edit: EditedFilter; onApply: (edit: EditedFilter) => void }) {
  const { edit, clamped } = clampForArm(props.edit);
  return (
    <div className={shared.row}>
      <button type="button" className={shared.primary} onClick={() => props.onApply(edit)}>
        Start an arm with this filter
      </button>
      <span className={shared.hint}>
        {clamped.length > 0
          ? `An arm takes it as ${clamped.join('; ')}.`
          : 'From the current checkpoints, beside the others, on the same seed.'}
      </span>
    </div>
  );
}
