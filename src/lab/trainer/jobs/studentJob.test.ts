import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../../core/random.ts';
import { loadCheckpoint } from '../../../nn/checkpoint/checkpoint.ts';
import { Transformer } from '../../../nn/model/transformer.ts';
import { openSimd } from '../../../nn/simd/open.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import type { JudgePrograms } from '../../../rlhf/loop/run.ts';
import { readKnowledge } from '../../../rlhf/student/knowledgeFile.ts';
import { readRetriever } from '../../../rlhf/student/retrieverFile.ts';
import { maxSequence, vocabulary } from '../../../tasks/tokenizer.ts';
import { pocketStudent } from '../../models/studentPresets.ts';
import { shippedWorldSeed, worldTasks } from '../worldTasks.ts';
import type { JobContext } from './job.ts';
import { type ReadTeacher, readStore, trainStudentJob } from './studentJob.ts';
import { askedRequests, inOtherWords } from './studentSteps.ts';

const world = worldTasks(shippedWorldSeed);
/** Everything passes, so that even a teacher without knowledge fills a store. */
const judge: JudgePrograms = async (_, programs) => ({
  score: new Float32Array(programs.length).fill(1),
  status: new Uint8Array(programs.length),
  raised: new Uint8Array(programs.length),
  cacheHits: 0,
});

function context(stopAt: string | null = null): JobContext & { phases: string[] } {
  const phases: string[] = [];
  return {
    seed: 1,
    world,
    judge,
    phases,
    stopped: () => stopAt !== null && phases.includes(stopAt),
    report: ({ phase }) => {
      if (phases.at(-1) !== phase) phases.push(phase);
    },
  };
}

const settings = {
  ...pocketStudent,
  imitation: 2,
  iterations: 1,
  requests: 100,
  samplesPerRequest: 1,
  steps: 2,
};
let teacher: ReadTeacher;

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
  const config = { vocab: vocabulary.length, width: 8, layers: 1, heads: 2, maxLength: maxSequence };
  const model = Transformer.create(config, stream(1, 'teacher of a job'));
  teacher = { name: 'a teacher of a test', model };
  // Programs that end soon.
  const table = model.params['wte.weight'];
  tf.tidy(() => table.assign(tf.mul(table, 10)));
});

describe('the training of a student', () => {
  it('goes from soft prompt to store, retriever and student, and all of it can be read again', async () => {
    const job = context();
    const { student, metrics } = await trainStudentJob(settings, teacher, job);
    expect(job.phases).toEqual([
      'soft prompt: imitation',
      'soft prompt: PPO',
      'extraction',
      'retriever',
      'student',
    ]);
    const store = readKnowledge(student.knowledge, 'x');
    expect(store.entries.length).toBe(metrics.entries);
    expect(store.entries.length).toBeGreaterThan(1);
    expect(store.teacher).toMatch(
      /^a teacher of a test \(layers: 1, width: 8\) behind a soft prompt of 4 vectors/,
    );
    expect(readRetriever(student.retriever).words.length).toBe(metrics.retrieverNumbers);
    expect(readStore(student).requests.length).toBe(
      new Set(store.entries.map(({ request }) => request)).size,
    );
    const model = loadCheckpoint(student.checkpoint);
    expect(model.config).toMatchObject({ width: 4, layers: 1 });
    model.dispose();
    // Nothing of a held-out problem is in it.
    const held = new Set(world.held.problems.map(({ prompt }) => prompt));
    expect(store.entries.some(({ request }) => held.has(request))).toBe(false);
    const asked = new Set(Array.from(askedRequests(settings, job), (at) => world.train.problems[at].prompt));
    expect(store.entries.every(({ request }) => asked.has(request))).toBe(true);
  });

  it('stopped at once still gives a student of what there is, and a store that was brought is used as it is', async () => {
    const stopped = context('soft prompt: imitation');
    const { student } = await trainStudentJob({ ...settings, extraction: 'supervised' }, teacher, stopped);
    expect(stopped.phases).toEqual(['soft prompt: imitation', 'extraction', 'retriever', 'student']);
    const again = context();
    const second = await trainStudentJob(settings, teacher, again, student.knowledge);
    expect(again.phases).toEqual(['retriever', 'student']);
    expect(second.student.knowledge).toBe(student.knowledge);
  });
});

it('asks for known problems in words that no training request has', () => {
  const job = context();
  const asked = askedRequests(settings, job);
  const known = inOtherWords(asked, 30, job);
  const requests = new Set(world.train.problems.map(({ prompt }) => prompt));
  const ids = new Set(Array.from(asked, (at) => world.train.problems[at].id));
  expect(known.problems.length).toBe(30);
  expect(known.problems.every(({ id, prompt }) => ids.has(id) && !requests.has(prompt))).toBe(true);
});
