/** What is stored of an arm when it starts. */
import { modelsOf } from '../../rlhf/catalogue/catalogue.ts';
import type { Arm } from '../state/arm.ts';
import type { RunModels, StoredRun } from '../storage/runStore.ts';
import { shippedWorldSeed } from '../trainer/worldTasks.ts';
import type { KeepRun } from './pastRun.ts';

/** Distinct enough without a secure context, which `crypto.randomUUID` would need. */
export const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

/** @param arm what computes it */
export function newRun(
  arm: Pick<Arm, 'name' | 'color' | 'settings' | 'seed' | 'backend'>,
  session: string,
): StoredRun {
  const now = Date.now();
  return {
    id: newId(),
    name: arm.name,
    note: '',
    session,
    experiment: null,
    color: arm.color,
    settings: arm.settings,
    seed: arm.seed,
    worldSeed: shippedWorldSeed,
    backend: arm.backend,
    iteration: 0,
    firstPass: null,
    lastPass: null,
    finished: false,
    archived: false,
    created: now,
    updated: now,
    bytes: 0,
    fixedBytes: 0,
  };
}

/** The given models that the arm uses. */
export function ownModels({ settings }: Pick<Arm, 'settings'>, models: Parameters<KeepRun>[1]): RunModels {
  const used = ['policy', ...modelsOf(settings)];
  return Object.fromEntries([...models].filter(([slot]) => used.includes(slot)));
}
