/** The command line of `npm run experiment`: a spec, and what to do with it. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BackendChoice } from '../../src/lab/settings/engines.ts';
import type { ExperimentInput } from '../../src/lab/settings/experimentSpec.ts';
import { changesFromText } from '../../src/lab/settings/knobText.ts';
import { kindInWords, kindOfFile } from '../../src/lab/studies/fileKind.ts';
import { catalogue } from '../../src/rlhf/catalogue/catalogue.ts';
import { slotNames } from '../../src/rlhf/catalogue/settings.ts';
import type { Adapter } from '../headless/browsers.ts';
import { type Shard, shardOf } from './shard.ts';

/** Every method, by slot, for the help. */
function methodLines(): string {
  return slotNames
    .map((slot) => `                        ${slot}: ${catalogue[slot].map(({ id }) => id).join(', ')}`)
    .join('\n');
}

export const usage = `npm run experiment -- [SPEC.json] [options]
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
  --headed            show the page

A spec with a grid, or a part of any spec, is computed as a study: a file per run, and the same command goes on.
  --plan              print the list of runs with their ids, and compute nothing
  --shard I/N         compute the I-th of N parts
  --shards N          how many parts there are; which one this is stands in the environment:
                      SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or CI_NODE_INDEX
  --merge DIR …       put the folders of a study together, and say what it comes to
  --partial           with --merge: say so of a study that is not complete`;

/** Wrong use: the message alone is shown, without a stack. */
export class UsageError extends Error {}

export interface CommandLine {
  input: ExperimentInput;
  adapter: Adapter;
  out: string;
  tokens: boolean;
  rollouts: boolean;
  checkpoints: boolean;
  json: boolean;
  headed: boolean;
  /** Which part of the runs is computed; null: all of them. */
  shard: Shard | null;
  /** Whether each run is a file of its own. */
  study: boolean;
  plan: boolean;
  /** Folders to put together; null: none. */
  merge: string[] | null;
  partial: boolean;
}

/** Null when help is asked for. @throws UsageError, ShardError */
export function readCommandLine(): CommandLine | null {
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
      out: { type: 'string' },
      tokens: { type: 'boolean', default: false },
      rollouts: { type: 'boolean', default: true },
      checkpoints: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      headed: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
      shard: { type: 'string' },
      shards: { type: 'string' },
      merge: { type: 'boolean', default: false },
      partial: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  if (values.merge && positionals.length === 0) throw new UsageError('--merge takes the folders of a study.');
  if (!values.merge && positionals.length > 1)
    throw new UsageError(`One spec at a time, not ${positionals.join(' and ')}.`);
  const input: ExperimentInput = values.merge || positionals.length === 0 ? {} : readSpec(positionals[0]);
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
  const { adapter, tokens, rollouts, checkpoints, json, headed, plan, partial } = values;
  const study = input.grid !== undefined || values.shard !== undefined || values.shards !== undefined;
  const shard = study ? shardOf(values.shard, values.shards, process.env) : null;
  const merge = values.merge ? positionals : null;
  const out = values.out ?? merge?.[0] ?? 'results';
  return {
    input,
    adapter,
    out,
    tokens,
    rollouts,
    checkpoints,
    json,
    headed,
    shard,
    study,
    plan,
    merge,
    partial,
  };
}

function readSpec(path: string): ExperimentInput {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The spec cannot be read: ${(error as Error).message}`);
  }
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  const kind = kindOfFile(input);
  if (kind !== null && kind !== 'spec') throw new UsageError(`${path} is no spec: ${kindInWords(input)}`);
  return input as ExperimentInput;
}
