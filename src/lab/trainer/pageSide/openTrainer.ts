/** What a trainer is opened with, and opening it: for arms, for experiments and for training jobs. */
import type { BackendChoice, BackendInfo } from '../../settings/engines.ts';
import type { ModelSlot } from '../models/modelSlots.ts';
import type { CheckpointBytes } from '../protocol.ts';
import type { TrainerHandle } from './trainerHandle.ts';

export interface TrainerParts {
  spawn(): TrainerHandle;
  judgePort(): MessagePort;
  assets: string;
  backend: BackendChoice;
  /** Models that replace the shipped ones. */
  models: ReadonlyMap<ModelSlot, CheckpointBytes>;
  /** A trainer that waits, opened with this choice of engine; null when there is none. */
  prepared?(backend: BackendChoice): Promise<OpenedTrainer | null>;
}

export interface OpenedTrainer {
  trainer: TrainerHandle;
  backend: BackendInfo;
}

/** Gives an open trainer, with the models that replace the shipped ones. @throws LabFailure */
export async function openTrainer(parts: TrainerParts): Promise<OpenedTrainer> {
  const opened = (await parts.prepared?.(parts.backend)) ?? (await startTrainer(parts));
  for (const [slot, checkpoint] of parts.models) opened.trainer.send({ type: 'use', slot, checkpoint });
  return opened;
}

/** Starts a worker and opens it, with the shipped models. @throws LabFailure */
export async function startTrainer(parts: TrainerParts): Promise<OpenedTrainer> {
  const trainer = parts.spawn();
  try {
    const backend = await trainer.open({
      backend: parts.backend,
      judge: parts.judgePort(),
      assets: parts.assets,
    });
    return { trainer, backend };
  } catch (thrown) {
    trainer.dispose();
    throw thrown;
  }
}
