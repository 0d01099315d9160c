/** Python that takes the filter into TRL. */

/** A reward function that abstains for what the filter drops. */
export const rewardGlue = (needsLengths: boolean): string => `

import functools
import inspect
import re
from importlib.metadata import version

_read = tuple(int(part) for part in re.findall(r"\\d+", version("trl"))[:2])
if _read < (1, 6):
    raise RuntimeError(f"This filter needs TRL 1.6.0 or newer, and finds {version('trl')}.")


def filtered_reward(reward_funcs, num_generations, weights=None):
    """A reward function that returns None for the completions that the filter drops.

        GRPOTrainer(reward_funcs=filtered_reward(reward, num_generations=args.num_generations), args=args, ...)

    reward_funcs: one reward function or a list, added up by weights. None from all of them leaves a completion out,
    and the filter chooses among the others.
    """
    funcs = list(reward_funcs) if isinstance(reward_funcs, (list, tuple)) else [reward_funcs]
    if any(isinstance(func, str) or not callable(func) for func in funcs):
        raise TypeError("filtered_reward wraps functions: write one that calls the reward model.")
    weights = [1.0] * len(funcs) if weights is None else list(weights)

    def keep(per_func, prompts, completion_ids, trainer_state, log_extra, log_metric):
        rewards = [_sum(row, weights) for row in zip(*per_func)]
        step = 0 if trainer_state is None else trainer_state.global_step
        kept = keep_rewards(rewards, prompts, num_generations, step, completion_ids)
        if log_extra is not None:
            log_extra("reward_before_filter", rewards)
        if log_metric is not None:
            log_metric("filtrate/kept", sum(reward is not None for reward in kept) / max(1, len(kept)))
        return kept

    def told(given):
        return [given.get(name) for name in ("prompts", "completion_ids", "trainer_state", "log_extra", "log_metric")]

    if any(inspect.iscoroutinefunction(func) for func in funcs):

        @functools.wraps(funcs[0])
        async def filtered(**given):
            per_func = []
            for func in funcs:
                rewards = func(**given)
                per_func.append(await rewards if inspect.isawaitable(rewards) else rewards)
            return keep(per_func, *told(given))

    else:

        @functools.wraps(funcs[0])
        def filtered(**given):
            return keep([func(**given) for func in funcs], *told(given))

    # The name of the column in TRL's tables.
    filtered.__name__ = getattr(funcs[0], "__name__", "filtered_reward") if len(funcs) == 1 else "filtered_reward"
    return filtered


def _sum(rewards, weights):
    """The weighted sum of what did not abstain; None where all did."""
    given = [reward * weight for reward, weight in zip(rewards, weights) if reward is not None and not math.isnan(reward)]
    return sum(given) if given else None


def keep_rewards(rewards, prompts, num_generations, step=0, completion_ids=None):
    """The rewards, with None for dropped completions. Those of a prompt stand together, num_generations in a row."""
    for start in range(0, len(prompts), num_generations):
        group = prompts[start : start + num_generations]
        if len(group) < num_generations or any(prompt != group[0] for prompt in group):
            raise ValueError(
                f"The {num_generations} completions of a prompt are not together on this process: make "
                "per_device_train_batch_size a multiple of num_generations."
            )
    scored = [row for row, reward in enumerate(rewards) if reward is not None]
    chosen = select(
        [rewards[row] for row in scored],
        [row // num_generations for row in scored],
        tie_seed=2 * step,
        seed=2 * step + 1,${needsLengths ? '\n        lengths=[len(completion_ids[row]) for row in scored],' : ''}
    )
    kept = {scored[row] for row in chosen}
    return [reward if row in kept else None for row, reward in enumerate(rewards)]
`;

/** A subclass of GRPOTrainer. */
export const trainerGlue = (needsLengths: boolean): string => `

def filtered(trainer_class):
    """A subclass of TRL's GRPOTrainer in which only the selected completions are learned from.

        from trl import GRPOTrainer
        trainer = filtered(GRPOTrainer)(model=..., reward_funcs=..., args=..., train_dataset=...)
    """

    class FilteredTrainer(trainer_class):
        filtrate_kept = None

        def _calculate_rewards(self, inputs, prompts, completions, completion_ids_list):
            # Rewards of all processes, one column per reward function.
            self._filtrate_rewards = super()._calculate_rewards(
                inputs, prompts, completions, completion_ids_list
            )${
              needsLengths
                ? `
            device = self._filtrate_rewards.device
            lengths = self._filtrate_rewards.new_tensor([float(len(ids)) for ids in completion_ids_list])
            self._filtrate_lengths = self.accelerator.gather(lengths.to(device)).tolist()`
                : ''
            }
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
            for row in select(rewards, groups, tie_seed=2 * step, seed=2 * step + 1${
              needsLengths ? ', lengths=self._filtrate_lengths' : ''
            }):
                uses[row] += 1.0
            self.filtrate_kept = sum(use > 0 for use in uses) / max(1, len(uses))
            advantages = output["advantages"]
            start = self.accelerator.process_index * len(advantages)
            mine = advantages.new_tensor(uses[start : start + len(advantages)])
            output["advantages"] = advantages * mine.reshape([-1] + [1] * (advantages.dim() - 1))
            return output

    return FilteredTrainer
`;
