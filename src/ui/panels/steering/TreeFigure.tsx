/** The tree of Figure 4 of Q#, under both rules side by side: the way that is likely is thick, and η moves it. */
import { useState } from 'react';
import type { GuideRule } from '../../../core/decoding/guidance.ts';
import { guideTree, type TreeChoice, treePays } from '../../../core/decoding/tree.ts';
import { fixed, percent } from '../../../core/numberText.ts';
import { FigureSliders, FigureTable } from './Figure.tsx';
import styles from './steering.module.css';

const rules: readonly { rule: GuideRule; label: string }[] = [
  { rule: 'cd', label: 'CD: p/η' },
  { rule: 'q-sharp', label: 'Q#: ln(1 + p(e^(1/η) − 1))' },
];
const numbers: readonly { label: string; of: (choice: TreeChoice) => string }[] = [
  { label: 'goes left', of: ({ left }) => percent(left, 1) },
  { label: 'mean reward', of: ({ reward }) => fixed(reward, 3) },
  { label: 'KL of the first step', of: ({ firstKl }) => fixed(firstKl, 3) },
  { label: 'KL of the path', of: ({ kl }) => fixed(kl, 3) },
];

export function TreeFigure() {
  const [eta, setEta] = useState(1);
  const [left, setLeft] = useState(0.5);
  const choices = rules.map((each) => ({ ...each, choice: guideTree(each.rule, left, 1 / eta) }));
  return (
    <section className={styles.figure} aria-label="The tree of Figure 4" data-part="tree">
      <div className={styles.trees}>
        {choices.map(({ rule, label, choice }) => (
          <figure key={rule}>
            <Tree choice={choice} label={label} />
            <figcaption>{label}</figcaption>
          </figure>
        ))}
      </div>
      <FigureSliders
        sliders={[
          { label: 'η', value: eta, min: 0.02, max: 20, step: 0.01, log: true, onChange: setEta },
          {
            label: 'The starting policy goes left with probability',
            value: left,
            min: 0.01,
            max: 0.99,
            step: 0.01,
            onChange: setLeft,
          },
        ]}
      />
      <FigureTable
        head={[`At η = ${fixed(eta)}`, ...rules.map(({ rule }) => (rule === 'cd' ? 'CD' : 'Q#'))]}
        rows={numbers.map(({ label, of }) => ({
          name: label,
          cells: choices.map(({ choice }) => of(choice)),
        }))}
      />
    </section>
  );
}

const at = { root: [75, 14], left: [32, 74], right: [112, 74], one: [84, 134], none: [138, 134] } as const;

function Tree({ choice: { left, leaf }, label }: { choice: TreeChoice; label: string }) {
  const edges = [
    [at.root, at.left, left],
    [at.root, at.right, 1 - left],
    [at.right, at.one, (1 - left) * leaf],
    [at.right, at.none, (1 - left) * (1 - leaf)],
  ] as const;
  const said = `${label}: left ${percent(left, 1)}, right ${percent(1 - left, 1)}, of that ${percent(leaf, 1)} to the leaf that pays 1`;
  return (
    <svg viewBox="0 0 160 166" role="img" aria-label={said}>
      {edges.map(([[x1, y1], [x2, y2], share]) => (
        <line
          key={`${x1} ${x2}`}
          x1={x1}
          y1={y1}
          x2={x2}
          y2={y2}
          stroke="var(--accent)"
          strokeLinecap="round"
          strokeWidth={0.6 + 9 * share}
          strokeOpacity={0.35 + 0.65 * share}
        />
      ))}
      <text x={at.left[0]} y={at.left[1] + 20}>
        {treePays.left}
      </text>
      <text x={at.one[0]} y={at.one[1] + 20}>
        1
      </text>
      <text x={at.none[0]} y={at.none[1] + 20}>
        0
      </text>
      <text x={28} y={40}>
        {percent(left, 0)}
      </text>
      <text x={122} y={40}>
        {percent(1 - left, 0)}
      </text>
      <text x={76} y={108}>
        {percent(leaf, 0)}
      </text>
    </svg>
  );
}
