/** Methods of the field as they are composed here: a loss, and what the other stations bring to it. */
import { catalogue } from '../../rlhf/catalogue/catalogue.ts';
import type { About } from '../../rlhf/catalogue/method.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';

export interface Recipe {
  id: string;
  label: string;
  /** What it is made of, in one line. */
  what: string;
  family: 'Policy gradients' | 'Pairs' | 'Labels and lists' | 'Imitation' | 'Compositions';
  /** How it differs from the defaults, by name: also the knobs of its link. */
  changes: Readonly<Record<string, string | number>>;
}

const families: readonly [Recipe['family'], readonly string[]][] = [
  ['Policy gradients', ['ppo', 'reinforce', 'rloo', 'grpo', 'dr-grpo', 'dapo']],
  ['Pairs', ['dpo', 'cdpo', 'ipo', 'slic', 'simpo', 'orpo', 'cpo', 'dpop', 'r-dpo', 'sppo', 'tdpo']],
  ['Labels and lists', ['kto', 'rrhf', 'pro']],
  ['Imitation', ['imitation', 'bond', 'j-bond']],
];

/** Steps that suit losses without a price of moving: at PPO's size they leave the start by many nats. */
const small = { learningRate: 3e-5 };

const compositions: readonly Recipe[] = [
  ['pf-ppo', 'PF-PPO, BW', 'PPO on the best and the worst of each prompt.', { filter: 'bw' }],
  ['raft', 'RAFT', 'Imitation of the best of N.', { filter: 'bon', update: 'imitation' }],
  [
    'offline-dpo',
    'Offline DPO',
    'DPO on pairs that the starting policy once wrote.',
    { filter: 'far', decode: 'stored', update: 'dpo' },
  ],
  [
    'iterative-dpo',
    'Iterative DPO',
    'DPO in rounds: each has a store and a reference of its own.',
    { filter: 'far', decode: 'stored', reference: 'renewed', renewEvery: 10, update: 'dpo' },
  ],
  [
    'online-dpo',
    'Online DPO',
    'DPO on the best and the worst of fresh samples.',
    { filter: 'bw', update: 'dpo' },
  ],
].map(
  ([id, label, what, changes]) =>
    ({
      id,
      label,
      what,
      family: 'Compositions',
      changes: { ...(changes as Recipe['changes']), ...(id === 'pf-ppo' ? {} : small) },
    }) as Recipe,
);

/** Every loss on everything that is sampled, and what is known by a name of its own. */
export const recipes: readonly Recipe[] = [
  ...families.flatMap(([family, ids]) =>
    ids.map((id): Recipe => {
      const { label, what, brings }: About = catalogue.update.find((update) => update.id === id)!;
      const filter = family === 'Pairs' ? 'bw' : 'ppo-m';
      return {
        id,
        label,
        what,
        family,
        changes: {
          filter,
          ...brings,
          ...(family === 'Policy gradients' || id.endsWith('bond') ? {} : small),
          update: id,
        },
      };
    }),
  ),
  ...compositions,
];

export const recipeSettings = ({ changes }: Recipe): ArmSettings =>
  settingsWith({ filter: 'ppo-m', ...changes });
