/** Demos of the presets: each shows what its preset is for, at a size that a lecture or a test can wait for. */
import type { LabState } from '../lab/state/store.ts';
import { armNamed, newest } from '../lessons/frame/readPage.ts';
import type { Demo } from './demo.ts';
import { rewardDemos } from './rewards.ts';
import { samplingDemos } from './sampling.ts';
import { keeps, quick, tokens } from './steps.ts';

const healthy: Demo = {
  id: 'healthy',
  title: 'Healthy training',
  what: 'The loop, two arms, and what a filter saves.',
  steps: [
    { do: 'open', link: quick('healthy', 2) },
    {
      do: 'say',
      text: 'Two arms, the same requests, the same seed. PPO-M learns from all five programs of each group.',
      at: 'arms',
    },
    { do: 'say', text: 'BW learns from the best and the worst, by reward.', at: 'station-filter' },
    { do: 'until', iteration: 3 },
    {
      do: 'expect',
      what: 'PPO-M keeps everything and BW two of five',
      holds: (state) => keeps(state, 'PPO-M', 1) && keeps(state, 'BW', 0.4),
    },
    { do: 'say', text: 'In the rank strips the kept programs are marked.', at: 'strips' },
    { do: 'action', id: 'axis-updateTokens' },
    {
      do: 'expect',
      what: 'BW has spent less than 60 % of PPO-M’s update tokens',
      holds: (state) => tokens(state, 'BW') > 0 && tokens(state, 'BW') < 0.6 * tokens(state, 'PPO-M'),
    },
    {
      do: 'say',
      text: 'Against update tokens the filter’s curve is the shorter one: that is what it saves.',
      at: 'x-axis',
    },
    { do: 'look', iteration: 1 },
    { do: 'see', part: 'transport', text: /iteration\s*1\s*of/ },
    { do: 'say', text: 'One scrubber moves every panel back in time.', at: 'transport' },
  ],
};

const rewardHacking: Demo = {
  id: 'reward-hacking',
  title: 'Reward hacking',
  what: 'What beta is for.',
  steps: [
    { do: 'open', link: quick('reward-hacking', 2) },
    {
      do: 'expect',
      what: 'the two arms differ in beta alone',
      holds: (state) =>
        armNamed(state, 'beta 0.02')?.settings.price.beta === 0.02 &&
        armNamed(state, 'beta 0.2')?.settings.price.beta === 0.2,
    },
    {
      do: 'say',
      text: 'The policy maximises a reward, minus beta for every nat that it moves from its start.',
      at: 'arms',
    },
    { do: 'set', arm: 'beta 0.02', knob: 'beta', value: 0.01 },
    { do: 'expect', what: 'the knob is set', holds: ({ arms }) => arms[0].settings.price.beta === 0.01 },
    { do: 'until', iteration: 1 },
    { do: 'see', part: 'station-update', text: /KL/ },
    {
      do: 'say',
      text: 'The station Update shows how far the policy has moved. Cheap distance is how a reward gets hacked.',
      at: 'station-update',
    },
    { do: 'action', id: 'undo' },
    { do: 'open', link: 'preset=reward-hacking&open=' },
    {
      do: 'expect',
      what: 'over the whole recorded run the reward rises and the pass rate falls from its best',
      holds: (state) => state.mode === 'live' || hacked(state),
    },
    { do: 'say', text: 'The whole run: the reward rises, the truth falls.', at: 'curves' },
    { do: 'action', id: 'parting' },
    {
      do: 'expect',
      what: 'reward and truth part in the first half of the recorded run',
      holds: ({ mode, cursor }) => mode === 'live' || (cursor !== null && cursor >= 5 && cursor <= 20),
    },
    { do: 'say', text: 'All panels show the iteration from which the two part.', at: 'transport' },
  ],
};

function hacked(state: LabState): boolean {
  const arm = armNamed(state, 'beta 0.02');
  const held = arm?.evaluations.flatMap((row) => row.metrics.heldPass ?? []) ?? [];
  const reward = arm?.iterations.flatMap((row) => row.metrics.rewardPi ?? []) ?? [];
  return held.length > 1 && reward.at(-1)! > reward[0] + 0.1 && held.at(-1)! < Math.max(...held) - 0.05;
}

const unreliableMiddle: Demo = {
  id: 'unreliable-middle',
  title: 'Unreliable middle',
  what: 'A filter and its control, on a reward whose errors one has placed.',
  steps: [
    { do: 'open', link: quick('unreliable-middle', 3) },
    {
      do: 'expect',
      what: 'every reward is synthetic',
      holds: ({ arms }) =>
        arms.length === 3 && arms.every((arm) => arm.settings.reward.method === 'synthetic'),
    },
    {
      do: 'say',
      text: 'Here the reward is synthetic: the truth, with noise in the middle, where we put it.',
      at: 'presets',
    },
    { do: 'until', iteration: 1 },
    { do: 'see', part: 'curves', text: /synthetic reward/ },
    {
      do: 'expect',
      what: 'BW and Rand2 keep as much as each other',
      holds: (state) => keeps(state, 'BW', 0.4) && keeps(state, 'Rand2', 0.4),
    },
    {
      do: 'say',
      text: 'Rand2 keeps as many programs as BW without looking at the reward. What it reaches, the smaller budget explains.',
      at: 'arms',
    },
  ],
};

const weakRewardModel: Demo = {
  id: 'weak-reward-model',
  title: 'Weak reward model',
  what: 'Two reward models, one that has seen little.',
  steps: [
    { do: 'open', link: quick('weak-reward-model', 2) },
    {
      do: 'expect',
      what: 'one arm has the weak reward model, one the strong',
      holds: (state) =>
        armNamed(state, 'weak')?.settings.reward.rewardModel === 'weak' &&
        armNamed(state, 'strong')?.settings.reward.rewardModel === 'strong',
    },
    { do: 'until', iteration: 1 },
    {
      do: 'say',
      text: 'The same programs, graded by two reward models: choose one arm and then the other, and compare the order.',
      at: 'strips',
    },
  ],
};

const bestOfN: Demo = {
  id: 'best-of-n',
  title: 'Best of N',
  what: 'Only the winners.',
  steps: [
    { do: 'open', link: quick('best-of-n', 2) },
    { do: 'until', iteration: 1 },
    {
      do: 'expect',
      what: 'BoN keeps one of five, and its kept reward is above that of all its samples',
      holds: (state) =>
        keeps(state, 'BoN', 0.2) &&
        (newest(armNamed(state, 'BoN'), 'rewardMu') ?? 0) > (newest(armNamed(state, 'BoN'), 'rewardPi') ?? 0),
    },
    { do: 'say', text: 'BoN learns from winners only. Some are good; some are overrated.', at: 'strips' },
  ],
};

const table2: Demo = {
  id: 'table-2',
  title: 'Table 2',
  what: 'Imitation, preferences and policy gradients, side by side.',
  steps: [
    { do: 'open', link: quick('table-2', 8) },
    { do: 'until', iteration: 2 },
    {
      do: 'expect',
      what: 'an arm with a store has no distance of its own samples, because another policy wrote them',
      holds: (state) => newest(armNamed(state, 'DPO'), 'kl') === undefined,
    },
    {
      do: 'expect',
      what: 'imitation needs neither critic nor reference',
      holds: (state) =>
        newest(armNamed(state, 'RAFT'), 'criticPasses') === undefined &&
        newest(armNamed(state, 'RAFT'), 'referencePasses') === undefined,
    },
    {
      do: 'say',
      text: 'DPO and KTO learn from what the starting policy once wrote; the others write anew in each iteration.',
      at: 'arms',
    },
    { do: 'action', id: 'axis-samples' },
    {
      do: 'say',
      text: 'Against samples the stored methods stop early: what they know was paid for once.',
      at: 'x-axis',
    },
  ],
};

const sixMethods: Demo = {
  id: 'six-methods',
  title: 'All methods',
  what: 'The methods of the paper and the control, side by side.',
  steps: [
    { do: 'open', link: 'preset=six-methods&open=finding' },
    {
      do: 'expect',
      what: 'six arms stand side by side',
      holds: ({ arms }) => arms.map((arm) => arm.name).join() === 'PPO-S,PPO-M,BoN,BR,BW,Rand2',
    },
    { do: 'see', part: 'panel-finding', text: /74\.2[\s\S]*82\.9/ },
    { do: 'say', text: 'The paper’s Table 2 beside ours.', at: 'panel-finding' },
  ],
};

const noCritic: Demo = {
  id: 'no-critic',
  title: 'No critic',
  what: 'Three updates that do without a critic, beside PPO.',
  steps: [
    { do: 'open', link: quick('no-critic', 4) },
    {
      do: 'say',
      text: 'PPO trains a second network, the critic, that says what reward was to be expected. The other three ask the rest of the programs instead.',
      at: 'arms',
    },
    { do: 'until', iteration: 2 },
    {
      do: 'expect',
      what: 'PPO-M alone has spent passes of a critic',
      holds: ({ arms }) =>
        arms.map((arm) => (newest(arm, 'criticPasses') === undefined ? 'none' : 'critic')).join() ===
        'critic,none,none,none',
    },
    {
      do: 'say',
      text: 'An iteration without a critic takes little more than half the computing.',
      at: 'transport',
    },
  ],
};

const weights = (state: LabState, arm: string): number | undefined => newest(armNamed(state, arm), 'kl');

const steering: Demo = {
  id: 'steering',
  title: 'Steering',
  what: 'A frozen policy alone, and under two rules of guidance, beside one that is trained.',
  steps: [
    { do: 'open', link: quick('steering', 4) },
    {
      do: 'say',
      text: 'Three arms never change a weight. In two of them a value network leans every draw towards programs that pass.',
      at: 'arms',
    },
    { do: 'until', iteration: 2 },
    {
      do: 'expect',
      what: 'the frozen policies have moved nowhere and spent no update tokens, and PPO has',
      holds: (state) =>
        ['frozen', 'frozen + Q#', 'frozen + CD'].every(
          (arm) =>
            Math.abs(weights(state, arm) ?? 1) < 1e-3 && newest(armNamed(state, arm), 'updateTokens') === 0,
        ) && tokens(state, 'PPO-M') > 0,
    },
    {
      do: 'expect',
      what: 'only the steered arms say how far their writing is from the starting policy',
      holds: ({ arms }) =>
        arms.map((arm) => (newest(arm, 'heldKl') === undefined ? '-' : 'kl')).join() === '-,kl,kl,-',
    },
    { do: 'say', text: 'What guidance does to a single token stands in the panel Steering.', at: 'curves' },
  ],
};

export const presetDemos: readonly Demo[] = [
  healthy,
  rewardHacking,
  unreliableMiddle,
  weakRewardModel,
  bestOfN,
  noCritic,
  table2,
  steering,
  ...samplingDemos,
  ...rewardDemos,
  sixMethods,
];
