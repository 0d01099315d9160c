/** Prepared comparisons: each shows one thing, says what to look for, and is a link away. */
import { type ArmSettings, defaultSettings, type Method } from './settings.ts';

export interface PresetArm {
  /** Absent: named after its method. */
  name?: string;
  settings: ArmSettings;
}

export interface Preset {
  id: string;
  label: string;
  /** What it shows and what to look for, in plain words. */
  what: string;
  /** How its arms differ from the defaults, all of them. */
  settings: Partial<ArmSettings>;
  arms: PresetArm[];
}

function preset(
  id: string,
  label: string,
  what: string,
  settings: Partial<ArmSettings>,
  arms: (Method | ({ name: string; method: Method } & Partial<ArmSettings>))[],
): Preset {
  return {
    id,
    label,
    what,
    settings,
    arms: arms.map((arm) => {
      const { name, ...own } = typeof arm === 'string' ? { name: undefined, method: arm } : arm;
      return {
        ...(name === undefined ? {} : { name }),
        settings: { ...defaultSettings(), ...settings, ...own },
      };
    }),
  };
}

export const presets: readonly Preset[] = [
  preset(
    'healthy',
    'Healthy training',
    'PPO from every response beside PPO from the best and the worst. Reward and true pass rate rise together; the filter trains on two responses of five.',
    { beta: 0.2 },
    ['ppo-m', 'bw'],
  ),
  preset(
    'reward-hacking',
    'Reward hacking',
    'With a low KL cost the policy finds what the reward model likes. The reward keeps rising while the true pass rate falls; the greedy curve falls first.',
    { beta: 0.02 },
    [
      { name: 'beta 0.02', method: 'ppo-m' },
      { name: 'beta 0.2', method: 'ppo-m', beta: 0.2 },
    ],
  ),
  preset(
    'weak-reward-model',
    'Weak reward model',
    'The same training with a reward model that saw one pair for each of 400 prompts, and with one that saw all pairs of 2,000. A reward model that barely tells right from wrong cannot teach.',
    { beta: 0.1 },
    [
      { name: 'weak', method: 'ppo-m', rewardModel: 'weak' },
      { name: 'strong', method: 'ppo-m', rewardModel: 'strong' },
    ],
  ),
  preset(
    'unreliable-middle',
    'Unreliable middle',
    'A synthetic reward whose middle is noise for four programs of five. Here the filter earns its keep: best and worst against two at random, at the same budget, beside PPO from everything.',
    { beta: 0.1, rewardSource: 'synthetic' },
    ['ppo-m', 'bw', 'rand2'],
  ),
  preset(
    'best-of-n',
    'Best of N',
    'Learning only from the response with the highest reward. It leans on the end of the reward model that is easiest to fool, and has nothing bad to learn from.',
    { beta: 0.1 },
    ['ppo-m', 'bon'],
  ),
  preset(
    'six-methods',
    'All methods',
    'The methods of the paper and the control that keeps two at random, on the same prompts and the same seed.',
    { beta: 0.2 },
    ['ppo-s', 'ppo-m', 'bon', 'br', 'bw', 'rand2'],
  ),
];

/** @throws RangeError naming the presets that exist */
export function presetById(id: string): Preset {
  const found = presets.find((each) => each.id === id);
  if (!found) {
    throw new RangeError(
      `There is no preset "${id}"; there are ${presets.map((each) => each.id).join(', ')}.`,
    );
  }
  return found;
}
