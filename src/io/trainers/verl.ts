/**
 * verl: the filter as a registered advantage estimator, which both of its trainers load without a patch; and for the
 * legacy trainer its own PF-PPO keys, where they come close.
 */
import type { Filter } from '../../core/filters/filter.ts';
import { type FilterExport, opening, type TrainingContext } from './filterExport.ts';
import { type ExportedFilter, needsLengths, pythonFilter, repeats } from './pythonFilter.ts';
import { oneLine } from './pythonText.ts';
import { estimatorGlue } from './verlGlue.ts';

const versions =
  'read in verl 0.9.0 and in its main branch of 2026-08-22 (0.10.0.dev, commit 1dda039b9), and run against doubles of its interfaces, not against verl itself. Not known: later versions, and what the branch neo changes.';

/** verl's own reweighting, or null where it has none that comes close. */
function reweighting(filter: Filter): { method: 'pow' | 'max_min' | 'max_random'; pow?: number } | null {
  if (filter.kind === 'power') return { method: 'pow', pow: filter.exponent };
  if (filter.kind !== 'rank') return null;
  if (filter.weights === 'best-worst') return { method: 'max_min' };
  if (filter.weights === 'best-random') return { method: 'max_random' };
  return null;
}

export function verlExport(exported: ExportedFilter, context: TrainingContext): FilterExport {
  const { filter, label } = exported;
  const own = reweighting(filter);
  const title = `# ${oneLine(label)}, tuned in Filtrate.`;
  const estimator = `filtrate_${context.normalise}`;
  return {
    files: [
      { name: 'filtrate_verl.py', language: 'python', text: moduleText(exported) },
      { name: 'pyproject.toml', language: 'toml', text: project(title) },
      { name: 'filtrate_verl.sh', language: 'shell', text: runScript(title, estimator, context) },
      ...(own === null
        ? []
        : [
            {
              name: 'filtrate_verl_legacy.sh',
              language: 'shell' as const,
              text: legacyScript(title, context, own),
            },
          ]),
    ],
    warnings: [
      `Two estimators are registered: filtrate_before compares with all that was sampled (PF-PPO), filtrate_after with what was kept (PODS). The script takes ${estimator}, as this arm does.`,
      ...keepsOne(exported),
      'A dropped response gets the advantage 0. It still passes through the model and counts in the mean over tokens, so no time is saved and steps are smaller by the share that is kept; a KL loss and an entropy bonus still act on it.',
      'No critic: verl passes no values to a registered estimator. For PPO with a critic use the legacy trainer, and call filter_verl in RayPPOTrainer.fit right after compute_advantage.',
      ...(own === null ? [] : nativeWarnings(own)),
      'Copy the .py file beside your script, or install the folder with pip install . on every node.',
    ],
  };
}

/** After filtering a single response is its own mean. */
export function keepsOne({ filter }: ExportedFilter): string[] {
  const keep = 'keep' in filter ? filter.keep : null;
  return keep === 1
    ? [
        'With one response per prompt there is nothing to compare with after filtering: filtrate_after would learn nothing.',
      ]
    : [];
}

function moduleText(exported: ExportedFilter): string {
  const head = opening({
    changes:
      'registers two advantage estimators in verl, filtrate_before and filtrate_after. Both are those of GRPO, with the advantage 0 for responses that the filter drops: before compares with all responses to a prompt (the order of PF-PPO), after with those that are kept (the order of PODS).',
    cannot: [
      'use a critic: verl passes no values to a registered estimator (adv_estimator=gae stays that of verl). With one, filter_verl drops rows in the legacy trainer, if you call it there: a patch of RayPPOTrainer.fit.',
      'save time: dropped responses still pass through the model, and count in the mean over tokens.',
      'filter on anything but the reward, which with algorithm.use_kl_in_reward=True includes the KL penalty.',
      ...(repeats(exported)
        ? ['train twice on a response: one that was drawn twice counts with twice its advantage.']
        : []),
      'know sessions of several outputs (V1): each output is a response of its own.',
    ],
    see: 'verl prints "filtrate: registered" when it starts, and with every batch "filtrate: kept 256 of 1024 responses". Without them it stops with "Unknown advantage estimator".',
    versions,
  });
  return `${head}\n${pythonFilter(exported)}${estimatorGlue(needsLengths(exported.filter))}`;
}

const project = (title: string) => `${title} pip install . makes verl load filtrate_verl.py in every process.
[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[project]
name = "filtrate-verl"
version = "1.0.0"

[project.entry-points."verl.plugins"]
filtrate = "filtrate_verl"

[tool.setuptools]
py-modules = ["filtrate_verl"]
`;

function runScript(title: string, estimator: string, context: TrainingContext): string {
  const head = opening({
    changes: `starts verl with the estimator ${estimator}, on the V1 trainer, which is the default.`,
    cannot: [
      'reach other nodes by the environment alone: there, install the package on every node, and leave out the two lines with env_vars.',
    ],
    see: 'filtrate_verl.py says it.',
    versions,
  });
  const keys = [
    ['algorithm.adv_estimator', estimator],
    ['actor_rollout_ref.rollout.n', String(context.responses)],
    ['actor_rollout_ref.rollout.temperature', decimal(context.temperature)],
    ['actor_rollout_ref.actor.clip_ratio', decimal(context.clip)],
    ['actor_rollout_ref.actor.use_kl_loss', context.beta > 0 ? 'True' : 'False'],
    ...(context.beta > 0 ? [['actor_rollout_ref.actor.kl_loss_coef', decimal(context.beta)]] : []),
    ['+ray_kwargs.ray_init.runtime_env.env_vars.VERL_USE_EXTERNAL_MODULES', 'filtrate_verl'],
    ['+ray_kwargs.ray_init.runtime_env.env_vars.PYTHONPATH', '"$PYTHONPATH"'],
  ];
  return `#!/bin/sh
${title}
${head}
# Add data.train_files, data.val_files, the model and the reward of your own run.
PYTHONPATH="$(cd "$(dirname "$0")" && pwd):$PYTHONPATH"
export PYTHONPATH VERL_USE_EXTERNAL_MODULES=filtrate_verl
${command(keys)}`;
}

function nativeWarnings(own: Own): string[] {
  return [
    own.method === 'pow'
      ? "filtrate_verl_legacy.sh has verl's own pow. With rewards of 0 and 1 it keeps only the 1s: it becomes best-of-N."
      : `filtrate_verl_legacy.sh has verl's own ${own.method}, which takes the extremes of the whole batch and not of each prompt: it is the paper's filter only when a batch holds one prompt.`,
  ];
}

type Own = NonNullable<ReturnType<typeof reweighting>>;

const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const command = (keys: readonly (readonly string[])[]) => `exec python3 -m verl.trainer.main_ppo \\
${keys.map(([key, value]) => `    ${key}=${value}`).join(' \\\n')} \\
    "$@"
`;

/** verl's own keys, in the order of its ppo_trainer.yaml. */
function legacyScript(title: string, context: TrainingContext, own: Own): string {
  const head = opening({
    changes: "PPO with verl's own reweighting of the batch, after the advantages are known.",
    cannot: [
      ...nativeWarnings(own).map((one) =>
        one.replace(/^filtrate_verl_legacy.sh has /, 'filter per prompt: it is '),
      ),
      'save update work: verl draws as many rows as the batch has, with replacement.',
      'run on the V1 trainer, which ignores these keys (verl issue 7956): hence trainer.use_v1=False.',
    ],
    see: 'nothing in verl\'s metrics tells; print len(set(batch.non_tensor_batch["uid"])) after compute_advantage.',
    versions,
  });
  const keys = [
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
    ['algorithm.use_pf_ppo', 'True'],
    ['algorithm.pf_ppo.reweight_method', own.method],
    ...(own.pow === undefined ? [] : [['algorithm.pf_ppo.weight_pow', decimal(own.pow)]]),
    ['trainer.use_v1', 'False'],
  ];
  return `#!/bin/sh
${title}
${head}
# Add data.train_files, data.val_files, the models and the reward of your own run.
${command(keys)}`;
}
