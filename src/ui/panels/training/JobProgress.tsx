/** A training job as it goes: how far, how long still, and what it has learned so far. */
import { Progress } from '@base-ui/react/progress';
import type { CSSProperties } from 'react';
import { grouped, percent } from '../../../core/numberText.ts';
import type { TrainingJob } from '../../../lab/state/store.ts';
import { slotText } from '../../../lab/trainer/models/modelSlots.ts';
import { duration } from '../../hero/heroText.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useLab, useLaboratory } from '../../useLab.ts';
import { JobMasks } from './Masks.tsx';
import styles from './training.module.css';

/** Numbers that a job may report: how they are called, and whether they are shares. */
const reported: Record<string, { label: string; share?: true; digits?: number }> = {
  loss: { label: 'Loss', digits: 3 },
  passRate: { label: 'Programs that pass', share: true },
  heldPass: { label: 'Held-out pass rate', share: true },
  heldPassSteered: { label: 'The same, steered', share: true },
  heldVerdictAccuracy: { label: 'Pass told from fail, at the last token', share: true },
  heldPairAccuracy: { label: 'Held-out pairs told apart', share: true },
  heldPassFailAccuracy: { label: 'Pass told from fail', share: true },
  heldPassFailWithoutTruth: { label: 'The same beside another program', share: true },
  heldMiddleAccuracy: { label: 'Pass above fail in its middle', share: true },
  heldTruthCorrelation: { label: 'Correlation with the truth', digits: 2 },
  heldStyleCorrelation: { label: 'Correlation with the style', digits: 2 },
  knownPass: { label: 'Known problems in other words that pass', share: true },
  diversity: { label: 'Difference of its programs', digits: 2 },
  kl: { label: 'KL from the imitating prompt', digits: 2 },
  entries: { label: 'Entries in the store', digits: 0 },
  parameters: { label: 'Parameters of the student', digits: 0 },
  shareOfTeacher: { label: 'Its share of the teacher’s', share: true },
  retrieverNumbers: { label: 'Numbers of the retriever', digits: 0 },
  bytes: { label: 'Bytes of student, store and retriever', digits: 0 },
  pairs: { label: 'Pairs', digits: 0 },
  tokens: { label: 'Tokens', digits: 0 },
  maskMean: { label: 'Mean of the masks', digits: 2 },
};
/** The numbers that get a curve. */
const drawn = ['loss', 'passRate', 'heldPass', 'maskMean'] as const;

function numberText(key: string, value: number): string {
  const { share, digits } = reported[key] ?? { digits: 3 };
  return share ? percent(value, 1) : grouped(value, digits ?? 3);
}

export function JobProgress() {
  const laboratory = useLaboratory();
  const job = useLab((state) => state.training);
  if (!job) return null;
  const last = job.history.at(-1);
  const metrics = job.result ?? last?.metrics ?? {};
  const busy = job.state === 'running' || job.state === 'stopping';
  return (
    <section className={styles.job} aria-label="Training in progress">
      <div className={styles.jobHead}>
        <b>{title(job)}</b>
        <span role="status">{where(job)}</span>
        {job.state === 'running' ? (
          <button type="button" className={styles.stop} onClick={() => laboratory.training.stop()}>
            <Icon name="stop" size={14} /> Stop and keep what was learned
          </button>
        ) : null}
      </div>
      {busy ? (
        <Progress.Root
          value={last ? (100 * last.done) / Math.max(1, last.total) : null}
          aria-label="Training progress"
        >
          <Progress.Track className={styles.track}>
            <Progress.Indicator className={styles.indicator} />
          </Progress.Track>
        </Progress.Root>
      ) : null}
      <dl className={styles.numbers}>
        {Object.entries(metrics)
          .filter(([key, value]) => key in reported && Number.isFinite(value))
          .map(([key, value]) => (
            <div key={key}>
              <dt>{reported[key].label}</dt>
              <dd>{numberText(key, value)}</dd>
              {(drawn as readonly string[]).includes(key) ? <Spark job={job} metric={key} /> : null}
            </div>
          ))}
      </dl>
      <JobMasks job={job} />
      {job.reliability ? <Reliability shares={job.reliability} /> : null}
    </section>
  );
}

function title(job: TrainingJob): string {
  const name = job.slot === 'student' ? 'pocket student' : slotText[job.slot];
  const what = name[0].toUpperCase() + name.slice(1);
  return { running: what, stopping: what, done: `${what}: done`, failed: `${what}: stopped by an error` }[
    job.state
  ];
}

function where(job: TrainingJob): string {
  if (job.state === 'failed') return job.error?.message ?? '';
  if (job.state === 'done')
    return job.slot === 'student' ? 'Its store is in the tab Student.' : 'Arms take it when they start.';
  const last = job.history.at(-1);
  if (!last) return 'opening a worker of its own …';
  if (job.state === 'stopping') return 'stopping, with a last look at the held-out problems …';
  const left = last.secondsLeft === null ? '' : `, ${duration(last.secondsLeft)} left`;
  return `${last.phase}: ${grouped(last.done)} of ${grouped(last.total)}${left}`;
}

/** Where the model can be believed: the share of held-out programs that pass in each tenth of its rewards. */
function Reliability({ shares }: { shares: readonly number[] }) {
  return (
    <figure className={styles.reliability}>
      <figcaption>Held-out programs that pass, by tenth of its rewards, lowest first</figcaption>
      <ol>
        {shares.map((share, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a tenth is its place
          <li key={i} style={{ '--share': share } as CSSProperties}>
            {percent(share)}
          </li>
        ))}
      </ol>
    </figure>
  );
}

const width = 180;
const height = 36;

/** A small curve of one number over the job. The number beside it says the same to those who cannot see it. */
function Spark({ job, metric }: { job: TrainingJob; metric: string }) {
  const values = job.history
    .map((report) => report.metrics[metric])
    .filter((value) => Number.isFinite(value));
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const points = values.map((value, i) => {
    const x = (i / (values.length - 1)) * width;
    return `${x.toFixed(1)},${(height - 2 - ((value - low) / span) * (height - 4)).toFixed(1)}`;
  });
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      <polyline points={points.join(' ')} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
    </svg>
  );
}
