/** Python that registers the filter in verl. */
import { advantagesPart } from './advantageGlue.ts';

export const estimatorGlue = (needsLengths: boolean): string => `${advantagesPart}

import itertools

_batches = itertools.count()


def filtered_advantages(token_level_rewards, response_mask, index, config, order):
    """What verl asks of an advantage estimator: advantages and returns, one number per token."""
    rewards = token_level_rewards.sum(dim=-1).tolist()
    groups = list(index)
    # Every batch has ties and draws of its own.
    batch = next(_batches)
    rows = select(rewards, groups, tie_seed=2 * batch, seed=2 * batch + 1${
      needsLengths ? ', lengths=response_mask.sum(dim=-1).tolist()' : ''
    })
    by_std = True if config is None else config.get("norm_adv_by_std_in_grpo", True)
    advantages = group_advantages(rewards, groups, rows, order, by_std)
    print(f"filtrate: kept {len(set(rows))} of {len(rewards)} responses", flush=True)
    per_token = token_level_rewards.new_tensor(advantages).unsqueeze(-1) * response_mask
    return per_token, per_token


def filter_verl(data, step=0, multiple_of=1):
    """The rows of a verl DataProto that train actor and critic. Call it right after compute_advantage.

    step gives every batch its own ties and draws. The rows are cut to a multiple of multiple_of, because verl
    deals them out evenly over processes and mini-batches.
    """
    scores = data.batch["token_level_scores"].sum(dim=-1).tolist()
    groups = list(data.non_tensor_batch["uid"])
    rows = select(scores, groups, tie_seed=2 * step, seed=2 * step + 1${
      needsLengths ? ', lengths=data.batch["response_mask"].sum(dim=-1).tolist()' : ''
    })
    kept = data.select_idxs(rows[: len(rows) - len(rows) % multiple_of])
    if "global_token_num" in kept.meta_info:
        kept.meta_info["global_token_num"] = kept.batch["attention_mask"].sum(dim=-1).tolist()
    return kept


def register():
    from verl.trainer.ppo.core_algos import register_adv_est

    @register_adv_est("filtrate_before")
    def filtrate_before(token_level_rewards, response_mask, index, config=None, **_):
        return filtered_advantages(token_level_rewards, response_mask, index, config, "before")

    @register_adv_est("filtrate_after")
    def filtrate_after(token_level_rewards, response_mask, index, config=None, **_):
        return filtered_advantages(token_level_rewards, response_mask, index, config, "after")

    print("filtrate: registered filtrate_before and filtrate_after", flush=True)


register()
`;
