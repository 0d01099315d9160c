/** A tuned filter, taken to a trainer: the files to copy, and what is not the same there as here. */
import { type FilterExport, opening, type TrainingContext } from './filterExport.ts';
import { nemoRlExport } from './nemoRl.ts';
import { openrlhfExport } from './openrlhf.ts';
import { type ExportedFilter, hasPython, pythonFilter } from './pythonFilter.ts';
import { slimeExport } from './slime.ts';
import { trlExport } from './trl.ts';
import { verlExport } from './verl.ts';

export const trainers = ['verl', 'trl', 'slime', 'openrlhf', 'nemo-rl', 'python'] as const;
export type Trainer = (typeof trainers)[number];

export const trainerLabels: Record<Trainer, string> = {
  verl: 'verl',
  trl: 'TRL',
  slime: 'slime',
  openrlhf: 'OpenRLHF',
  'nemo-rl': 'NeMo-RL',
  python: 'Python alone',
};

const exports: Record<Trainer, (exported: ExportedFilter, context: TrainingContext) => FilterExport> = {
  verl: verlExport,
  trl: trlExport,
  slime: slimeExport,
  openrlhf: openrlhfExport,
  'nemo-rl': nemoRlExport,
  python: pythonExport,
};

export function exportFilter(
  trainer: Trainer,
  exported: ExportedFilter,
  context: TrainingContext,
): FilterExport {
  if (!hasPython(exported.filter)) {
    return {
      files: [],
      warnings: [
        'This filter is a JavaScript function and has no counterpart in a trainer. Export the kept rows, or rebuild it from rank weights or thresholds.',
      ],
    };
  }
  return exports[trainer](exported, context);
}

/** For a trainer of one's own: the rows to train on, and nothing else. */
function pythonExport(exported: ExportedFilter): FilterExport {
  const head = opening({
    changes:
      'nothing: select(rewards, groups) gives the rows to train on, those that the filter lab selects.',
    cannot: [
      'know your trainer: call it where rewards are known, and drop the other rows before the update.',
    ],
    see: 'select() on the rewards of the file that you tuned with gives the rows that the lab exports.',
    versions: 'Python 3.9 or newer, the standard library alone.',
  });
  const text = `${head}\n${pythonFilter(exported)}`;
  return { files: [{ name: 'filtrate_filter.py', language: 'python', text }], warnings: [] };
}
