/** TRL: a GRPOTrainer whose dropped completions have no advantage. */
import type { FilterExport, TrainingContext } from './filterExport.ts';
import { type ExportedFilter, pythonFilter } from './pythonFilter.ts';

const version = 'TRL 1.10.0.dev0 (commit f2cd57710 of 2026-07-24)';

export function trlExport(exported: ExportedFilter, context: TrainingContext): FilterExport {
  return {
    files: [
      {
        name: 'filtrate_trl.py',
        language: 'python',
        text: `# Written for ${version}. It overrides two private methods of GRPOTrainer, which any release
# may rename: pin that version.
${pythonFilter(exported)}${glue}`,
      },
    ],
    warnings: [
      `This subclass overrides private methods: pin ${version}.`,
      'TRL normalises advantages within each group and has no critic: this is the filter of the paper on GRPO, not PF-PPO itself.',
      'A dropped completion gets the advantage 0. It still passes through the model, so no time is saved, and with beta > 0 the KL term still acts on it.',
      ...(exported.sampler === 'keep' ? [] : ['A completion drawn twice counts with twice its advantage.']),
      `Set num_generations=${context.responses}, temperature=${context.temperature}, epsilon=${context.clip} in GRPOConfig. TRL's own PPO trainer samples one response per prompt: no rank filter can be used there.`,
    ],
  };
}

const glue = `

def filtered(trainer_class):
    """A subclass of TRL's GRPOTrainer in which only the selected completions are learned from.

        from trl import GRPOTrainer
        trainer = filtered(GRPOTrainer)(model=..., reward_funcs=..., args=..., train_dataset=...)
    """

    class FilteredTrainer(trainer_class):
        def _calculate_rewards(self, inputs, prompts, completions, completion_ids_list):
            # Rewards of all processes, one column per reward function.
            self._filtrate_rewards = super()._calculate_rewards(
                inputs, prompts, completions, completion_ids_list
            )
            return self._filtrate_rewards

        def _generate_and_score_completions(self, inputs):
            output = super()._generate_and_score_completions(inputs)
            if not self.model.training:
                return output
            per_function = self._filtrate_rewards
            weights = self.reward_weights.to(per_function.device).unsqueeze(0)
            rewards = (per_function * weights).nansum(dim=1).tolist()
            # TRL keeps the completions of a prompt together.
            groups = [row // self.num_generations for row in range(len(rewards))]
            step = self.state.global_step
            uses = [0.0] * len(rewards)
            for row in select(rewards, groups, tie_seed=2 * step, seed=2 * step + 1):
                uses[row] += 1.0
            advantages = output["advantages"]
            start = self.accelerator.process_index * len(advantages)
            mine = advantages.new_tensor(uses[start : start + len(advantages)])
            output["advantages"] = advantages * mine.reshape([-1] + [1] * (advantages.dim() - 1))
            return output

    return FilteredTrainer
`;
