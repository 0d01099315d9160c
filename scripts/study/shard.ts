/**
 * Which part of a study one process computes: as `--shard 2/5` says it, or as a scheduler does through the environment.
 * Parts are counted from 1 in `--shard`, as elsewhere; what a scheduler counts from is its own affair.
 */
import type { PlannedRun } from '../../src/lab/studies/studyFiles.ts';

export interface Shard {
  /** From 0. */
  index: number;
  of: number;
  /** Where that was said. */
  from: string;
}

/** The message says what to do. */
export class ShardError extends Error {
  override name = 'ShardError';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param shard the option `--shard`, "2/5"
 * @param shards the option `--shards`: of how many parts the index in the environment is one
 * @returns null when nothing says that this is a part
 */
export function shardOf(
  shard: string | undefined,
  shards: string | undefined,
  environment: Environment,
): Shard | null {
  const of = shards === undefined ? null : count('--shards', shards);
  if (shard !== undefined) {
    if (of !== null)
      throw new ShardError('Give --shard 2/5, or --shards 5 with an index in the environment, not both.');
    const [, index, all] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
    if (all === undefined) throw new ShardError(`--shard takes i/n, such as 2/5, and is ${shard}.`);
    return within({ index: Number(index) - 1, of: count('--shard', all), from: '--shard' }, '1');
  }
  const found = fromScheduler(environment, of);
  if (!found && of !== null) {
    throw new ShardError(
      '--shards says how many parts there are, and nothing says which one this is: none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and CI_NODE_INDEX is set. Give --shard i/n.',
    );
  }
  return found;
}

function fromScheduler(environment: Environment, of: number | null): Shard | null {
  const number = (name: string) => whole(name, environment[name]);
  const task = number('SLURM_ARRAY_TASK_ID');
  if (task !== null) {
    const from = 'SLURM_ARRAY_TASK_ID';
    if (of !== null) return within({ index: task, of, from }, '0');
    const [min, max, tasks] = ['MIN', 'MAX', 'COUNT'].map((name) => number(`SLURM_ARRAY_TASK_${name}`));
    if (min === null || max === null || tasks === null || max - min + 1 !== tasks) {
      throw new ShardError(
        'The Slurm array has gaps, so that it does not say how many parts there are. Give --shards n, and number the tasks from 0 to n - 1.',
      );
    }
    return within({ index: task - min, of: tasks, from }, '0');
  }
  const completion = number('JOB_COMPLETION_INDEX');
  if (completion !== null) {
    const from = 'JOB_COMPLETION_INDEX';
    if (of === null) {
      throw new ShardError(
        'JOB_COMPLETION_INDEX says which part this is, but Kubernetes does not say of how many. Give --shards n, the completions of the job.',
      );
    }
    return within({ index: completion, of, from }, '0');
  }
  const node = number('CI_NODE_INDEX');
  if (node !== null) {
    const total = of ?? number('CI_NODE_TOTAL');
    if (total === null) {
      throw new ShardError('CI_NODE_INDEX is set and CI_NODE_TOTAL is not. Set it, or give --shards n.');
    }
    return within({ index: node - 1, of: total, from: 'CI_NODE_INDEX' }, '1');
  }
  return null;
}

function whole(name: string, value: string | undefined): number | null {
  if (value === undefined || value === '') return null;
  if (!/^\d+$/.test(value)) throw new ShardError(`${name} must be a whole number, and is ${value}.`);
  return Number(value);
}

function count(name: string, value: string): number {
  const number = whole(name, value);
  if (number === null || number < 1) throw new ShardError(`${name} must be at least 1, and is ${value}.`);
  return number;
}

function within(shard: Shard, first: '0' | '1'): Shard {
  if (shard.index >= 0 && shard.index < shard.of) return shard;
  const given = shard.index + Number(first);
  const last = shard.of - 1 + Number(first);
  throw new ShardError(
    `${shard.from} must be from ${first} to ${last} for ${shard.of} parts, and is ${given}.`,
  );
}

/**
 * The share of one part. Runs are dealt out in the order of their ids, which is as good as shuffled: dealt in the order
 * of the list, a part could get the same arm each time, and arms cost differently.
 */
export function shareOf<Run extends PlannedRun>(runs: readonly Run[], shard: Shard | null): Run[] {
  if (!shard) return [...runs];
  const dealt = [...runs].sort((a, b) => (a.id < b.id ? -1 : 1));
  const ours = new Set(dealt.filter((_, place) => place % shard.of === shard.index).map(({ id }) => id));
  return runs.filter(({ id }) => ours.has(id));
}
