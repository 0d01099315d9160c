/**
 * Settings of before, as they lie in databases, files, links and specs: one flat bag of 32 knobs for every arm, whatever
 * its methods. Frozen: it says what those settings mean and never grows.
 */
import {
  chosen,
  defaultSettings,
  knobsOf,
  methodOf,
  slotOf,
  withValue,
} from '../../rlhf/catalogue/catalogue.ts';
import type { KnobValue } from '../../rlhf/catalogue/knobs.ts';
import { type ArmSettings, type Choice, type Slot, slotNames } from '../../rlhf/catalogue/settings.ts';

/** Every flat knob and its place now. */
const flatPaths: Readonly<Record<string, string>> = {
  sampler: 'filter.sampler',
  responses: 'training.responses',
  keep: 'filter.keep',
  rankWeights: 'filter.rankWeights',
  thresholdHigh: 'filter.thresholdHigh',
  thresholdLow: 'filter.thresholdLow',
  randomShare: 'filter.randomShare',
  powerExponent: 'filter.powerExponent',
  customFilter: 'filter.customFilter',
  rewardModel: 'reward.rewardModel',
  syntheticNoise: 'reward.syntheticNoise',
  syntheticFresh: 'reward.syntheticErrors',
  iterations: 'training.iterations',
  prompts: 'training.prompts',
  pool: 'training.pool',
  beta: 'price.beta',
  actorLearningRate: 'training.learningRate',
  criticLearningRate: 'update.criticLearningRate',
  clip: 'update.clip',
  valueClip: 'update.valueClip',
  gamma: 'update.gamma',
  lambda: 'update.lambda',
  epochs: 'training.epochs',
  minibatches: 'training.minibatches',
  accounting: 'training.accounting',
  temperature: 'decode.temperature',
  topP: 'decode.topP',
  evaluateEvery: 'evaluation.evaluateEvery',
  evaluationSamples: 'evaluation.evaluationSamples',
  naiveJudge: 'evaluation.naiveJudge',
};

/** Names that are written otherwise now. */
const renamed: Readonly<Record<string, string>> = {
  rewardSource: 'reward',
  actorLearningRate: 'learningRate',
  syntheticFresh: 'syntheticErrors',
  'reward.syntheticFresh': 'reward.syntheticErrors',
};

/** Values that are written otherwise now, as values and as text; the synthetic reward could be fresh or not, once. */
const rewritten: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  syntheticErrors: { true: 'fresh', 1: 'fresh', false: 'program', 0: 'program' },
};

const presentValue = (name: string, value: unknown): unknown =>
  rewritten[name.split('.').at(-1)!]?.[String(value)] ?? value;

/** Names and values as they are written now. */
export const presentNames = (changes: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(changes).map(([name, value]) => {
      const present = Object.hasOwn(renamed, name) ? renamed[name] : name;
      return [present, presentValue(present, value)];
    }),
  );

/** A knob that every arm had once, of use to it or not: where it means nothing now, it had no effect then. */
export const hadNoEffect = (name: string): boolean =>
  Object.keys(flatPaths).some((flat) => name === flat || name === renamed[flat]);

/** Came after the first stored runs, with the value at which those ran. */
const later = { naiveJudge: false };
/** Came after the first settings by slot, with the neutral method at which those ran. */
const laterSlots: readonly Slot[] = ['reference', 'promptFilter'];

/**
 * Stored settings, of before or of now, as settings.
 * @throws RangeError naming what is missing or unknown
 */
export function upgradeSettings(stored: Readonly<Record<string, unknown>>): ArmSettings {
  return 'training' in stored ? complete(stored) : fromFlat({ ...later, ...stored });
}

function fromFlat(flat: Readonly<Record<string, unknown>>): ArmSettings {
  for (const name of ['method', 'rewardSource', ...Object.keys(flatPaths)]) {
    if (!(name in flat)) throw new RangeError(`the setting "${name}" is missing.`);
  }
  const method = String(flat.method);
  const single = method === 'ppo-s';
  const order = single ? 'ppo-s' : 'uniform';
  let settings: ArmSettings = {
    ...defaultSettings(),
    order: chosen('order', order),
    decode: chosen('decode', 'plain'),
    reward: chosen('reward', String(flat.rewardSource)),
    price: chosen('price', 'fixed'),
    filter: chosen('filter', single ? 'ppo-m' : method),
    update: chosen('update', 'ppo'),
  };
  const knobs = knobsOf(settings);
  for (const [name, path] of Object.entries(flatPaths)) {
    if (knobs.has(path)) settings = withValue(settings, path, presentValue(path, flat[name]) as KnobValue);
  }
  return settings;
}

/** Settings of now; a slot that came later holds its neutral method, and a knob that came later its initial value. */
function complete(stored: Readonly<Record<string, unknown>>): ArmSettings {
  let settings = defaultSettings();
  for (const slot of slotNames) {
    const choice = stored[slot] as Choice | undefined;
    if (choice === undefined && laterSlots.includes(slot)) continue;
    if (typeof choice?.method !== 'string') throw new RangeError(`the choice of ${slot} is missing.`);
    if (slotOf(choice.method) !== slot)
      throw new RangeError(`there is no ${slot} called "${choice.method}".`);
    settings = { ...settings, [slot]: chosen(slot, methodOf(slot, choice.method).id) };
  }
  const knobs = knobsOf(settings);
  for (const place of ['training', 'evaluation', ...slotNames]) {
    const part = stored[place];
    if (part === undefined && (laterSlots as string[]).includes(place)) continue;
    if (typeof part !== 'object' || part === null)
      throw new RangeError(`the settings of ${place} are missing.`);
    for (const [name, value] of Object.entries(presentNames(part))) {
      const path = `${place}.${name}`;
      if (knobs.has(path)) settings = withValue(settings, path, value as KnobValue);
      else if (name !== 'method') throw new RangeError(`there is no setting "${path}" beside these methods.`);
    }
  }
  return settings;
}
