/**
 * `npm run preparations`: starting policies and reward models that were pre-heated under no noise, dropout, fixed Beta
 * noise and a learned mask, over seeds, headless; writes docs/preparations.md, and the masks that the page shows as recorded.
 *
 *   npm run preparations -- [--seeds 8] [--minutes 4] [--out build/preparations]
 *
 * What is measured is kept in a file of the folder, so that a run that was stopped goes on where it was; with --minutes it
 * stops by itself.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startThreadJudge } from '../../src/judge/testing/threadJudge.ts';
import { judgeThrough } from '../../src/lab/trainer/arm/judging.ts';
import type { JobContext } from '../../src/lab/trainer/jobs/job.ts';
import { shippedWorldSeed, worldTasks } from '../../src/lab/trainer/worldTasks.ts';
import { loadCheckpoint } from '../../src/nn/checkpoint/checkpoint.ts';
import { openSimd } from '../../src/nn/simd/open.ts';
import { type NoiseKind, noNoise } from '../../src/rlhf/prepare/noise/settings.ts';
import { writeBeforeTheLoop } from '../output/beforeTheLoop.ts';
import { timeText } from '../output/progressLine.ts';
import {
  budget,
  learnedMasks,
  type Measured,
  measurePolicy,
  measureRewardModel,
  type RewardGround,
  rewardGround,
} from './preparations/measure.ts';
import { completeRows, parts, preparationsPage, type Row, readRows } from './preparations/page.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '0' },
    out: { type: 'string', default: 'build/preparations' },
  },
});
const seeds = Number(values.seeds);
if (!(Number.isInteger(seeds) && seeds >= 2))
  throw new RangeError('--seeds must be a whole number of 2 or more.');
const minutes = Number(values.minutes);
if (!(minutes >= 0)) throw new RangeError('--minutes must be a number, 0 for no limit.');

/** The learned mask goes before the noise whose mean is to be that of the learned mask. */
const order: readonly NoiseKind[] = ['none', 'learned', 'dropout', 'beta'];
const settings = Object.fromEntries(
  parts.map((part) => [part, JSON.stringify({ ...budget[part], ...budget.measure, ...noNoise })]),
) as Record<Row['part'], string>;
mkdirSync(values.out, { recursive: true });
const file = join(values.out, 'rows.jsonl');
const rows: Row[] = existsSync(file) ? readRows(readFileSync(file, 'utf8'), settings) : [];
const find = (part: Row['part'], seed: number, noise: NoiseKind) =>
  rows.find((row) => row.part === part && row.seed === seed && row.noise === noise);

await openSimd();
const world = worldTasks(shippedWorldSeed);
const judge = startThreadJudge();
const path = new URL('../../public/checkpoints/default/policy/', import.meta.url);
const policy = loadCheckpoint({
  config: readFileSync(new URL('config.json', path), 'utf8'),
  model: new Uint8Array(readFileSync(new URL('model.safetensors', path))),
});

const started = performance.now();
const total = parts.length * seeds * order.length;
const before = Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
  parts.flatMap((part) => order.filter((noise) => find(part, seed, noise))),
).length;
let done = before;
let outOfTime = false;
for (const part of parts) {
  for (let seed = 1; seed <= seeds; seed++) {
    const context: JobContext = {
      seed,
      world,
      judge: judgeThrough(judge.client),
      stopped: () => false,
      report: () => {},
    };
    let ground: RewardGround | null = null;
    for (const noise of order) {
      if (find(part, seed, noise)) continue;
      outOfTime ||= minutes > 0 && performance.now() - started > minutes * 60_000;
      if (outOfTime) break;
      const maskMean = noise === 'learned' ? noNoise.maskMean : matched(find(part, seed, 'learned')?.numbers);
      const asked = { ...noNoise, noise, maskMean };
      let numbers: Measured;
      if (part === 'policy') numbers = await measurePolicy(asked, context);
      else {
        ground ??= await rewardGround(policy, context);
        numbers = await measureRewardModel(asked, policy, ground, context);
      }
      const row: Row = { settings: settings[part], part, seed, noise, numbers };
      rows.push(row);
      appendFileSync(file, `${JSON.stringify(row)}\n`);
      done++;
      const left = ((performance.now() - started) / 1000 / (done - before)) * (total - done);
      console.log(`${done}/${total}  ${timeText(left)} left  seed ${seed}, ${part}, ${noise}`);
    }
  }
}
judge.dispose();

/** The mean that the learned mask of the same seed had while it pre-heated, within what the knob allows. */
function matched(learned: Measured | undefined): number {
  return Math.min(0.95, Math.max(0.1, learned?.maskMean ?? noNoise.maskMean));
}

if (parts.some((part) => completeRows(rows, part).length < 2 * order.length)) {
  console.log('A part has fewer than two seeds, so there is no page to write; the same command goes on.');
} else {
  writeFileSync('docs/preparations.md', preparationsPage(rows, seeds, budget));
  writeBeforeTheLoop();
  writeFileSync(
    'src/ui/panels/training/recordedMasks.json',
    `${JSON.stringify(await learnedMasks(1, world))}\n`,
  );
  console.log(
    outOfTime
      ? `Stopped after ${minutes} minutes. docs/preparations.md has what there is; the same command goes on.`
      : 'docs/preparations.md is written.',
  );
}
