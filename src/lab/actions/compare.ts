/** What is compared: arms come, go and change; presets; undo. */
import type { Laboratory } from '../laboratory.ts';
import { presets } from '../settings/presets.ts';
import { type Method, methods, methodText } from '../settings/settings.ts';
import { mostArms } from '../state/arm.ts';
import { type Action, always } from './action.ts';

/** An arm of another method with the settings of the chosen arm, so that only the filter differs. */
function addMethod(laboratory: Laboratory, method: Method): void {
  const { arms, activeArm } = laboratory.store.getState();
  const base = arms.find((arm) => arm.id === activeArm) ?? arms[0];
  laboratory.arms.add({ settings: { ...structuredClone(base.settings), method } });
}

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
  ...methods.map(
    (method): Action => ({
      id: `add-${method}`,
      group: 'Compare',
      label: `Add ${methodText[method].label}`,
      description: methodText[method].what,
      keys: [],
      part: 'arms',
      lock: 'arms',
      enabled: ({ arms }) => arms.length < mostArms,
      perform: (laboratory) => addMethod(laboratory, method),
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
