/** Any settings that an arm can have, for property tests. */
import fc from 'fast-check';
import { catalogue, defaultSettings, knobsOf, withValue } from '../../../rlhf/catalogue/catalogue.ts';
import type { Knob, KnobValue } from '../../../rlhf/catalogue/knobs.ts';
import { type ArmSettings, slotNames } from '../../../rlhf/catalogue/settings.ts';
import { validateSettings } from '../validate.ts';

/** Any value that a knob allows. */
function anyValue(knob: Knob): fc.Arbitrary<KnobValue> {
  switch (knob.kind) {
    case 'number':
      // No address can tell -0 from 0.
      return fc.double({ min: knob.min, max: knob.max, noNaN: true }).map((value) => value + 0);
    case 'integer':
      return fc.integer({ min: knob.min, max: knob.max });
    case 'choice':
      return fc.constantFrom(...knob.options.map((option) => option.value));
    case 'toggle':
      return fc.boolean();
    case 'numbers':
      return fc.array(
        fc.double({ min: knob.min, max: knob.max, noNaN: true }).map((value) => value + 0),
        {
          minLength: 1,
          maxLength: knob.maxCount,
        },
      );
    case 'code':
      return fc.string({ unit: 'grapheme', maxLength: 400 });
    default:
      knob satisfies never;
      throw new Error('Unknown kind of knob');
  }
}

/** Any choice of methods, with their knobs as they are at first. */
const anyMethods: fc.Arbitrary<ArmSettings> = fc
  .record(Object.fromEntries(slotNames.map((slot) => [slot, fc.constantFrom(...catalogue[slot])])))
  .map((methods) =>
    slotNames.reduce((settings, slot) => withValue(settings, slot, methods[slot].id), defaultSettings()),
  );

/** Any methods with any values of their knobs; combinations that cannot be are repaired. */
export const anySettings: fc.Arbitrary<ArmSettings> = anyMethods.chain((methods) => {
  const knobs = [...knobsOf(methods)];
  return fc.tuple(...knobs.map(([, knob]) => anyValue(knob))).map((values) => {
    const settings = values.reduce<ArmSettings>(
      (made, value, i) => withValue(made, knobs[i][0], value),
      methods,
    );
    return validateSettings({}, settings).settings;
  });
});
