/** What a trainer is opened with, and opening it: for arms, for experiments and for training jobs. */
import type { BackendChoice, BackendInfo } from '../settings/engines.ts';
import type { CheckpointBytes } from './protocol.ts';
import type { ModelSlot } from './shippedModels.ts';
import type { TrainerHandle } from './trainerHandle.ts';

export interface TrainerParts {
  spawn(): TrainerHandle;
  judgePort(): MessagePort;
  assets: string;
  backend: BackendChoice;
  /** Models that replace the shipped ones. */
  models: ReadonlyMap<ModelSlot, CheckpointBytes>;
}

/** Opens a trainer and hands it the models that replace the shipped ones. @throws LabFailure */
export async function openTrainer(
  parts: TrainerParts,
): Promise<{ trainer: TrainerHandle; backend: BackendInfo }> {
  const trainer = parts.spawn();
  try {
    const backend = await trainer.open({
      backend: parts.backend,
      judge: parts.judgePort(),
      assets: parts.assets,
    });
    for (const [slot, checkpoint] of parts.models) trainer.send({ type: 'use', slot, checkpoint });
    return { trainer, backend };
  } catch (thrown) {
    trainer.dispose();
    throw thrown;
  }
}
