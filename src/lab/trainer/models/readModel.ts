/** Reads the files of a model, and refuses one that does not fit the place that it is for. */
import { loadCheckpoint } from '../../../nn/checkpoint/checkpoint.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { comparedPositions } from '../../../rlhf/score/comparison.ts';
import { maxSequence, vocabulary } from '../../../tasks/tokenizer.ts';
import { LabFailure } from '../errors.ts';
import type { CheckpointBytes } from '../protocol.ts';
import type { ModelSlot } from './modelSlots.ts';

/** How many positions the model of a slot must read: one that compares reads two programs. */
const positionsOf = (slot: ModelSlot) => (slot === 'genrm' ? comparedPositions : maxSequence);

/** @throws LabFailure when the files are no model for this slot; CheckpointError when they are damaged */
export function readModel(slot: ModelSlot, checkpoint: CheckpointBytes): Transformer {
  const model = loadCheckpoint(checkpoint);
  const problem =
    model.config.vocab !== vocabulary.length
      ? `It has ${model.config.vocab} tokens where this world has ${vocabulary.length}.`
      : model.config.maxLength < positionsOf(slot)
        ? `It reads ${model.config.maxLength} positions where ${positionsOf(slot)} are needed.`
        : slot !== 'policy' && slot !== 'value' && !model.hasScalarHead
          ? 'A reward model needs a scalar head (score.weight), which this file lacks.'
          : null;
  if (problem === null) return model;
  model.dispose();
  throw new LabFailure({
    code: 'bad-checkpoint',
    field: slot,
    message: `This checkpoint does not fit. ${problem}`,
  });
}
