/** Reads the files of a model, and refuses one that does not fit the place that it is for. */
import { loadCheckpoint } from '../../../nn/checkpoint/checkpoint.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { comparedPositions } from '../../../rlhf/score/comparison.ts';
import { maxSequence, vocabulary } from '../../../tasks/tokenizer.ts';
import { LabFailure } from '../errors.ts';
import type { CheckpointBytes } from '../protocol.ts';
import type { ModelName } from './modelSlots.ts';

/** How many positions a model must read: one that compares reads two programs. */
const positionsOf = (name: ModelName) => (name === 'genrm' ? comparedPositions : maxSequence);

/** Models that write, or weigh what is written token by token; the others grade, and have a scalar head for it. */
const headless: readonly ModelName[] = ['policy', 'small-policy', 'value', 'histogram'];

/** @throws LabFailure when the files are no model for this place; CheckpointError when they are damaged */
export function readModel(name: ModelName, checkpoint: CheckpointBytes): Transformer {
  const model = loadCheckpoint(checkpoint);
  const problem =
    model.config.vocab !== vocabulary.length
      ? `It has ${model.config.vocab} tokens where this world has ${vocabulary.length}.`
      : model.config.maxLength < positionsOf(name)
        ? `It reads ${model.config.maxLength} positions where ${positionsOf(name)} are needed.`
        : !headless.includes(name) && !model.hasScalarHead
          ? 'A reward model needs a scalar head (score.weight), which this file lacks.'
          : name === 'histogram' && model.labels < 2
            ? 'Histograms need a head with a row for each bin (score.weight), which this file lacks.'
            : null;
  if (problem === null) return model;
  model.dispose();
  throw new LabFailure({
    code: 'bad-checkpoint',
    field: name,
    message: `This checkpoint does not fit. ${problem}`,
  });
}
