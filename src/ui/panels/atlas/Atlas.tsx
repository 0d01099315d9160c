/** The map of alignment methods: which side of each direction a method takes, its formula beside another's, and a run of it. */
import { useState } from 'react';
import { metrics } from '../../../lab/records/metrics.ts';
import {
  type Direction,
  type DirectionId,
  directions,
  type Position,
  positionOf,
} from '../../../lab/settings/directions.ts';
import { type Recipe, recipeSettings, recipes } from '../../../lab/settings/recipes.ts';
import { hasEffect, methodsOf } from '../../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { Choice } from '../../parts/Choice.tsx';
import { withIndices } from '../../parts/Formula.tsx';
import { LockNote } from '../../parts/LockNote.tsx';
import { useLab, useLaboratory, useLocked } from '../../useLab.ts';
import { Origin } from '../settings/MethodChoice.tsx';
import styles from './atlas.module.css';
import { formulaWords, type Word } from './formulaWords.ts';

const families = [...new Set(recipes.map(({ family }) => family))];
const topics = [...new Set(Object.values(directions).map(({ topic }) => topic))];
const byId = (id: string): Recipe => recipes.find((recipe) => recipe.id === id)!;
const alone = 'none';

export function Atlas() {
  const [first, setFirst] = useState('dpo');
  const [second, setSecond] = useState(alone);
  const one = byId(first);
  const other = second === alone || second === first ? null : byId(second);
  const positions = [one, ...(other ? [other] : [])].map((recipe) => positionOf(recipeSettings(recipe)));
  return (
    <div className={styles.atlas}>
      <p className={styles.lead}>
        Every loss of this laboratory on the map of a survey,{' '}
        <a href="https://arxiv.org/abs/2407.16216">arXiv 2407.16216</a>, second-hand: thirteen directions in
        four topics. A method lights the side that it takes. Every filter works with every loss, or the
        settings say why not; what a method needs beside comes with it.
      </p>
      <div className={styles.families}>
        {families.map((family) => (
          <fieldset key={family} className={styles.family}>
            <legend>{family}</legend>
            {recipes
              .filter((recipe) => recipe.family === family)
              .map(({ id, label, what }) => (
                <label key={id} className={styles.recipe} data-chosen={id === first} title={what}>
                  <input type="radio" name="atlas" checked={id === first} onChange={() => setFirst(id)} />
                  {label}
                </label>
              ))}
          </fieldset>
        ))}
      </div>
      <div className={styles.beside}>
        <span>Beside</span>
        <Choice
          label="A second method to compare with"
          value={second}
          options={[
            { value: alone, label: 'no other' },
            ...recipes.filter(({ id }) => id !== first).map(({ id, label }) => ({ value: id, label })),
          ]}
          onChange={setSecond}
        />
      </div>
      <Cards one={one} other={other} />
      <div className={styles.map} data-part="atlas-map">
        {topics.map((topic) => (
          <section key={topic} aria-label={topic}>
            <h3>{topic}</h3>
            {(Object.entries(directions) as [DirectionId, Direction][])
              .filter(([, direction]) => direction.topic === topic)
              .map(([id, direction]) => (
                <Row key={id} direction={direction} taken={positions.map((position) => position[id])} />
              ))}
          </section>
        ))}
      </div>
      {other ? (
        <p className={styles.key}>
          <b data-mark="0">●</b> {one.label} <b data-mark="1">○</b> {other.label}
        </p>
      ) : null}
    </div>
  );
}

function Row({ direction, taken }: { direction: Direction; taken: readonly Position[DirectionId][] }) {
  return (
    <div className={styles.row}>
      <span className={styles.asks}>{direction.asks}</span>
      <ul className={styles.sides}>
        {Object.entries(direction.sides).map(([side, text]) => {
          const by = taken.map((sides) => (sides as readonly string[]).includes(side));
          return (
            <li key={side} data-first={by[0]} data-second={by[1] ?? false}>
              <span aria-hidden="true">
                {by[0] ? '●' : ''}
                {by[1] ? '○' : ''}
              </span>
              {text}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Cards({ one, other }: { one: Recipe; other: Recipe | null }) {
  const laboratory = useLaboratory();
  const locked = useLocked('presets');
  const preset = useLab((state) => state.preset);
  const seed = useLab((state) => state.seed);
  const formulaOf = (recipe: Recipe) => methodsOf(recipeSettings(recipe)).update.formula;
  const [left, right] = other
    ? formulaWords(formulaOf(one), formulaOf(other))
    : [[{ text: formulaOf(one), shared: true }], []];
  const run = () => {
    const baseline = settingsWith({ filter: 'ppo-m' });
    const arms = other
      ? [recipeSettings(one), recipeSettings(other)]
      : [...(one.id === 'ppo' ? [] : [baseline]), recipeSettings(one)];
    const what = other ? `${one.label} and ${other.label}` : one.label;
    void laboratory.open(
      { preset, seed, arms: arms.map((settings) => ({ settings })) },
      `${what} from the atlas`,
    );
  };
  return (
    <>
      <div className={styles.cards}>
        <Card recipe={one} formula={left} />
        {other ? <Card recipe={other} formula={right} /> : null}
      </div>
      <p className={styles.run}>
        <button type="button" disabled={locked} onClick={run}>
          {other ? 'Run both' : one.id === 'ppo' ? 'Run it' : 'Run it beside PPO'}
        </button>
        <span>It takes the place of the arms above, with the same seed; undo brings them back.</span>
        {locked ? <LockNote /> : null}
      </p>
    </>
  );
}

function Card({ recipe, formula }: { recipe: Recipe; formula: readonly Word[] }) {
  const settings = recipeSettings(recipe);
  const { update, filter, decode, reference } = methodsOf(settings);
  const parts = [
    filter.label,
    ...(decode.id === 'plain' ? [] : [decode.label]),
    ...(reference.id === 'starting' || !hasEffect(settings, 'reference') ? [] : [reference.label]),
    update.label,
  ];
  const logged = Object.keys(update.metrics).map((key) => metrics[key as keyof typeof metrics]?.label ?? key);
  return (
    <article className={styles.card} aria-label={recipe.label}>
      <h3>{recipe.label}</h3>
      <p>{recipe.what}</p>
      <p className={styles.formula}>
        {formula.map(({ text, shared }, i) =>
          shared ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a formula never move
            <span key={i}>{withIndices(text)}</span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the words of a formula never move
            <mark key={i}>{withIndices(text)}</mark>
          ),
        )}
      </p>
      <dl>
        <dt>Stations</dt>
        <dd>{parts.join(', ')}</dd>
        <dt>Costs</dt>
        <dd>{update.cost}</dd>
        <dt>Logs beside the rest</dt>
        <dd>{logged.length > 0 ? logged.join(', ') : 'nothing of its own'}</dd>
        <dt>Source</dt>
        <dd>
          <Origin source={update.source} />
        </dd>
      </dl>
    </article>
  );
}
