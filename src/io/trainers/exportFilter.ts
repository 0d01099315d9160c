/** A tuned filter, taken to a trainer: the files to copy, and what is not the same there as here. */
import type { FilterExport, TrainingContext } from './filterExport.ts';
import { openrlhfExport } from './openrlhf.ts';
import { type ExportedFilter, hasPython } from './pythonFilter.ts';
import { trlExport } from './trl.ts';
import { verlExport } from './verl.ts';

export const trainers = ['verl', 'trl', 'openrlhf'] as const;
export type Trainer = (typeof trainers)[number];

export const trainerLabels: Record<Trainer, string> = { verl: 'verl', trl: 'TRL', openrlhf: 'OpenRLHF' };

export function exportFilter(
  trainer: Trainer,
  exported: ExportedFilter,
  context: TrainingContext,
): FilterExport {
  if (exported.filter.kind === 'custom') {
    return {
      files: [],
      warnings: [
        'This filter is a JavaScript function and has no counterpart in a trainer. Export the kept rows, or rebuild it from rank weights or thresholds.',
      ],
    };
  }
  if (!hasPython(exported.filter)) {
    return {
      files: [],
      warnings: ['This filter is not written in Python yet. Export the kept rows.'],
    };
  }
  switch (trainer) {
    case 'verl':
      return verlExport(exported, context);
    case 'trl':
      return trlExport(exported, context);
    case 'openrlhf':
      return openrlhfExport(exported, context);
    default:
      trainer satisfies never;
      throw new TypeError(`There is no export for ${trainer}.`);
  }
}
