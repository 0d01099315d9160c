/** verl: its own PF-PPO keys where they come close, and a per-prompt filter that does what the paper says. */
import type { Filter } from '../../core/filter.ts';
import type { FilterExport, TrainingContext } from './filterExport.ts';
import { type ExportedFilter, pythonFilter } from './pythonFilter.ts';

/** verl as read for this export. */
const version = 'verl main of 2026-08-22 (commit 1dda039b9)';

/** verl's own reweighting, or null where it has none that comes close. */
export function reweighting(
  filter: Filter,
): { method: 'pow' | 'max_min' | 'max_random'; pow?: number } | null {
  if (filter.kind === 'power') return { method: 'pow', pow: filter.exponent };
  if (filter.kind !== 'rank') return null;
  if (filter.weights === 'best-worst') return { method: 'max_min' };
  if (filter.weights === 'best-random') return { method: 'max_random' };
  return null;
}

export function verlExport(exported: ExportedFilter, context: TrainingContext): FilterExport {
  const { filter, sampler } = exported;
  const own = reweighting(filter);
  const isEverything =
    filter.kind === 'rank' && filter.weights === 'uniform' && filter.keep >= context.responses;
  const files: FilterExport['files'] = [
    { name: 'filtrate_verl.yaml', language: 'yaml', text: yaml(exported, context, own) },
    { name: 'filtrate_verl.sh', language: 'shell', text: shell(exported, context, own) },
  ];
  if (isEverything) return { files, warnings: [] };
  // A power speaks of single rewards and verl resamples by it just so: no module is needed.
  const isNative = filter.kind === 'power' && sampler !== 'keep' && sampler !== 'draw';
  if (!isNative) {
    const text = `${pythonFilter(exported)}${glue}`;
    files.push({ name: 'filtrate_filter.py', language: 'python', text });
  }
  return { files, warnings: [...nativeWarnings(own), ...(isNative ? [] : moduleWarnings(own))] };
}

function nativeWarnings(own: Own): string[] {
  if (own === null) return ['verl has no such filter of its own: the configuration leaves use_pf_ppo off.'];
  return [
    own.method === 'pow'
      ? 'With rewards of 0 and 1, pow keeps only the 1s: it becomes best-of-N.'
      : `verl's ${own.method} takes the extremes of the whole batch and not of each prompt: it is the paper's filter only when a batch holds one prompt.`,
    'verl draws as many rows as the batch has, with replacement, after the advantages: no update work is saved.',
    `Keep trainer.use_v1=False while verl's V1 trainer ignores these keys (issue 7956); only adv_estimator=gae reads them. Read from ${version}.`,
  ];
}

function moduleWarnings(own: Own): string[] {
  return [
    `filtrate_filter.py filters per prompt, as the paper does. Call filter_verl in RayPPOTrainer.fit right after compute_advantage, where advantages are whitened already${own ? ', and set algorithm.use_pf_ppo=False: use one filter or the other' : ''}.`,
    'With it fewer rows remain: set the mini-batch sizes of actor and critic to what the filter keeps, and pass multiple_of = data-parallel size × mini-batches.',
  ];
}

type Own = ReturnType<typeof reweighting>;

/** Keys and values, in the order of verl's ppo_trainer.yaml. */
function settings(context: TrainingContext, own: Own): [string, string][] {
  const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  return [
    ['actor_rollout_ref.rollout.n', String(context.responses)],
    ['actor_rollout_ref.rollout.temperature', decimal(context.temperature)],
    ['actor_rollout_ref.actor.clip_ratio', decimal(context.clip)],
    ['actor_rollout_ref.actor.use_kl_loss', 'False'],
    ['critic.cliprange_value', decimal(context.valueClip)],
    ['algorithm.adv_estimator', 'gae'],
    ['algorithm.gamma', decimal(context.gamma)],
    ['algorithm.lam', decimal(context.lambda)],
    ['algorithm.use_kl_in_reward', context.beta > 0 ? 'True' : 'False'],
    ['algorithm.kl_penalty', 'kl'],
    ['algorithm.kl_ctrl.type', 'fixed'],
    ['algorithm.kl_ctrl.kl_coef', decimal(context.beta)],
    ['algorithm.use_pf_ppo', own ? 'True' : 'False'],
    ...(own ? ([['algorithm.pf_ppo.reweight_method', own.method]] as [string, string][]) : []),
    ...(own?.pow === undefined
      ? []
      : ([['algorithm.pf_ppo.weight_pow', decimal(own.pow)]] as [string, string][])),
    ['trainer.use_v1', 'False'],
  ];
}

function yaml({ label, sampler }: ExportedFilter, context: TrainingContext, own: Own): string {
  const lines = [
    `# ${label.replace(/\s+/g, ' ')} (sampler ${sampler}), tuned in Filtrate. For ${version}.`,
    '# Overrides of verl/trainer/config/ppo_trainer.yaml.',
    ...nativeWarnings(own).map((warning) => `# ${warning}`),
  ];
  let open: string[] = [];
  for (const [key, value] of settings(context, own)) {
    const path = key.split('.');
    let shared = 0;
    while (shared < path.length - 1 && path[shared] === open[shared]) shared++;
    for (let depth = shared; depth < path.length - 1; depth++)
      lines.push(`${'  '.repeat(depth)}${path[depth]}:`);
    lines.push(`${'  '.repeat(path.length - 1)}${path.at(-1)}: ${value}`);
    open = path.slice(0, -1);
  }
  return `${lines.join('\n')}\n`;
}

function shell({ label, sampler }: ExportedFilter, context: TrainingContext, own: Own): string {
  const overrides = settings(context, own).map(([key, value]) => `    ${key}=${value}`);
  return `#!/bin/sh
# ${label.replace(/\s+/g, ' ')} (sampler ${sampler}), tuned in Filtrate. For ${version}.
# Add data.train_files, data.val_files, the models and the reward of your own run.
python3 -m verl.trainer.main_ppo \\
${overrides.join(' \\\n')} \\
    "$@"
`;
}

const glue = `

def filter_verl(data, step=0, multiple_of=1):
    """The rows of a verl DataProto that train actor and critic. Call it right after compute_advantage.

    step gives every batch its own ties and draws. The rows are cut to a multiple of multiple_of, because verl
    deals them out evenly over processes and mini-batches.
    """
    scores = data.batch["token_level_scores"].sum(dim=-1).tolist()
    rows = select(scores, list(data.non_tensor_batch["uid"]), tie_seed=2 * step, seed=2 * step + 1)
    kept = data.select_idxs(rows[: len(rows) - len(rows) % multiple_of])
    if "global_token_num" in kept.meta_info:
        kept.meta_info["global_token_num"] = kept.batch["attention_mask"].sum(dim=-1).tolist()
    return kept
`;
