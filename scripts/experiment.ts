/**
 * `npm run experiment`: runs a comparison in the built page, headless, and leaves its results in a folder.
 *
 *   npm run experiment -- --arms ppo-m,bw --seeds 3 --iterations 40 --out results
 *   npm run experiment -- --preset unreliable-middle --seeds 5
 *   npm run experiment -- SPEC.json --set beta=0.1
 *   npm run experiment -- GRID.json --shard 2/5 --out study
 *   npm run experiment -- --merge study
 *
 * docs/automation.md describes the spec and the files. Ctrl-C stops the runs and keeps what is done.
 */
import { readFileSync } from 'node:fs';
import type { Experiment, ExperimentEvent } from '../src/lab/automation/automation.ts';
import { summaryTable } from '../src/lab/records/summary.ts';
import { parseSpec, SpecError } from '../src/lab/settings/experimentSpec.ts';
import { StudyFileError } from '../src/lab/studies/studyFiles.ts';
import { openPage } from './headless/page.ts';
import { ExperimentFiles } from './output/experimentFiles.ts';
import { ProgressLine } from './output/progressLine.ts';
import { table } from './output/table.ts';
import { codeHash } from './study/code.ts';
import { readCommandLine, UsageError, usage } from './study/commandLine.ts';
import { computeStudy } from './study/computeStudy.ts';
import { mergeCommand } from './study/mergeCommand.ts';
import { planOf } from './study/plan.ts';
import { ShardError, shareOf } from './study/shard.ts';
import { StudyFolderError } from './study/studyFolder.ts';

async function main(): Promise<number> {
  const line = readCommandLine();
  if (!line) {
    console.log(usage);
    return 0;
  }
  if (line.merge) return mergeCommand(line.merge, line);
  const spec = parseSpec(line.input);
  if (line.plan) {
    for (const { id, cell, arm, seed } of shareOf(planOf(spec, codeHash()).runs, line.shard))
      console.log([id, cell ?? '', arm, seed].join('\t'));
    return 0;
  }
  const webgpu = spec.backend === 'webgpu' ? line.adapter : undefined;
  if (line.study) {
    const { input, out, shard, headed } = line;
    const plan = planOf(spec, codeHash());
    return computeStudy({ input, spec, plan, out, shard, page: { webgpu, headed } });
  }
  const lab = await openPage({
    webgpu,
    headed: line.headed,
    keepOnInterrupt: true,
  });
  const files = new ExperimentFiles(line);
  const progress = new ProgressLine(spec);
  let interrupted = false;
  let interruptedAt = Number.NEGATIVE_INFINITY;
  let broken: Error | null = null;
  try {
    const { page } = lab;
    const crashed = new Promise<never>((_, reject) => {
      page.on('crash', () => reject(new Error('The page crashed. What was computed before is kept.')));
      page.on('close', () => reject(new Error('The page was closed. What was computed before is kept.')));
    });
    await page.exposeFunction('experimentEvent', (event: ExperimentEvent) => {
      files.write(event);
      progress.hear(event);
    });
    await page.evaluate(
      ([input, policies]) => {
        const shared = window as unknown as {
          experiment: Experiment;
          experimentEvent(event: unknown): Promise<void>;
        };
        shared.experiment = window.filtrate.experiment(input, { keepSamples: false, policies });
        shared.experiment.listen((event) => void shared.experimentEvent(event));
        shared.experiment.start();
      },
      [line.input, line.checkpoints] as const,
    );
    process.on('SIGINT', () => {
      // One Ctrl-C can arrive twice: from the terminal, and passed on by the program that started this one.
      if (performance.now() - interruptedAt < 1000) return;
      if (interrupted) process.exit(130);
      interrupted = true;
      interruptedAt = performance.now();
      progress.say('Stopping; what is done is kept. Ctrl-C again leaves at once.');
      page
        .evaluate(() => (window as unknown as { experiment: Experiment }).experiment.stop())
        .catch(() => {});
    });
    await Promise.race([
      page.evaluate(() => (window as unknown as { experiment: Experiment }).experiment.done),
      crashed,
    ]);
  } catch (error) {
    broken = error as Error;
  }
  const result = progress.result();
  progress.end();
  files.finish({ command: `npm run experiment -- ${process.argv.slice(2).join(' ')}`, spec, ...result });
  await lab.close().catch(() => {});

  if (line.json) console.log(readFileSync(`${line.out}/summary.json`, 'utf8').trimEnd());
  else {
    const { head, rows } = summaryTable(result.summary);
    console.log(`\n${table(head, rows)}\n`);
    console.log(
      'held start, held end: pass rate on held-out problems, sampled; end is the mean of the last two',
    );
    console.log(
      'evaluations. reward, KL, R²: means of the last five iterations. ±: standard error over seeds.',
    );
    console.log(`Results are in ${line.out}/`);
  }
  for (const run of result.runs) {
    if (run.state === 'failed') console.error(`${run.arm}, seed ${run.seed}: ${run.error?.message}`);
  }
  if (broken) console.error(broken.message);
  if (interrupted) return 130;
  // A time limit that was asked for is no failure.
  const asAsked = result.runs.every((run) => run.state === 'finished' || run.endedBy === 'seconds');
  return broken || !asAsked ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = [UsageError, SpecError, ShardError, StudyFolderError, StudyFileError].some(
    (kind) => error instanceof kind,
  );
  const badOption = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(known || badOption ? (error as Error).message : error);
  if (badOption) console.error(usage);
  process.exitCode = 2;
}
