/** The measurements of `npm run students`: five students of one teacher, all with the same weights to begin with. */
import { hash32 } from '../../../src/core/random.ts';
import { type JobContext, meter } from '../../../src/lab/trainer/jobs/job.ts';
import type { ReadTeacher } from '../../../src/lab/trainer/jobs/studentJob.ts';
import {
  askedRequests,
  extract,
  imitate,
  improve,
  inOtherWords,
  learnSequences,
  learnToRetrieve,
  lookAt,
  type StudentUse,
} from '../../../src/lab/trainer/jobs/studentSteps.ts';
import type { StudentSettings } from '../../../src/lab/trainer/protocol.ts';
import type { SequenceRow } from '../../../src/nn/batch/batch.ts';
import { saveCheckpoint } from '../../../src/nn/checkpoint/checkpoint.ts';
import type { Transformer } from '../../../src/nn/model/transformer.ts';
import type { Knowledge } from '../../../src/rlhf/student/knowledge.ts';
import { writeKnowledge } from '../../../src/rlhf/student/knowledgeFile.ts';
import type { RetrievalIndex } from '../../../src/rlhf/student/retriever.ts';
import { writeRetriever } from '../../../src/rlhf/student/retrieverFile.ts';
import { studentRows } from '../../../src/rlhf/student/student.ts';
import { buildCorpus } from '../../../src/tasks/corpus.ts';
import type { StudentKind, StudentRow } from './page.ts';

/** Programs that the student alone learns from, and the bug rate of the corpus that the teacher learned from. */
const corpus = { size: 4000, bugRate: 0.6 };
/** Known problems in other words, and how many of them are written for three times to see how programs differ. */
const [knownProblems, drawnProblems] = [180, 60];

interface Store {
  knowledge: Knowledge;
  index: RetrievalIndex;
  bytes: number;
}

/** All students of a seed. */
export async function measureStudents(
  settings: StudentSettings,
  teacher: ReadTeacher,
  context: JobContext,
): Promise<{ students: StudentRow['students']; stores: StudentRow['stores']; file: string }> {
  const { seed, world } = context;
  const progress = meter(context, 'student');
  const soft = await imitate(teacher.model, settings, context, progress);
  const supervised = await storeOf('imitation');
  await improve(soft, settings, context, progress);
  const improved = await storeOf('imitation, then PPO');
  soft.dispose();

  async function storeOf(how: string): Promise<Store> {
    const name = `${teacher.name} behind a soft prompt of ${settings.vectors} vectors (${how}), seed ${seed}`;
    const knowledge = await extract(soft, settings, name, context, progress);
    const index = await learnToRetrieve(knowledge, context, progress);
    return {
      knowledge,
      index,
      bytes: writeKnowledge(knowledge).length + writeRetriever(index.retriever).length,
    };
  }

  const { problems, prompts } = world.train;
  const rows: SequenceRow[] = buildCorpus(problems, { seed: hash32(seed, 'corpus'), ...corpus }).map(
    ({ problem, program }) => ({
      tokens: Int32Array.from([...prompts[problem], ...program]),
      promptLength: prompts[problem].length,
    }),
  );
  const known = inOtherWords(askedRequests(settings, context), knownProblems, context);
  const drawn = {
    ...known,
    problems: known.problems.slice(0, drawnProblems),
    prompts: known.prompts.slice(0, drawnProblems),
  };
  const { neighbours, lambda } = settings;
  const look = async (model: Transformer, reading: StudentUse['reading'], store: Store | null) => {
    const use = { index: store?.index ?? null, reading, neighbours, lambda };
    const once = { samples: 1, greedy: true };
    const held = await lookAt(model, use, world.held, once, context);
    const words = await lookAt(model, use, known, once, context);
    const three = await lookAt(model, use, drawn, { samples: 3, greedy: false }, context);
    const { model: file } = await saveCheckpoint(model);
    return {
      heldPass: held.pass,
      knownPass: words.pass,
      diversity: three.diversity,
      entries: store?.knowledge.entries.length ?? 0,
      bytes: file.length + (store?.bytes ?? 0),
    };
  };
  const learn = (sequences: readonly SequenceRow[]) => learnSequences(sequences, settings, context, progress);
  const sequences = ({ knowledge, index }: Store, reading: StudentUse['reading']) =>
    studentRows(knowledge, index, reading, neighbours);

  const students = {} as Record<StudentKind, Record<string, number>>;
  const alone = await learn(rows);
  students.alone = await look(alone, 'alone', null);
  const distilled = await learn(sequences(supervised, 'alone'));
  students.distilled = await look(distilled, 'alone', null);
  students.supervised = await look(distilled, 'mix', supervised);
  const behind = await learn(sequences(supervised, 'prefix'));
  students.prefix = await look(behind, 'prefix', supervised);
  const listening = await learn(sequences(improved, 'alone'));
  students.ppo = await look(listening, 'mix', improved);
  for (const model of [alone, distilled, behind, listening]) model.dispose();
  const sizes = ({ knowledge, index }: Store) => ({
    entries: knowledge.entries.length,
    requests: index.requests.length,
  });
  return {
    students,
    stores: { supervised: sizes(supervised), ppo: sizes(improved) },
    file: writeKnowledge(improved.knowledge),
  };
}
