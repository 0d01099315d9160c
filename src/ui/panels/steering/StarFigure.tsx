/**
 * A star graph that training did not see: how likely the imitator enters each arm, how likely the value network says that
 * the goal is behind it, and where guidance goes, at the η of the slider; and how often each way of walking arrives.
 */
import { useEffect, useState } from 'react';
import { guideOffset } from '../../../core/decoding/guidance.ts';
import { fixed, grouped, percent } from '../../../core/numberText.ts';
import { type PublishedStar, readStar } from '../../../lab/records/publishedStar.ts';
import { useLaboratory } from '../../useLab.ts';
import { FigureSliders, FigureTable } from './Figure.tsx';
import styles from './steering.module.css';

type Graph = PublishedStar['graphs'][number];

export function StarFigure() {
  const laboratory = useLaboratory();
  const [star, setStar] = useState<PublishedStar | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [graph, setGraph] = useState(0);
  const [eta, setEta] = useState(0.3);
  useEffect(() => {
    let wanted = true;
    readStar(laboratory.fetchBytes).then(
      (read) =>
        wanted &&
        (read ? setStar(read) : setTrouble('The results on star graphs do not come with this build.')),
      (error: Error) => wanted && setTrouble(`The results on star graphs cannot be used: ${error.message}`),
    );
    return () => {
      wanted = false;
    };
  }, [laboratory]);
  if (trouble !== null) return <p role="alert">{trouble}</p>;
  if (star === null) return null;
  // The goal's arm is not always the first to be drawn.
  const arms = [...star.graphs[graph].arms].sort((a, b) => a.path[0] - b.path[0]);
  const shown = { ...star.graphs[graph], arms };
  const guided = enters(shown, 1 / eta);
  return (
    <section className={styles.figure} aria-label="The star graph" data-part="star">
      <Drawing graph={shown} guided={guided} />
      <FigureSliders
        sliders={[
          { label: 'η', value: eta, min: 0.05, max: 20, step: 0.01, log: true, onChange: setEta },
          {
            label: 'Graph',
            value: graph + 1,
            min: 1,
            max: star.graphs.length,
            onChange: (value) => setGraph(value - 1),
          },
        ]}
      />
      <FigureTable
        head={['arm', 'imitation', 'p(goal)', `Q#, η ${fixed(eta)}`]}
        rows={arms.map(({ path, reference, success }, arm) => ({
          name: `${path.join(' → ')}${path.at(-1) === shown.goal ? ', the goal' : ''}`,
          cells: [reference, success, guided[arm]].map((share) => percent(share, 1)),
        }))}
      />
      <FigureTable
        caption={`Reaches the goal, of ${grouped(star.looked)} graphs that training did not see, mean of ${star.seeds} seeds; guidance at η ${star.eta}`}
        rows={star.rates.map(({ name, rate }) => ({ name, cells: [percent(rate, 1)] }))}
      />
    </section>
  );
}

/** How likely each arm is entered under guidance, among the arms. */
function enters({ arms }: Graph, inverse: number): number[] {
  const weights = arms.map(
    ({ reference, success }) =>
      reference * Math.exp(guideOffset('q-sharp', Math.log(success / (1 - success)), inverse)),
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / whole);
}

function Drawing({ graph: { arms, source, goal }, guided }: { graph: Graph; guided: number[] }) {
  const at = (arm: number, step: number) => [70 + 62 * step, 24 + 46 * arm] as const;
  const middle = 24 + 23 * (arms.length - 1);
  const said = arms
    .map(
      ({ path }, arm) =>
        `${percent(guided[arm], 0)} to ${path.join(', ')}${path.at(-1) === goal ? ', the goal' : ''}`,
    )
    .join('; ');
  return (
    <svg
      className={styles.star}
      viewBox={`0 0 ${48 + 62 * arms[0].path.length} ${48 + 46 * (arms.length - 1)}`}
      role="img"
      aria-label={`From node ${source}: ${said}`}
    >
      {arms.map(({ path }, arm) =>
        path.map((node, step) => {
          const [x, y] = at(arm, step);
          const [fromX, fromY] = step === 0 ? [20, middle] : at(arm, step - 1);
          return (
            <line
              key={node}
              x1={fromX}
              y1={fromY}
              x2={x}
              y2={y}
              stroke="var(--accent)"
              strokeLinecap="round"
              strokeWidth={0.6 + 7 * guided[arm]}
              strokeOpacity={0.35 + 0.65 * guided[arm]}
            />
          );
        }),
      )}
      <Node x={20} y={middle} name={source} goal={false} />
      {arms.map(({ path }, arm) =>
        path.map((node, step) => {
          const [x, y] = at(arm, step);
          return <Node key={node} x={x} y={y} name={node} goal={node === goal} />;
        }),
      )}
    </svg>
  );
}

function Node({ x, y, name, goal }: { x: number; y: number; name: number; goal: boolean }) {
  return (
    <>
      <circle
        cx={x}
        cy={y}
        r={13}
        fill="var(--surface)"
        stroke={goal ? 'var(--accent)' : 'var(--text-muted)'}
        strokeWidth={goal ? 3 : 1}
      />
      <text x={x} y={y + 4}>
        {name}
      </text>
    </>
  );
}
