/** Demos of the presets that show what a reward is made of, and how it is fooled. */

import type { MetricKey } from '../lab/records/metrics.ts';
import type { LabState } from '../lab/state/store.ts';
import { armNamed, newest, values } from '../lessons/frame/readPage.ts';
import type { Demo } from './demo.ts';
import { keeps, quick } from './steps.ts';

const of = (state: LabState, arm: string, metric: MetricKey): number =>
  newest(armNamed(state, arm), metric) ?? Number.NaN;
/** By how much an arm is paid more than is true, where a pass is paid 1 and a fail −1. */
const overpaid = (state: LabState, arm: string): number =>
  of(state, arm, 'rewardPi') - (2 * of(state, arm, 'passRate') - 1);

const systematicMiddle: Demo = {
  id: 'systematic-middle',
  title: 'Systematic middle',
  what: 'A taste in words in the middle, the truth at the ends, and a filter that keeps the ends.',
  steps: [
    { do: 'open', link: quick('systematic-middle', 4) },
    {
      do: 'expect',
      what: 'in every arm what is wrong in the middle can be learned',
      holds: ({ arms }) => arms.every(({ settings }) => settings.reward.syntheticErrors === 'systematic'),
    },
    {
      do: 'say',
      text: 'Four programs of five get a reward by the words that they use. The others are told truthfully, beyond ±0.8.',
      at: 'station-score',
    },
    { do: 'until', iteration: 2 },
    {
      do: 'expect',
      what: 'the threshold keeps fewer programs than best and worst of five do',
      holds: (state) => keeps(state, 'BW', 0.4) && of(state, 'top-bott', 'keptShare') < 0.4,
    },
    {
      do: 'say',
      text: 'Best and worst of five are seldom honest. A threshold at ±0.7 lets the honest ends through and nothing else.',
      at: 'strips',
    },
  ],
};

const rewardParts: Demo = {
  id: 'reward-parts',
  title: 'What the reward is made of',
  what: 'Execution, likeness to a hidden reference, and both.',
  steps: [
    { do: 'open', link: quick('reward-parts', 3) },
    { do: 'until', iteration: 1 },
    {
      do: 'say',
      text: 'One arm is paid for what execution says, one for looking like a hidden reference, one for both.',
      at: 'arms',
    },
    {
      do: 'expect',
      what: 'looks alone are paid better than execution, and no network reads for any of the three',
      holds: (state) =>
        of(state, 'likeness', 'rewardPi') > of(state, 'execution', 'rewardPi') &&
        ['execution', 'all three', 'likeness'].every((arm) => of(state, arm, 'rewardPasses') === 0),
    },
    {
      do: 'say',
      text: 'Look for programs that stand high and are no pass: pretty but wrong.',
      at: 'strips',
    },
  ],
};

const visibleTests: Demo = {
  id: 'visible-tests',
  title: 'Visible tests',
  what: 'Three verifiers that see more and less of what is tested.',
  steps: [
    { do: 'open', link: quick('visible-tests', 3) },
    { do: 'until', iteration: 1 },
    {
      do: 'say',
      text: 'Each arm is paid when its tests pass. They differ in which tests those are.',
      at: 'arms',
    },
    {
      do: 'expect',
      what: 'hidden tests pay exactly what is true, and the empty input pays more',
      holds: (state) =>
        Math.abs(overpaid(state, 'hidden tests')) < 1e-6 && overpaid(state, 'empty input') > 0.1,
    },
    {
      do: 'say',
      text: 'The right answer to an empty list is easy to give. What is paid beyond the truth can be learned.',
      at: 'strips',
    },
  ],
};

const preHeated: Demo = {
  id: 'pre-heated',
  title: 'Pre-heated reward models',
  what: 'Four reward models of one recipe, three of which began under noise.',
  steps: [
    { do: 'open', link: quick('pre-heated', 4) },
    {
      do: 'expect',
      what: 'the arms differ in their reward model alone',
      holds: ({ arms }) =>
        arms.map(({ settings }) => settings.reward.rewardModel).join() ===
        'strong,strong-dropout,strong-beta,strong-mask',
    },
    {
      do: 'say',
      text: 'Four reward models learned from the same pairs. Three of them saw half-erased programs in the first 40 % of their steps.',
      at: 'arms',
    },
    { do: 'until', iteration: 1 },
    {
      do: 'expect',
      what: 'in the first iteration all arms have the same programs, and each is told another reward of them',
      holds: ({ arms }) => {
        const first = (metric: MetricKey) => arms.map((arm) => values(arm, metric)[0]);
        return new Set(first('passRate')).size === 1 && new Set(first('rewardPi')).size === 4;
      },
    },
    {
      do: 'say',
      text: 'The same programs, graded by all four: choose one arm and then another, and compare the order.',
      at: 'strips',
    },
  ],
};

const fooledFirst: Demo = {
  id: 'fooled-first',
  title: 'Who is fooled first',
  what: 'Four rewards under the same low price of moving.',
  steps: [
    { do: 'open', link: quick('fooled-first', 4) },
    {
      do: 'expect',
      what: 'the arms differ in what grades their programs',
      holds: ({ arms }) =>
        arms.map(({ settings }) => settings.reward.method).join() === 'oracle,genrm,genrm,model',
    },
    { do: 'until', iteration: 1 },
    {
      do: 'expect',
      what: 'a model that compares reads every program twice, the reward model once, the tests none',
      holds: (state) => {
        // Arms may be an iteration apart by now.
        const passes = ['tests', 'GenRM truth', 'GenRM start', 'strong'].map((name) => {
          const arm = armNamed(state, name);
          return (newest(arm, 'rewardPasses') ?? Number.NaN) / (newest(arm, 'samples') ?? Number.NaN);
        });
        return passes.join() === '0,2,2,1';
      },
    },
    {
      do: 'say',
      text: 'The same requests, graded by execution, by comparing, and by looks alone.',
      at: 'arms',
    },
  ],
};

const naiveJudge: Demo = {
  id: 'naive-judge',
  title: 'Naive judge',
  what: 'One verifier that skips tests which end in an error, and one that does not.',
  steps: [
    { do: 'open', link: quick('naive-judge', 2) },
    { do: 'until', iteration: 1 },
    {
      do: 'say',
      text: 'Both arms wrote the same programs and are paid when all hidden tests pass. They differ in who runs them.',
      at: 'arms',
    },
    {
      do: 'expect',
      what: 'the true judge pays what is true, and the naive one pays as much or more',
      holds: (state) =>
        Math.abs(overpaid(state, 'true judge')) < 1e-6 && overpaid(state, 'naive judge') > -1e-6,
    },
    { do: 'see', part: 'metric-score', text: /Training score/ },
    {
      do: 'say',
      text: 'Dotted: what the naive judge makes of the same programs. The gap is what can be had without being right.',
      at: 'metric-score',
    },
  ],
};

export const rewardDemos: readonly Demo[] = [
  systematicMiddle,
  rewardParts,
  visibleTests,
  naiveJudge,
  preHeated,
  fooledFirst,
];
