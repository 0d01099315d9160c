import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browsers } from '../headless/browsers.ts';
import { cutOffStatus } from './computeStudy.ts';
import { shardOf } from './shard.ts';

const read = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
const atRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

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
  const steps = read('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));
  const restOf = (name: string) => steps.filter((step) => step.name === name).map(({ rest }) => rest);
  const { engines, scripts, devDependencies } = JSON.parse(readFileSync(atRoot('package.json'), 'utf8'));

  it('stands on a Node that the project takes', () => {
    const [major] = /\d+/.exec(restOf('FROM')[0])!;
    const [least] = /\d+/.exec(engines.node)!;
    expect(Number(major)).toBeGreaterThanOrEqual(Number(least));
  });

  it('installs a browser where the command looks for one', () => {
    const [packages] = restOf('RUN').filter((run) => run.includes('apt-get install'));
    const { package: name, paths } = browsers.chromium;
    expect(packages.split(/\s+/)).toEqual(expect.arrayContaining([name, 'tini']));
    // Debian's package puts it there.
    expect(paths).toContain('/usr/bin/chromium');
  });

  it('installs the packages of the lock file, development ones too: the command runs on tsx and builds with vite', () => {
    const places = steps.map(({ name, rest }) => `${name} ${rest}`);
    const copied = places.indexOf('COPY package.json package-lock.json ./');
    const installed = places.findIndex((step) => step.startsWith('RUN npm ci'));
    const sources = places.indexOf('COPY . .');
    const built = places.indexOf('RUN npm run build');
    expect(copied).toBeGreaterThanOrEqual(0);
    expect([copied, installed, sources, built]).toEqual(
      [copied, installed, sources, built].toSorted((a, b) => a - b),
    );
    expect(places[installed]).not.toMatch(/--omit|--production/);
    expect(restOf('ENV').join()).not.toContain('NODE_ENV');
    expect(Object.keys(devDependencies)).toEqual(expect.arrayContaining(['tsx', 'vite']));
    expect(scripts.build).toBeDefined();
    for (const name of ['package.json', 'package-lock.json']) expect(existsSync(atRoot(name))).toBe(true);
  });

  it('leaves out nothing that the build and the hash of the code are made from', () => {
    const left = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const needed = [
      'src',
      'workers',
      'scripts',
      'public',
      'studies',
      'index.html',
      'vite.config.ts',
      'tsconfig.json',
    ];
    for (const name of needed) expect(existsSync(atRoot(name))).toBe(true);
    expect(needed.filter((name) => left.includes(name) || left.includes(`**/${name}`))).toEqual([]);
    // A pattern for every depth must not hit a folder of the sources.
    const deep = left
      .filter((pattern) => pattern.startsWith('**/'))
      .map((pattern) => pattern.slice('**/'.length));
    const folders = readdirSync(atRoot('src'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.filter(({ name }) => deep.includes(name))).toEqual([]);
  });

  it('runs the command, whose file is there, and names a spec that is there', () => {
    const [entry] = restOf('ENTRYPOINT').map((rest): string[] => JSON.parse(rest));
    expect(entry.slice(0, -1)).toEqual(['tini', '--', 'node', '--import', 'tsx']);
    expect(existsSync(atRoot(entry.at(-1)!))).toBe(true);
    for (const [spec] of read('Dockerfile').matchAll(/studies\/\S+\.json/g))
      expect(existsSync(atRoot(spec))).toBe(true);
  });
});
