/**
 * `npm run experiment`: runs a comparison in the built page, headless, and leaves its results in a folder.
 *
 *   npm run experiment -- --arms ppo-m,bw --seeds 3 --iterations 40 --out results
 *   npm run experiment -- --preset unreliable-middle --seeds 5
 *   npm run experiment -- SPEC.json --set beta=0.1
 *
 * docs/automation.md describes the spec and the files. Ctrl-C stops the runs and keeps what is done.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Experiment, ExperimentEvent } from '../src/lab/automation/automation.ts';
import { summaryTable } from '../src/lab/records/summary.ts';
import type { BackendChoice } from '../src/lab/settings/engines.ts';
import { type ExperimentInput, parseSpec, SpecError } from '../src/lab/settings/experimentSpec.ts';
import { changesFromText } from '../src/lab/settings/validate.ts';
import { catalogue } from '../src/rlhf/catalogue.ts';
import { slotNames } from '../src/rlhf/settings.ts';
import type { Adapter } from './browsers.ts';
import { openPage } from './headless/page.ts';
import { ExperimentFiles } from './output/experimentFiles.ts';
import { ProgressLine } from './output/progressLine.ts';
import { table } from './output/table.ts';

/** Every method, by slot, for the help. */
function methodLines(): string {
  return slotNames
    .map((slot) => `                        ${slot}: ${catalogue[slot].map(({ id }) => id).join(', ')}`)
    .join('\n');
}

const usage = `npm run experiment -- [SPEC.json] [options]
  --arms a,b,…        methods, those of one arm joined by "+":
${methodLines()}
  --preset NAME       settings (and arms, unless given) of a preset of the page
  --seeds N | a,b,…   how many seeds, or which (default 1)
  --iterations N      iterations of each run
  --set KNOB=VALUE    any setting of docs/settings.md, for all arms; may be repeated
  --backend NAME      auto, webgpu, simd or plain (default auto)
  --adapter NAME      own or software, for --backend webgpu (default own)
  --concurrency N     most runs at the same time (default: one per core; one on a GPU)
  --plateau N:GAIN    end a run when N looks in a row gain no more than GAIN, such as 3:0.01
  --update-tokens N   end a run with the iteration that reaches so many update tokens
  --seconds N         end everything after so many seconds of computing
  --out DIR           where the results go (default results)
  --tokens            token columns (text, log-probabilities) in rollouts.jsonl
  --no-rollouts       no rollouts.jsonl
  --checkpoints       the trained policy of each run, as a Hugging Face folder
  --json              print summary.json instead of the table
  --headed            show the page`;

/** Wrong use: the message alone is shown, without a stack. */
class UsageError extends Error {}

interface CommandLine {
  input: ExperimentInput;
  adapter: Adapter;
  out: string;
  tokens: boolean;
  rollouts: boolean;
  checkpoints: boolean;
  json: boolean;
  headed: boolean;
}

function readCommandLine(): CommandLine | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      arms: { type: 'string' },
      preset: { type: 'string' },
      seeds: { type: 'string' },
      iterations: { type: 'string' },
      set: { type: 'string', multiple: true, default: [] },
      backend: { type: 'string' },
      adapter: { type: 'string', default: 'own' },
      concurrency: { type: 'string' },
      plateau: { type: 'string' },
      'update-tokens': { type: 'string' },
      seconds: { type: 'string' },
      out: { type: 'string', default: 'results' },
      tokens: { type: 'boolean', default: false },
      rollouts: { type: 'boolean', default: true },
      checkpoints: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      headed: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  if (positionals.length > 1) throw new UsageError(`One spec at a time, not ${positionals.join(' and ')}.`);
  const input: ExperimentInput = positionals.length === 1 ? readSpec(positionals[0]) : {};
  // Numbers that cannot be read stay text, and the check of the spec names them.
  const number = (text: string) =>
    (Number.isNaN(Number(text)) || text === '' ? text : Number(text)) as number;
  if (values.arms !== undefined) input.arms = values.arms.split(',') as ExperimentInput['arms'];
  if (values.preset !== undefined) input.preset = values.preset;
  if (values.seeds !== undefined) {
    input.seeds = values.seeds.includes(',') ? values.seeds.split(',').map(number) : number(values.seeds);
  }
  if (values.iterations !== undefined) input.iterations = number(values.iterations);
  if (values.backend !== undefined) input.backend = values.backend as BackendChoice;
  if (values.concurrency !== undefined) input.concurrency = number(values.concurrency);
  if (values.plateau !== undefined) {
    const [evaluations, gain] = values.plateau.split(':');
    if (gain === undefined)
      throw new UsageError(`--plateau takes N:GAIN, for example 3:0.01, not ${values.plateau}.`);
    input.stop = { ...input.stop, plateau: { evaluations: number(evaluations), gain: number(gain) } };
  }
  if (values['update-tokens'] !== undefined)
    input.stop = { ...input.stop, updateTokens: number(values['update-tokens']) };
  if (values.seconds !== undefined) input.stop = { ...input.stop, seconds: number(values.seconds) };
  for (const change of values.set) {
    const [key, ...rest] = change.split('=');
    if (rest.length === 0)
      throw new UsageError(`--set takes KNOB=VALUE, for example --set beta=0.1, not ${change}.`);
    const text = rest.join('=');
    input.settings = { ...input.settings, ...changesFromText({ [key]: text }) };
  }
  if (values.adapter !== 'own' && values.adapter !== 'software') {
    throw new UsageError(`--adapter must be own or software, and is ${values.adapter}.`);
  }
  const { adapter, out, tokens, rollouts, checkpoints, json, headed } = values;
  return { input, adapter, out, tokens, rollouts, checkpoints, json, headed };
}

function readSpec(path: string): ExperimentInput {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The spec cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text) as ExperimentInput;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

async function main(): Promise<number> {
  const line = readCommandLine();
  if (!line) {
    console.log(usage);
    return 0;
  }
  const spec = parseSpec(line.input);
  const lab = await openPage({
    webgpu: spec.backend === 'webgpu' ? line.adapter : undefined,
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
  const known = error instanceof UsageError || error instanceof SpecError;
  const badOption = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(known || badOption ? (error as Error).message : error);
  if (badOption) console.error(usage);
  process.exitCode = 2;
}
