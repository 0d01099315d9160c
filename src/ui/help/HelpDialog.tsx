/** Keys, words, and what to try first. */
import { actionGroups } from '../../lab/actions/action.ts';
import { actions, labelOf } from '../../lab/actions/actions.ts';
import { keyCap } from '../../lab/actions/keys.ts';
import { barred } from '../../lab/view/teaching.ts';
import { apple } from '../parts/ActionButton.tsx';
import { Sheet } from '../parts/Sheet.tsx';
import { useLab, useLaboratory } from '../useLab.ts';
import styles from './help.module.css';

const words: readonly (readonly [word: string, meaning: string])[] = [
  ['reward r', 'what the reward model says about a program. It can be wrong.'],
  ['score s', 'the share of hidden tests that the program passes when it is executed. A pass is s = 1.'],
  ['group', 'the N programs that the policy wrote for one prompt in one iteration.'],
  ['filter', 'chooses, by reward, which programs of a group may be learned from.'],
  ['π and μ', 'everything that the policy sampled, and what the filter kept of it.'],
  ['KL', 'how far the policy has moved from where it started; beta is its price.'],
  ['arm', 'one method in the comparison. All arms share seed, starting policy and prompts.'],
];

export function HelpDialog() {
  const laboratory = useLaboratory();
  const open = useLab((state) => state.panels.includes('help'));
  return (
    <Sheet
      open={open}
      onOpen={(next) => laboratory.view.setPanel('help', next)}
      title="How to use the laboratory"
      closes="Close help"
      lead="A small transformer writes JavaScript functions; a reward model grades them; this tab executes them to learn how good they really are; PPO trains on those that a filter lets through. Watch how the choice of filter changes what is learned."
    >
      <h3>Try this first</h3>
      <ol className={styles.steps}>
        <li>Press play: the recorded curves give way to a run computed here.</li>
        <li>Choose the preset Reward hacking: the reward climbs while the truth falls.</li>
        <li>Step station by station and look at the rank strips: which programs does the filter keep?</li>
        <li>Choose a program in a strip to read it beside its tests.</li>
      </ol>
      <h3>Words</h3>
      <dl className={styles.words}>
        {words.map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <h3>Keys</h3>
      <Keys />
    </Sheet>
  );
}

function Keys() {
  const laboratory = useLaboratory();
  const state = laboratory.store.getState();
  const withKeys = actions.filter((action) => action.keys.length > 0 && !barred(state, action));
  return (
    <ul className={styles.keys}>
      <li>
        <span>
          <kbd>{keyCap('mod+k', apple)}</kbd>
        </span>
        Every command by name
      </li>
      {actionGroups.flatMap((group) =>
        withKeys
          .filter((action) => action.group === group)
          .map((action) => (
            <li key={action.id}>
              <span>
                {action.keys.map((key) => (
                  <kbd key={key}>{keyCap(key, apple)}</kbd>
                ))}
              </span>
              {action.id === 'play' ? 'Play or pause' : labelOf(action, { ...state, undo: null })}
            </li>
          )),
      )}
    </ul>
  );
}
