/** Every method by its slot, and the settings that choose among them. The page reads this, and so does the trainer. */
import { filters } from '../filter/index.ts';
import { promptFilters } from '../promptFilter/index.ts';
import { decodes } from '../sample/decode/index.ts';
import { orders } from '../sample/order/index.ts';
import { prices } from '../score/price/index.ts';
import { references } from '../score/reference/index.ts';
import { rewards } from '../score/reward/index.ts';
import type { Methods } from '../slots.ts';
import { updates } from '../update/index.ts';
import { initialValues, type Knob, type KnobValue } from './knobs.ts';
import type { About } from './method.ts';
import {
  type ArmSettings,
  type Choice,
  evaluationKnobs,
  type Slot,
  slotNames,
  trainingKnobs,
} from './settings.ts';

/** The methods of each slot in the order of the menu; the first is the neutral one. */
export const catalogue: { readonly [S in Slot]: readonly Methods[S][] } = {
  order: orders,
  decode: decodes,
  reward: rewards,
  reference: references,
  price: prices,
  promptFilter: promptFilters,
  filter: filters,
  update: updates,
};

/** What an arm that nobody has touched chooses where it is not the first of the slot. */
const initialChoice: Partial<Record<Slot, string>> = { filter: 'bw' };

const slotById = new Map<string, Slot>();
for (const slot of slotNames) for (const { id } of catalogue[slot]) slotById.set(id, slot);

/** Every method, by station. */
export const allMethods: readonly { slot: Slot; method: About }[] = slotNames.flatMap((slot) =>
  (catalogue[slot] as readonly About[]).map((method) => ({ slot, method })),
);
/** Slots in which there is something to choose. */
export const openSlots: readonly Slot[] = slotNames.filter((slot) => catalogue[slot].length > 1);

/** The slot of a method; undefined when there is no such method. */
export const slotOf = (id: string): Slot | undefined => slotById.get(id);

/** @throws RangeError when the slot has no such method */
export function methodOf<S extends Slot>(slot: S, id: string): Methods[S] {
  const found = catalogue[slot].find((method) => method.id === id);
  if (!found) throw new RangeError(`There is no ${slot} called "${id}".`);
  return found as Methods[S];
}

/** The methods that the settings choose. */
export const methodsOf = (settings: ArmSettings): Methods =>
  Object.fromEntries(
    slotNames.map((slot) => [slot, methodOf(slot, settings[slot].method)]),
  ) as unknown as Methods;

/** Names of the trained models that an arm reads beside the policy. */
export function modelsOf(settings: ArmSettings): readonly string[] {
  const { order, reward, decode } = methodsOf(settings);
  return [
    ...new Set([
      ...(order.models?.(settings.order) ?? []),
      ...reward.models(settings.reward),
      ...(decode.models?.(settings.decode) ?? []),
    ]),
  ];
}

/** A method with its knobs as they are at first, or as `before` has them where the two share a knob. */
export function chosen(slot: Slot, id: string, before?: Choice): Choice {
  const { knobs } = methodOf(slot, id) as About;
  const old = before && (methodOf(slot, before.method) as About).knobs;
  const values: Record<string, KnobValue> = { ...initialValues(knobs) };
  for (const name of Object.keys(knobs)) {
    if (before && old?.[name]?.kind === knobs[name].kind) values[name] = before[name];
  }
  return { method: id, ...values };
}

/** The settings of an arm that nobody has touched. */
export function defaultSettings(): ArmSettings {
  const choices = slotNames.map((slot) => [slot, chosen(slot, initialChoice[slot] ?? catalogue[slot][0].id)]);
  return {
    training: initialValues(trainingKnobs),
    evaluation: initialValues(evaluationKnobs),
    ...(Object.fromEntries(choices) as Record<Slot, Choice>),
  };
}

/** How settings, links, specs and notices name a value: "price.beta", "training.prompts"; a slot alone is its method. */
export type Path = string;
const sections = { training: trainingKnobs, evaluation: evaluationKnobs } as const;
export type Section = keyof typeof sections;

/** The knobs that these settings have, by path, in the order of the form. */
export function knobsOf(settings: ArmSettings): Map<Path, Knob> {
  const found = new Map<Path, Knob>();
  const add = (place: string, knobs: Readonly<Record<string, Knob>>) => {
    for (const [name, knob] of Object.entries(knobs)) found.set(`${place}.${name}`, knob);
  };
  for (const slot of slotNames) add(slot, (methodOf(slot, settings[slot].method) as About).knobs);
  for (const [section, knobs] of Object.entries(sections)) add(section, knobs);
  return found;
}

/**
 * Whether a slot has an effect beside the methods of the others: only some updates read the price of moving, and the
 * reference is read by those, by updates that compare with it, and by decoding that lets it write.
 */
export function hasEffect(settings: ArmSettings, slot: Slot): boolean {
  const { priced, compares } = methodOf('update', settings.update.method);
  if (slot === 'price') return priced;
  return slot !== 'reference' || priced || compares || methodOf('decode', settings.decode.method).byReference;
}

/**
 * Whether arms of one seed work on the same prompts: with the same order and as many of them, chosen alike whatever is
 * learned.
 */
export function samePrompts(arms: readonly ArmSettings[]): boolean {
  const asked = ({ order, training }: ArmSettings) =>
    JSON.stringify([order, training.pool, methodOf('order', order.method).asks(training).prompts]);
  return (
    new Set(arms.map(asked)).size <= 1 &&
    (arms.length < 2 || arms.every(({ order }) => methodOf('order', order.method).sees === 'alike'))
  );
}

/** The value at a path; a slot's is the id of its method. Undefined where these settings have no such knob. */
export function valueAt(settings: ArmSettings, path: Path): KnobValue | undefined {
  const [place, name = 'method'] = path.split('.');
  const part = settings[place as keyof ArmSettings] as Record<string, KnobValue> | undefined;
  return part && Object.hasOwn(part, name) ? part[name] : undefined;
}

/** The settings with one value changed; changing a method takes along the knobs that both methods have. */
export function withValue(settings: ArmSettings, path: Path, value: KnobValue): ArmSettings {
  const [place, name] = path.split('.');
  if (name === undefined) {
    const slot = place as Slot;
    return { ...settings, [slot]: chosen(slot, value as string, settings[slot]) };
  }
  return { ...settings, [place]: { ...settings[place as Slot], [name]: value } };
}
