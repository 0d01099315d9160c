/** OpenRLHF: a patch of its experience maker that drops rows after the advantages are known. */
import { type FilterExport, opening, type TrainingContext } from './filterExport.ts';
import { type ExportedFilter, needsLengths, pythonFilter } from './pythonFilter.ts';

const version = 'OpenRLHF 0.11.0 (commit 3c3be623 of 2026-08-13)';
const versions = `read in ${version}, and run against doubles of its interfaces, not against OpenRLHF itself. Not known: later versions; it patches RemoteExperienceMaker.make_experience_batch, which any release may change: pin the version.`;

export function openrlhfExport(exported: ExportedFilter, context: TrainingContext): FilterExport {
  const { prompts } = exported;
  const flags = [
    `--rollout.n_samples_per_prompt ${context.responses}`,
    `--rollout.temperature ${context.temperature}`,
    '--algo.advantage.estimator gae',
    `--algo.advantage.gamma ${context.gamma}`,
    `--algo.advantage.lambd ${context.lambda}`,
    `--algo.kl.init_coef ${context.beta}`,
    `--actor.eps_clip ${context.clip}`,
    `--critic.value_clip ${context.valueClip}`,
    // Its dynamic filtering keeps a prompt whose mean score lies strictly between two ends.
    ...(prompts?.kind === 'pass-rate' && prompts.ends === 'open'
      ? ['--algo.dynamic_filtering_enable', `--algo.dynamic_filtering_range ${prompts.low} ${prompts.high}`]
      : []),
  ];
  const head = opening({
    changes:
      'a patch of the experience maker drops the rows that the filter does not select, after the advantages of all are known (the order of PF-PPO). OpenRLHF has no hook for this.',
    cannot: [
      'outlive a release that changes make_experience_batch.',
      'compare with the kept rows alone (the order of PODS).',
      'reach an experience maker in a process that has not called patch().',
    ],
    see: 'it prints "filtrate: kept 256 of 1024 responses" with every batch.',
    versions,
  });
  return {
    files: [
      {
        name: 'filtrate_openrlhf.py',
        language: 'python',
        text: `${head}
${pythonFilter(exported)}${glue(needsLengths(exported.filter))}`,
      },
      {
        name: 'filtrate_openrlhf.sh',
        language: 'shell',
        text: `#!/bin/sh
# Changes: starts OpenRLHF with the number of responses and the costs of this arm; filtrate_openrlhf.py has the filter.
# Add the models, the data and the reward of your own run.
# At the end of openrlhf/trainer/ppo_trainer.py, with filtrate_openrlhf.py on the PYTHONPATH:
#   import filtrate_openrlhf; filtrate_openrlhf.patch()
exec python3 -m openrlhf.cli.train_ppo_ray \\
${flags.map((flag) => `    ${flag}`).join(' \\\n')} \\
    "$@"
`,
      },
    ],
    warnings: [
      `OpenRLHF has no hook for a filter of responses: this patches ${version}. Its own dynamic filtering drops whole prompts by their mean score, which is the pass rate where scores are 0 and 1.`,
      'patch() must run in the process that makes experiences: call it at the end of openrlhf/trainer/ppo_trainer.py.',
      'Rows are dealt out again over as many batches as before; with very few kept rows there are fewer batches than processes. Lower --train.batch_size to what remains.',
    ],
  };
}

const glue = (needsLengths: boolean): string => `

def patch():
    """Lets OpenRLHF learn only from the selected rows. Advantages are computed on all of them first."""
    from openrlhf.trainer.ppo_utils import experience_maker
    from openrlhf.trainer.ppo_utils.experience import make_experience_batch, split_experience_batch

    maker = experience_maker.RemoteExperienceMaker
    original = maker.make_experience_batch

    def filtered(self, rollout_samples):
        experiences = original(self, rollout_samples)
        step = self._filtrate_step = getattr(self, "_filtrate_step", -1) + 1
        return filter_experiences(
            experiences, split_experience_batch, make_experience_batch, tie_seed=2 * step, seed=2 * step + 1
        )

    maker.make_experience_batch = filtered


def filter_experiences(experiences, split, join, tie_seed=TIE_SEED, seed=SEED):
    """The selected rows of a list of batches, dealt out over as many batches."""
    items = [item for experience in experiences for item in split(experience)]
    rewards = [float(item.info["reward"]) for item in items]
    groups = [str(item.prompts[0]) for item in items]
    rows = select(rewards, groups, tie_seed=tie_seed, seed=seed${needsLengths ? ', lengths=[float(item.info["response_length"]) for item in items]' : ''})
    print(f"filtrate: kept {len(set(rows))} of {len(items)} responses", flush=True)
    kept = [items[row] for row in rows]
    batches = [kept[start :: len(experiences)] for start in range(len(experiences))]
    return [join(batch) for batch in batches if batch]
`;
