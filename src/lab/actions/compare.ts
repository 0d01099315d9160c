/** What is compared: arms come, go and change; presets; undo. */
import { allMethods, openSlots } from '../../rlhf/catalogue/catalogue.ts';
import { slotText } from '../../rlhf/catalogue/settings.ts';
import { presets } from '../settings/presets.ts';
import { mostArms } from '../state/arm.ts';
import { type Action, always } from './action.ts';

export const compareActions: readonly Action[] = [
  {
    id: 'undo',
    group: 'Compare',
    label: ({ undo }) => (undo === null ? 'Undo' : `Undo ${undo}`),
    description: 'Takes back the last change of what is compared, with its curves.',
    keys: ['mod+z'],
    enabled: ({ undo }) => undo !== null,
    perform: (laboratory) => laboratory.undo(),
  },
  {
    id: 'duplicate',
    group: 'Compare',
    label: 'Duplicate the chosen arm',
    description: 'Adds an arm with the same settings, to change one thing in.',
    keys: ['d'],
    part: 'arms',
    lock: 'arms',
    enabled: ({ activeArm, arms }) => activeArm !== null && arms.length < mostArms,
    perform: (laboratory) => {
      const { activeArm } = laboratory.store.getState();
      if (activeArm) laboratory.arms.duplicate(activeArm);
    },
  },
  {
    id: 'remove',
    group: 'Compare',
    label: 'Remove the chosen arm',
    description: 'Takes the arm off the page. Can be undone.',
    keys: [],
    part: 'arms',
    lock: 'arms',
    enabled: ({ activeArm, arms }) => activeArm !== null && arms.length > 1,
    perform: (laboratory) => {
      const { activeArm } = laboratory.store.getState();
      if (activeArm) laboratory.arms.remove(activeArm);
    },
  },
  ...allMethods
    .filter(({ slot }) => openSlots.includes(slot))
    .map(
      ({ slot, method }): Action => ({
        id: `add-${method.id}`,
        group: 'Compare',
        label: `Add ${method.label}`,
        description: `${slotText[slot].label}: ${method.what}`,
        keys: [],
        part: 'arms',
        lock: 'arms',
        enabled: ({ arms }) => arms.length < mostArms,
        perform: (laboratory) => laboratory.arms.addMethod(method.id),
      }),
    ),
  ...presets.map(
    (preset): Action => ({
      id: `preset-${preset.id}`,
      group: 'Compare',
      label: `Preset: ${preset.label}`,
      description: preset.what,
      keys: [],
      part: 'presets',
      lock: 'presets',
      enabled: always,
      perform: (laboratory) => void laboratory.applyPreset(preset.id),
    }),
  ),
];
