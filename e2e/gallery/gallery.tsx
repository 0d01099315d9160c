/** Every figure in every state, on one page, with made-up data: `npx vite`, then /e2e/gallery/gallery.html. Not shipped. */
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { XAxis } from '../../src/lab/state/store.ts';
import { settingsWith } from '../../src/rlhf/catalogue/paths.ts';
import { LearningCurves } from '../../src/ui/charts/curves/LearningCurves.tsx';
import { FilterLab } from '../../src/ui/panels/filterlab/FilterLab.tsx';
import { Inspector } from '../../src/ui/panels/inspector/Inspector.tsx';
import { RankStrips } from '../../src/ui/strips/RankStrips.tsx';
import '../../src/ui/theme.css';
import { madeArm, madeIteration, madeResponses, world } from './galleryData.ts';

const parameters = new URLSearchParams(location.search);
document.documentElement.dataset.theme = parameters.get('theme') ?? 'light';

const full = [
  madeArm('PPO-M', 0, 40, 0.5),
  madeArm('BW', 1, 40, 0.47),
  madeArm('BR', 2, 30, 0.45),
  madeArm('BoN', 3, 40, 0.4),
];
const hacked = [
  madeArm('PPO-M', 0, 40, 0.5, { origin: 'recorded' }),
  madeArm('beta .02', 1, 40, 0.3, { hacked: true, synthetic: true }),
];

/** Points arrive one by one, as from a trainer. */
function Streaming() {
  const [length, setLength] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setLength((now) => Math.min(40, now + 1)), 120);
    return () => clearInterval(timer);
  }, []);
  const arms = full.slice(0, 2).map((arm) => ({
    ...arm,
    ghost: arm,
    iterations: arm.iterations.slice(0, length),
    evaluations: arm.evaluations.filter((row) => row.iteration <= length),
  }));
  const [axis, setAxis] = useState<XAxis>('iteration');
  return <LearningCurves arms={arms} axis={axis} onAxis={setAxis} moment={null} onMoment={() => {}} />;
}

function Curves(props: { arms: typeof full; moment: number | null }) {
  const [axis, setAxis] = useState<XAxis>('iteration');
  const [moment, setMoment] = useState(props.moment);
  return (
    <LearningCurves arms={props.arms} axis={axis} onAxis={setAxis} moment={moment} onMoment={setMoment} />
  );
}

function Strips() {
  const [iteration, setIteration] = useState(1);
  const record = madeIteration(iteration);
  const [row, setRow] = useState(7);
  return (
    <>
      <button type="button" onClick={() => setIteration(iteration + 1)}>
        next iteration
      </button>
      <RankStrips
        samples={record.samples}
        iteration={iteration}
        selected={row}
        onSelect={setRow}
        promptOf={(problem) => world.train[problem].prompt}
      />
      <hr />
      <Inspector
        armName="BW"
        record={record}
        row={row}
        problems={world.train}
        onSelect={setRow}
        onIteration={(step) => setIteration(iteration + step)}
        firstIteration={iteration === 1}
        judge={async (_, problem) => ({
          outcomes: problem.tests.map((test, index) =>
            index % 4 === 3
              ? { passed: false, error: 'TypeError: a.foo is not a function' }
              : { passed: index % 3 > 0, actual: JSON.stringify(test.expected) },
          ),
        })}
      />
    </>
  );
}

function Filters(props: { rows: number; method: string; truth?: boolean }) {
  const responses = madeResponses(props.rows, props.truth ?? true);
  return (
    <FilterLab
      responses={responses}
      settings={settingsWith({
        method: props.method,
        ...(props.method === 'top-bott' ? { thresholdHigh: 0.4, thresholdLow: -0.4 } : {}),
      })}
      onApply={() => {}}
      runCustom={async (_, { reward }) => reward.map((r) => Math.abs(r))}
    />
  );
}

const scenes = {
  curves: () => <Curves arms={full} moment={20} />,
  hacked: () => <Curves arms={hacked} moment={null} />,
  empty: () => <Curves arms={[madeArm('BW', 1, -1, 0.4)]} moment={null} />,
  streaming: () => <Streaming />,
  strips: () => <Strips />,
  filters: () => <Filters rows={2400} method="bw" />,
  thresholds: () => <Filters rows={50_000} method="top-bott" />,
  custom: () => <Filters rows={1200} method="custom" />,
  untrue: () => <Filters rows={1200} method="br" truth={false} />,
};
type Scene = keyof typeof scenes;

const wanted = parameters.get('scene');
const shown = (Object.keys(scenes) as Scene[]).filter((scene) => wanted === null || scene === wanted);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <main style={{ display: 'grid', gap: '2rem', padding: '1rem', maxWidth: 1200, margin: '0 auto' }}>
      <h1>Gallery of figures</h1>
      {shown.map((scene) => (
        <section key={scene} style={{ minWidth: 0 }}>
          <h2>{scene}</h2>
          {scenes[scene]()}
        </section>
      ))}
    </main>
  </StrictMode>,
);
