/**
 * TRL: a reward function that returns None for dropped completions, which GRPOTrainer then leaves out of the mean and
 * of learning; and a subclass that compares with all completions first.
 */
import { type FilterExport, opening, type TrainingContext } from './filterExport.ts';
import { type ExportedFilter, needsLengths, pythonFilter, repeats } from './pythonFilter.ts';
import { rewardGlue, trainerGlue } from './trlGlue.ts';
import { keepsOne } from './verl.ts';

const unknown =
  'run against doubles of its interfaces, not against TRL itself. Not known: versions after 1.10.0.dev0.';
const wrapperVersions = `TRL 1.6.0 or newer, read in 1.9.0 and 1.10.0.dev0 (commit f2cd57710 of 2026-07-24); ${unknown} Before 1.6.0 a None counted as the reward 0, and this file refuses to load.`;
const subclassVersions = `read in TRL 1.10.0.dev0 (commit f2cd57710 of 2026-07-24); ${unknown} It overrides two private methods, which any release may rename: pin the version.`;

export function trlExport(exported: ExportedFilter, context: TrainingContext): FilterExport {
  const wrapper = { name: 'filtrate_trl.py', language: 'python' as const, text: wrapperText(exported) };
  const subclass = {
    name: 'filtrate_trl_before.py',
    language: 'python' as const,
    text: subclassText(exported),
  };
  const isAfter = context.normalise === 'after';
  return {
    files: isAfter ? [wrapper, subclass] : [subclass, wrapper],
    warnings: [
      'Two ways, of which you take one: filtrate_trl.py wraps the reward function and compares with the completions that were kept (the order of PODS), with nothing but public interfaces; filtrate_trl_before.py is a subclass that compares with all completions (the order of PF-PPO), and overrides private methods.',
      `This arm normalises ${isAfter ? 'after' : 'before'} filtering, as ${isAfter ? wrapper.name : subclass.name} does.`,
      ...keepsOne(exported).map((warning) => warning.replace('filtrate_after', wrapper.name)),
      'TRL has no critic: this is the filter of the paper on GRPO, not PF-PPO itself. A dropped completion still passes through the model, and with beta > 0 the KL term still acts on it.',
      ...(repeats(exported)
        ? [
            'A completion that is drawn twice counts with twice its advantage in the subclass, and once with the wrapped reward.',
          ]
        : []),
      `Set num_generations=${context.responses}, temperature=${context.temperature}, epsilon=${context.clip} in GRPOConfig. TRL's own PPO trainer samples one response per prompt: no filter of responses can be used there.`,
    ],
  };
}

function wrapperText(exported: ExportedFilter): string {
  const head = opening({
    changes:
      'a reward function returns None for the completions that the filter drops. GRPOTrainer then leaves them out of the mean and the deviation of their prompt, and gives them the advantage 0 (the order of PODS).',
    cannot: [
      'stand beside other reward functions: a completion is only dropped when every one returns None. Give all of them to filtered_reward, with their weights; what only watches belongs into log_extra.',
      'cut groups: the completions of a prompt must be on one process, so per_device_train_batch_size must be a multiple of num_generations (and num_generations_eval the same number).',
      'wrap a reward model that is given by its name: write a function that calls it.',
      'save time, or change that dropped tokens count where a loss is averaged over tokens.',
      ...(repeats(exported) ? ['count a completion twice that was drawn twice.'] : []),
    ],
    see: 'the metric filtrate/kept is the share that was kept; with log_completions=True the completions table has a column reward_before_filter, and NaN as the reward of what was dropped. TRL warns once a batch that all reward functions returned None: that is this filter.',
    versions: wrapperVersions,
  });
  return `${head}\n${pythonFilter(exported)}${rewardGlue(needsLengths(exported.filter))}`;
}

function subclassText(exported: ExportedFilter): string {
  const head = opening({
    changes:
      'a subclass of GRPOTrainer gives the advantage 0 to the completions that the filter drops, after the advantages of all are known (the order of PF-PPO).',
    cannot: [
      'outlive a release that renames _calculate_rewards or _generate_and_score_completions.',
      'save time: dropped completions still pass through the model.',
    ],
    see: 'trainer.filtrate_kept is the share that was kept of the last batch.',
    versions: subclassVersions,
  });
  return `${head}\n${pythonFilter(exported)}${trainerGlue(needsLengths(exported.filter))}`;
}
