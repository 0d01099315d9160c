/** Demos of the station Sample: which prompts are worked on, and how many responses are begun. */
import { armNamed, values } from '../lessons/frame/readPage.ts';
import type { Demo } from './demo.ts';
import { quick } from './steps.ts';

const choosingPrompts: Demo = {
  id: 'choosing-prompts',
  title: 'Choosing prompts',
  what: 'Five orders of prompts, and what each of them really samples.',
  steps: [
    { do: 'open', link: `${quick('choosing-prompts', 5)}&2.fresh=30` },
    {
      do: 'expect',
      what: 'the arms differ in the order of their prompts',
      holds: ({ arms }) =>
        arms.map(({ settings }) => settings.order.method).join() ===
        'uniform,pre-ppo,curriculum,dynamic,band',
    },
    {
      do: 'say',
      text: 'Five arms that differ in one thing: which requests they work on.',
      at: 'arms',
    },
    { do: 'until', iteration: 2 },
    {
      do: 'expect',
      what: 'a look before the first iteration is counted, and so are groups that were thrown away',
      holds: (state) => {
        // Of the second iteration: a quick arm may be one ahead.
        const [uniform, prePpo, curriculum, dynamic, band] = state.arms.map(
          (arm) => values(arm, 'samples')[1] ?? Number.NaN,
        );
        return curriculum === uniform && prePpo > uniform && band > uniform && dynamic >= uniform;
      },
    },
    {
      do: 'say',
      text: 'Pre-PPO and the band look before they train; dynamic sampling throws groups away. All of that is counted.',
      at: 'station-sample',
    },
  ],
};

const earlyCuts: Demo = {
  id: 'early-cuts',
  title: 'Early cuts',
  what: 'Speculative Rejection as a way of sampling, for PPO and for best-worst.',
  steps: [
    { do: 'open', link: quick('early-cuts', 4) },
    {
      do: 'say',
      text: 'Two arms begin twelve responses to each request and keep five. Those that look worst are cut while they are written.',
      at: 'arms',
    },
    { do: 'until', iteration: 2 },
    {
      do: 'expect',
      what: 'the arms that cut have sampled more, and say how much they threw away',
      holds: (state) =>
        ['PPO-M', 'BW'].every((name) => {
          const [all, cut] = [armNamed(state, name), armNamed(state, `${name} with cuts`)];
          return values(cut, 'samples')[1] > values(all, 'samples')[1] && values(cut, 'thrownShare')[1] > 0;
        }),
    },
    {
      do: 'say',
      text: 'Best-worst needs a bad program for contrast. What is cut first is the worst.',
      at: 'station-filter',
    },
  ],
};

export const samplingDemos: readonly Demo[] = [choosingPrompts, earlyCuts];
