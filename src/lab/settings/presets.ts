/** Prepared comparisons: each shows one thing, says what to look for, and is a link away. */
import { armId, neutral, settingsWith, withArm, withChanges } from '../../rlhf/catalogue/paths.ts';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';

export interface PresetArm {
  /** Absent: named after its methods. */
  name?: string;
  settings: ArmSettings;
}

export interface Preset {
  id: string;
  label: string;
  /** What it shows and what to look for, in plain words. */
  what: string;
  /** How its arms differ from the defaults, all of them, by name. */
  settings: Readonly<Record<string, unknown>>;
  arms: PresetArm[];
}

type Changes = Readonly<Record<string, unknown>>;

function preset(
  id: string,
  label: string,
  what: string,
  settings: Changes,
  arms: (string | ({ name?: string; method: string } & Changes))[],
): Preset {
  return {
    id,
    label,
    what,
    settings,
    arms: arms.map((arm) => {
      const { name, ...own }: { name?: string } & Changes = typeof arm === 'string' ? { method: arm } : arm;
      return {
        ...(name === undefined ? {} : { name }),
        settings: withChanges(settingsWith(settings), own),
      };
    }),
  };
}

/** What an arm of a preset starts from: the preset's own arm at this place, or its settings with other methods. */
export function presetSettings(preset: Preset, index: number, arm: string): ArmSettings {
  const own = preset.arms[index]?.settings;
  return own && armId(own) === arm ? own : withArm(neutral(settingsWith(preset.settings)), arm);
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
    'pre-heated',
    'Pre-heated reward models',
    'The same training with four reward models of one recipe: the strong one, and three that were begun under dropout, fixed Beta noise or a learned mask, on the same pairs and for as many steps in all. In the recorded run PPO ends lower with each of the three than with the strong one, and lowest after dropout, whose reward model knows least.',
    { beta: 0.1, prompts: 24, evaluationSamples: 2 },
    [
      { name: 'no noise', method: 'ppo-m' },
      { name: 'dropout', method: 'ppo-m', rewardModel: 'strong-dropout' },
      { name: 'fixed Beta', method: 'ppo-m', rewardModel: 'strong-beta' },
      { name: 'learned mask', method: 'ppo-m', rewardModel: 'strong-mask' },
    ],
  ),
  preset(
    'unreliable-middle',
    'Unreliable middle',
    'A synthetic reward whose middle is noise for four programs of five. Here the filter earns its keep: best and worst against two at random, at the same budget, beside PPO from everything.',
    { beta: 0.1, reward: 'synthetic' },
    ['ppo-m', 'bw', 'rand2'],
  ),
  preset(
    'systematic-middle',
    'Systematic middle',
    'Four programs of five get a reward by a taste in words, which can be learned; the others are told truthfully at the ends. A threshold filter keeps the honest ends and learns from a fifth of the tokens; best and worst of five are rarely honest; PPO from everything learns the taste.',
    { beta: 0.2, reward: 'synthetic', syntheticErrors: 'systematic' },
    ['ppo-m', { method: 'top-bott', thresholdHigh: 0.7, thresholdLow: -0.7 }, 'bw', 'rand2'],
  ),
  preset(
    'reward-parts',
    'What the reward is made of',
    'PPOCoder’s reward with execution alone, with likeness to a hidden reference beside it, and with likeness alone. The last one is paid for programs that look right.',
    { beta: 0.1, reward: 'ppocoder' },
    [
      { name: 'execution', method: 'ppo-m', astWeight: 0, dfgWeight: 0 },
      { name: 'all three', method: 'ppo-m' },
      { name: 'likeness', method: 'ppo-m', executionWeight: 0 },
    ],
  ),
  preset(
    'visible-tests',
    'Visible tests',
    'Three verifiers: one sees the empty input alone, one an example of the request, one every hidden test. The first is fooled: its reward rises and the true pass rate falls below its start. An example of real input is harder to fool.',
    { beta: 0.02, reward: 'rtv' },
    [
      { name: 'empty input', method: 'ppo-m', verifierTests: 'empty' },
      { name: 'one visible test', method: 'ppo-m', verifierTests: 'visible', testShare: 0.5 },
      { name: 'hidden tests', method: 'ppo-m' },
    ],
  ),
  preset(
    'naive-judge',
    'Naive judge',
    'Two judges run the same hidden tests as verifiers, and moving costs next to nothing. The naive one takes a test that ends in an error for one that was skipped. With the words that it has anyway the policy learns to write programs that throw: its reward rises on, the true pass rate does not, and the greedy one falls.',
    { beta: 0.005, reward: 'rtv', learningRate: 6e-4, evaluationSamples: 2, naiveJudge: true },
    [
      { name: 'naive judge', method: 'ppo-m', verifierJudge: 'naive' },
      { name: 'true judge', method: 'ppo-m' },
    ],
  ),
  preset(
    'best-of-n',
    'Best of N',
    'Learning only from the response with the highest reward. It leans on the end of the reward model that is easiest to fool, and has nothing bad to learn from.',
    { beta: 0.1 },
    ['ppo-m', 'bon'],
  ),
  preset(
    'no-critic',
    'No critic',
    'PPO beside three updates without a critic: RLOO and GRPO compare a response with the others to its prompt, REINFORCE with all. In the recorded run RLOO and REINFORCE keep up with PPO. GRPO pays for moving in its loss: at the same beta it moves further, and its reward rises where the truth does not.',
    { beta: 0.2 },
    ['ppo-m', 'ppo-m+rloo', 'ppo-m+grpo', 'ppo-m+reinforce'],
  ),
  preset(
    'table-2',
    'Table 2',
    'The families that the paper compares in its Table 2: imitation of winners (RAFT, BOND), preferences over what the starting policy once wrote (DPO, KTO), preferences in rounds (Iterative-DPO), and policy gradients with and without a filter. Imitation and preferences take a tenth of PPO’s step, the best of three sizes that were tried: at PPO’s own size RAFT leaves the start by 19 nats and fools the reward model. Compare against samples and update tokens, too.',
    { beta: 0.2 },
    [
      { name: 'RAFT', method: 'bon+imitation', learningRate: 3e-5 },
      { name: 'BOND', method: 'ppo-m+bond' },
      { name: 'DPO', method: 'far+stored+dpo', learningRate: 3e-5 },
      { name: 'KTO', method: 'ppo-m+stored+kto', learningRate: 3e-5 },
      { name: 'Iterative-DPO', method: 'far+stored+renewed+dpo', learningRate: 3e-5 },
      'ppo-m',
      'br',
      'bw',
    ],
  ),
  preset(
    'choosing-prompts',
    'Choosing prompts',
    'Five arms that differ only in which requests they work on: each in turn, the hardest of new requests beside them (Pre-PPO), the simplest first, only groups whose rewards differ, and a band of difficulty. Compare the held-out pass rates against samples, too: looks before the first iteration and groups that were thrown away are counted.',
    { beta: 0.2, prompts: 24, evaluationSamples: 2 },
    [
      { name: 'uniform', method: 'ppo-m' },
      { name: 'Pre-PPO', method: 'ppo-m', order: 'pre-ppo' },
      { name: 'curriculum', method: 'ppo-m', order: 'curriculum' },
      { name: 'dynamic', method: 'ppo-m', order: 'dynamic' },
      { name: 'band', method: 'ppo-m', order: 'band' },
    ],
  ),
  preset(
    'early-cuts',
    'Early cuts',
    'PPO and best-worst from five responses, and both where twelve are begun and Speculative Rejection cuts those that look worst while they are written. Of five that are left the best are better, but the worst, which best-worst learns from, are gone. What was cut is counted among the samples.',
    { beta: 0.2, prompts: 24, evaluationSamples: 2 },
    [
      { name: 'PPO-M', method: 'ppo-m' },
      { name: 'PPO-M with cuts', method: 'ppo-m', decode: 'speculative', lanes: 12 },
      { name: 'BW', method: 'bw' },
      { name: 'BW with cuts', method: 'bw', decode: 'speculative', lanes: 12 },
    ],
  ),
  preset(
    'steering',
    'Steering',
    'Nothing is trained in three of the four arms: the same frozen policy alone, under Q# and under CD, whose draws a value network leans towards programs that pass. PPO beside them spends its KL in the weights. Compare the held-out pass rates, and the KL that each paid.',
    { beta: 0.2, iterations: 20 },
    [
      { name: 'frozen', method: 'ppo-m', update: 'frozen' },
      { name: 'frozen + Q#', method: 'ppo-m', update: 'frozen', decode: 'guided' },
      { name: 'frozen + CD', method: 'ppo-m', update: 'frozen', decode: 'guided', rule: 'cd' },
      { name: 'PPO-M', method: 'ppo-m' },
    ],
  ),
  preset(
    'fooled-first',
    'Who is fooled first',
    'The same training with a low KL cost under four rewards: the tests themselves, a model that compares with the ground truth, one that compares with the best of the starting policy, and a reward model that sees nothing beside the program. Look for the iteration from which reward and truth part. In the recorded run the tests do not part from the truth, and the model that compares with it parts the furthest.',
    { beta: 0.02, prompts: 24, evaluationSamples: 2 },
    [
      { name: 'tests', method: 'ppo-m', reward: 'oracle' },
      { name: 'GenRM truth', method: 'ppo-m', reward: 'genrm' },
      { name: 'GenRM start', method: 'ppo-m', reward: 'genrm', anchor: 'sft-best' },
      { name: 'strong', method: 'ppo-m', reward: 'model' },
    ],
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
