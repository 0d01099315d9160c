/**
 * A thousand runs of real size merged: their files read from disk, each checked, the statistics, and what is written.
 * Numbers are made up; their count and length are those of real runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partOf, writeStudy } from '../../../scripts/study/mergeCommand.ts';
import type { BenchOptions, BenchTable } from '../../core/benchmark.ts';
import { stream } from '../../core/random.ts';
import { mergeStudy } from './mergeStudy.ts';
import { planFile, planText, readRun, runFolder, type StudyRun } from './studyFiles.ts';
import { somePlan, someRun } from './testing/someStudy.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const iterations = 40;
const prompts = 48;
const perPrompt = 5;
/** What a run logs of an iteration, and of a look. */
const metricsOfIteration = 27;
const metricsOfLook = 8;

export async function benchNode({ quick }: BenchOptions): Promise<BenchTable[]> {
  const [cells, seeds] = quick ? [5, 3] : [10, 10];
  const folder = mkdtempSync(join(tmpdir(), 'filtrate-merge-'));
  try {
    const runs = manyRuns(cells, 10, seeds);
    mkdirSync(join(folder, runFolder));
    writeFileSync(join(folder, planFile), planText(somePlan(runs)));
    let bytes = 0;
    for (const run of runs) {
      const text = `${JSON.stringify(run)}\n`;
      bytes += text.length;
      writeFileSync(join(folder, runFolder, `${run.id}.json`), text);
    }
    const rows: BenchTable['rows'] = [];
    const timed = <T>(what: string, work: () => T): T => {
      const [start, before] = [performance.now(), process.cpuUsage()];
      const result = work();
      const { user, system } = process.cpuUsage(before);
      rows.push({ what, seconds: since(start), 'of processor': rounded((user + system) / 1e6), aim: null });
      return result;
    };
    const part = timed('reading the files', () => partOf(folder));
    timed('checking each of them', () => {
      for (const { text } of part.runs) readRun(text);
    });
    const merged = timed('checking and the statistics', () => mergeStudy([part], { partial: false }));
    if (!merged.study) throw new Error(merged.faults.join('\n'));
    timed('writing study.json and metrics.jsonl', () => writeStudy(folder, merged.study!, merged.runs));
    const start = performance.now();
    const command = ['--import', 'tsx', 'scripts/experiment.ts', '--merge', folder];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    rows.push({
      what: 'the command, its start included',
      seconds: since(start),
      'of processor': null,
      aim: quick ? null : 10,
    });
    return [
      {
        title: `${runs.length.toLocaleString('en-GB')} runs merged`,
        note: `${cells} cells × 10 filters × ${seeds} seeds of ${iterations} iterations and ${prompts * perPrompt} responses; ${(bytes / runs.length / 1000).toFixed(0)} kB a run, ${(bytes / 1e6).toFixed(0)} MB in all. One core, once each.`,
        rows,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rounded = (seconds: number) => Number(seconds.toFixed(2));
const since = (start: number) => rounded((performance.now() - start) / 1000);

function manyRuns(cells: number, arms: number, seeds: number): StudyRun[] {
  const names = ['PPO-M', 'Rand2', 'BW', 'BoN', ...Array.from({ length: arms - 4 }, (_, i) => `filter ${i}`)];
  return Array.from({ length: seeds }, (_, i) => i + 1).flatMap((seed) =>
    Array.from({ length: cells }, (_, i) => `cell ${i}`).flatMap((cell) =>
      names.map((arm) => realSize(someRun({ cell, arm, seed }))),
    ),
  );
}

/** The run with as many responses, rows and metrics as a real one has. */
function realSize(run: StudyRun): StudyRun {
  const rng = stream(run.seed, 'size', run.cell ?? '', run.arm);
  const metrics = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`metricNumber${i}`, rng.uniform()]));
  const column = (value: (row: number) => number) =>
    Array.from({ length: prompts * perPrompt }, (_, row) => value(row));
  const looks = [0, 5, 10, 15, 20, 25, 30, 35, 40];
  return {
    ...run,
    evaluations: looks.map((iteration) => ({
      iteration,
      metrics: { ...metrics(metricsOfLook - 1), heldPass: 0.4 + rng.uniform() / 5 },
    })),
    iterations: Array.from({ length: iterations }, (_, i) => ({
      iteration: i + 1,
      metrics: {
        ...metrics(metricsOfIteration - 2),
        updateTokens: (run.arm === 'PPO-M' ? 8000 : 3200) * (i + 1),
        samples: prompts * perPrompt * (i + 1),
      },
    })),
    start: {
      reward: column(() => 2 * rng.uniform() - 1),
      score: column(() => rng.int(2)),
      group: column((row) => Math.floor(row / perPrompt)),
      problem: column((row) => Math.floor(row / perPrompt)),
      uses: column(() => (run.arm === 'PPO-M' ? 1 : rng.int(2))),
    },
  };
}
