import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOffStatus } from './computeStudy.ts';
import { shardOf } from './shard.ts';

const read = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

describe('the Kubernetes job', () => {
  const count = v.pipe(v.number(), v.integer(), v.minValue(1));
  const quantity = v.pipe(v.string(), v.regex(/^\d+(\.\d+)?(m|[KMGT]i?)?$/));
  const name = v.pipe(v.string(), v.regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/));
  const resources = v.strictObject({ cpu: v.optional(quantity), memory: v.optional(quantity) });
  /** As the Kubernetes API has them: batch/v1 Job and v1 PersistentVolumeClaim, of the fields that are used. */
  const jobSchema = v.strictObject({
    apiVersion: v.literal('batch/v1'),
    kind: v.literal('Job'),
    metadata: v.strictObject({ name }),
    spec: v.strictObject({
      completionMode: v.literal('Indexed'),
      completions: count,
      parallelism: count,
      backoffLimitPerIndex: count,
      maxFailedIndexes: count,
      podFailurePolicy: v.strictObject({
        rules: v.array(
          v.union([
            v.strictObject({
              action: v.picklist(['Ignore', 'FailJob', 'FailIndex', 'Count']),
              onExitCodes: v.strictObject({
                containerName: name,
                operator: v.picklist(['In', 'NotIn']),
                values: v.array(count),
              }),
            }),
            v.strictObject({
              action: v.picklist(['Ignore', 'FailJob', 'FailIndex', 'Count']),
              onPodConditions: v.array(
                v.strictObject({ type: v.string(), status: v.picklist(['True', 'False']) }),
              ),
            }),
          ]),
        ),
      }),
      template: v.strictObject({
        spec: v.strictObject({
          // A policy for failures of pods allows no other.
          restartPolicy: v.literal('Never'),
          terminationGracePeriodSeconds: count,
          containers: v.array(
            v.strictObject({
              name,
              image: v.string(),
              args: v.array(v.string()),
              resources: v.strictObject({ requests: resources, limits: resources }),
              volumeMounts: v.array(v.strictObject({ name, mountPath: v.string() })),
            }),
          ),
          volumes: v.array(
            v.union([
              v.strictObject({ name, persistentVolumeClaim: v.strictObject({ claimName: name }) }),
              v.strictObject({
                name,
                emptyDir: v.strictObject({ medium: v.literal('Memory'), sizeLimit: quantity }),
              }),
            ]),
          ),
        }),
      }),
    }),
  });
  const claimSchema = v.strictObject({
    apiVersion: v.literal('v1'),
    kind: v.literal('PersistentVolumeClaim'),
    metadata: v.strictObject({ name }),
    spec: v.strictObject({
      accessModes: v.array(
        v.picklist(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod', 'ReadOnlyMany']),
      ),
      resources: v.strictObject({ requests: v.strictObject({ storage: quantity }) }),
    }),
  });
  const listSchema = v.strictObject({
    apiVersion: v.literal('v1'),
    kind: v.literal('List'),
    items: v.tuple([claimSchema, jobSchema]),
  });
  const manifest = v.parse(listSchema, JSON.parse(read('kubernetes.json')));
  const [claim, job] = manifest.items;
  const pod = job.spec.template.spec;
  const [container] = pod.containers;

  it('gives each pod the part that its index names, of as many as there are completions', () => {
    const { args } = container;
    const shards = args[args.indexOf('--shards') + 1];
    expect(Number(shards)).toBe(job.spec.completions);
    expect(shardOf(undefined, shards, { JOB_COMPLETION_INDEX: '19' })).toMatchObject({ index: 19, of: 20 });
    expect(Number(args[args.indexOf('--concurrency') + 1])).toBe(Number(container.resources.requests.cpu));
  });

  it('mounts what it names, and puts results on the claim', () => {
    expect(container.volumeMounts.map((mount) => mount.name).sort()).toEqual(
      pod.volumes.map((each) => each.name).sort(),
    );
    expect(JSON.stringify(pod.volumes)).toContain(`"claimName":"${claim.metadata.name}"`);
    const mount = container.volumeMounts.find(({ mountPath }) => mountPath === '/study');
    expect(mount?.name).toBe('study');
    expect(container.args.slice(0, 3)).toEqual(['studies/map.json', '--out', '/study']);
  });

  it('lets a part that was cut off try again, and ends the job when the command is wrong', () => {
    const actions = job.spec.podFailurePolicy.rules.flatMap((rule) =>
      'onExitCodes' in rule ? [[rule.action, rule.onExitCodes.values, rule.onExitCodes.containerName]] : [],
    );
    expect(actions).toEqual([
      ['Ignore', [cutOffStatus], container.name],
      ['FailJob', [2], container.name],
    ]);
  });
});

describe('the Slurm script', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'slurm-'));
    const program = (name: string, text: string) => {
      writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${text}\n`);
      chmodSync(join(folder, name), 0o755);
    };
    // Stands in for the experiment: says how it was called, and ends as it is told.
    program(
      'node',
      'trap "exit 75" TERM; echo "called: $*"; [ "$END" = wait ] || exit "$END"; while :; do sleep 0.05; done',
    );
    program('scontrol', 'echo "scontrol: $*"');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function submit(end: string, environment: Record<string, string> = {}) {
    const script = new URL('../../deploy/slurm.sh', import.meta.url).pathname;
    const child = spawn('bash', [script, 'spec.json', 'out'], {
      env: { PATH: `${folder}${delimiter}${process.env.PATH}`, END: end, SLURM_JOB_ID: '77', ...environment },
    });
    let said = '';
    const calls = new Promise<void>((resolve) =>
      child.stdout.on('data', (text) => {
        said += text;
        if (said.includes('called: ')) resolve();
      }),
    );
    const ended = new Promise<{ status: number | null; said: string }>((resolve) =>
      child.on('close', (status) => resolve({ status, said })),
    );
    return { child, calls, ended };
  }

  it('calls the experiment for its part and ends as it does', async () => {
    const { ended } = submit('1', { SLURM_CPUS_PER_TASK: '4', SHARDS: '20' });
    expect(await ended).toEqual({
      status: 1,
      said: 'called: --import tsx scripts/experiment.ts spec.json --out out --shards 20 --concurrency 4\n',
    });
    expect((await submit('0').ended).said).not.toContain('--shards');
  });

  it('hands SIGTERM on, waits until everything is kept, and goes back into the queue', async () => {
    const { child, calls, ended } = submit('wait');
    await calls;
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 0, said: expect.stringContaining('scontrol: requeue 77') });
  });

  it('asks for an array, and to be told before its time is up', () => {
    const options = read('slurm.sh').match(/^#SBATCH .*/gm);
    expect(options).toEqual(expect.arrayContaining(['#SBATCH --array=0-19', '#SBATCH --signal=B:TERM@90']));
  });
});

describe('the Docker image', () => {
  it('takes the Node of the project, its browser from the distribution, and the command as its program', () => {
    const lines = read('Dockerfile').split('\n');
    const node = Number(/^FROM node:(\d+)/.exec(lines.find((line) => line.startsWith('FROM'))!)![1]);
    expect(node).toBeGreaterThanOrEqual(20);
    expect(read('Dockerfile')).toMatch(/apt-get install .*chromium/);
    const entry = JSON.parse(
      lines.find((line) => line.startsWith('ENTRYPOINT '))!.slice('ENTRYPOINT '.length),
    );
    expect(entry.slice(-4)).toEqual(['node', '--import', 'tsx', 'scripts/experiment.ts']);
  });
});
