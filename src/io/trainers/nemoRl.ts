/** NeMo-RL: it has no hook for a filter of responses; of prompt filters it has the one of DAPO. */
import { type FilterExport, opening, type TrainingContext } from './filterExport.ts';
import type { ExportedFilter } from './pythonFilter.ts';

export function nemoRlExport({ prompts }: ExportedFilter, context: TrainingContext): FilterExport {
  const isContrast = prompts?.kind === 'contrast';
  const head = opening({
    changes: isContrast
      ? 'prompts whose rewards have no deviation are dropped, and others are sampled until the batch is full (DAPO).'
      : 'nothing but the number of generations and the temperature.',
    cannot: [
      'filter responses: NeMo-RL has no hook between reward and advantage, and its estimators are chosen by a fixed list of names.',
      ...(prompts === null || isContrast
        ? []
        : ['use this prompt filter: its dynamic sampling knows a deviation of zero and no other rule.']),
      'filter on anything but the total reward of a response: shaping that differs among failures passes for contrast (NeMo-RL issue 2431).',
    ],
    see: 'it prints how many prompts with non-zero std it detected.',
    versions: 'read in NeMo-RL of 2026-08-22 (commit 7ea279abf). Not run. Not known: later versions.',
  });
  return {
    files: [
      {
        name: 'filtrate_nemo_rl.yaml',
        language: 'yaml',
        text: `${head}
grpo:
  num_generations_per_prompt: ${context.responses}
  use_dynamic_sampling: ${isContrast ? 'true' : 'false'}
${isContrast ? '  dynamic_sampling_max_gen_batches: 10\n  batch_multiplier: 2\n' : ''}policy:
  generation:
    temperature: ${context.temperature}
`,
      },
    ],
    warnings: [
      'NeMo-RL has no hook for a filter of responses: this is only what exists. Export the kept rows, or call select() of the Python module in grpo.py where the advantages are known.',
    ],
  };
}
