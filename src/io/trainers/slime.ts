/** slime: a filter of samples, and of groups where the prompt filter judges a group by itself: both public arguments. */
import { type FilterExport, opening, type TrainingContext } from './filterExport.ts';
import { type ExportedFilter, needsLengths, pythonFilter, repeats } from './pythonFilter.ts';
import { judgesAlone } from './pythonPrompts.ts';

const versions =
  "read in slime's main branch of 2026-08-21 (commit 624b824a8), and run against doubles of its interfaces, not against slime itself. Not known: later versions.";

export function slimeExport(exported: ExportedFilter, context: TrainingContext): FilterExport {
  const byGroup = exported.prompts !== null && judgesAlone(exported.prompts);
  const flags = [
    '--rollout-sample-filter-path filtrate_slime.filter_samples',
    ...(byGroup ? ['--dynamic-sampling-filter-path filtrate_slime.keep_prompt'] : []),
    `--n-samples-per-prompt ${context.responses}`,
    `--rollout-temperature ${context.temperature}`,
  ];
  const orders =
    'slime compares with all samples of a prompt and then masks the dropped ones: the order of PF-PPO.';
  const head = opening({
    changes: `sets remove_sample on the samples that the filter drops, so that their loss is masked. ${orders}`,
    cannot: [
      'compare with the kept samples alone (the order of PODS): rewards are normalised over all of them.',
      'work with a rollout function of your own that does not call --rollout-sample-filter-path (slime issue 2061).',
      ...(repeats(exported) ? ['count a sample twice that was drawn twice.'] : []),
    ],
    see: 'it prints "filtrate: kept 256 of 1024 samples" with every rollout, and slime counts removed samples in its rollout metrics.',
    versions,
  });
  return {
    files: [
      {
        name: 'filtrate_slime.py',
        language: 'python',
        text: `${head}\n#\n# Flags, with this file on the PYTHONPATH:\n${flags.map((flag) => `#   ${flag}`).join('\n')}\n${pythonFilter(exported)}${glue(exported, byGroup)}`,
      },
    ],
    warnings: [
      `Both hooks are public arguments of slime. ${orders}`,
      ...(byGroup
        ? [
            'keep_prompt drops a prompt while sampling, and slime samples another in its place; filter_samples alone would only mask it.',
          ]
        : []),
      ...(repeats(exported)
        ? ['A sample that is drawn twice counts once: slime knows only kept and removed.']
        : []),
      'A masked sample has still been generated and still passes through the model.',
    ],
  };
}

const glue = (exported: ExportedFilter, byGroup: boolean): string => `

import itertools

_rollouts = itertools.count()


def filter_samples(args, samples):
    """slime's --rollout-sample-filter-path. It is given groups of samples; a list of samples is taken, too."""
    responses = []
    for number, group in enumerate(samples):
        if isinstance(group, list):
            # One execution may have been cut into several samples.
            responses += [(number, one if isinstance(one, list) else [one]) for one in group]
        else:
            responses.append((group.group_index, [group]))
    responses = [(key, parts) for key, parts in responses if not parts[-1].remove_sample]
    rollout = next(_rollouts)
    rows = select(
        [parts[-1].get_reward_value(args) for _, parts in responses],
        [key for key, _ in responses],
        tie_seed=2 * rollout,
        seed=2 * rollout + 1,${
          needsLengths(exported.filter)
            ? '\n        lengths=[sum(part.response_length for part in parts) for _, parts in responses],'
            : ''
        }
    )
    kept = set(rows)
    for row, (_, parts) in enumerate(responses):
        for part in parts:
            part.remove_sample = row not in kept
    print(f"filtrate: kept {len(kept)} of {len(responses)} samples", flush=True)
${
  byGroup
    ? `

def keep_prompt(args, samples, **_):
    """slime's --dynamic-sampling-filter-path: whether a group is worth an update."""
    from slime.rollout.filter_hub.base_types import DynamicFilterOutput

    last = [sample[-1] if isinstance(sample, list) else sample for sample in samples]
    rewards = _checked([sample.get_reward_value(args) for sample in last], last)
    keep = keep_group(sorted(rewards, reverse=True))
    return DynamicFilterOutput(keep=keep, reason=None if keep else "filtrate")
`
    : ''
}`;
