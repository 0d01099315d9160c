/** What an exported filter's trainer should know of the arm that it was tuned in. */

import type { TrainingContext } from '../../../io/trainers/filterExport.ts';
import { defaultSettings, hasEffect, valueAt } from '../../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';

/** A knob that the arm's methods lack stands at its usual value. */
export function trainingContext(settings: ArmSettings, responses: number): TrainingContext {
  const usual = defaultSettings();
  const number = (path: string) => (valueAt(settings, path) ?? valueAt(usual, path)) as number;
  return {
    responses,
    temperature: number('decode.temperature'),
    // An update that does not read the price pays none.
    beta: hasEffect(settings, 'price') ? number('price.beta') : 0,
    clip: number('update.clip'),
    valueClip: number('update.valueClip'),
    gamma: number('update.gamma'),
    lambda: number('update.lambda'),
    normalise: settings.training.normalise as TrainingContext['normalise'],
  };
}
