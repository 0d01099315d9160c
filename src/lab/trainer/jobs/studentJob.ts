/** From a teacher to a pocket student in the page: soft prompt, knowledge store, retriever, student, a look. */
import { saveCheckpoint } from '../../../nn/checkpoint/checkpoint.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import type { Knowledge } from '../../../rlhf/student/knowledge.ts';
import { knowledgeFileName, readKnowledge, writeKnowledge } from '../../../rlhf/student/knowledgeFile.ts';
import { indexOf, type RetrievalIndex } from '../../../rlhf/student/retriever.ts';
import { readRetriever, writeRetriever } from '../../../rlhf/student/retrieverFile.ts';
import { parametersOf, studentRows } from '../../../rlhf/student/student.ts';
import type { StudentBytes, StudentSettings } from '../protocol.ts';
import { type JobContext, meter } from './job.ts';
import {
  askedRequests,
  extract,
  imitate,
  improve,
  inOtherWords,
  learnSequences,
  learnToRetrieve,
  lookAt,
} from './studentSteps.ts';

export interface TrainedStudent {
  student: StudentBytes;
  metrics: Record<string, number>;
}

/** A teacher that was read. */
export interface ReadTeacher {
  name: string;
  model: Transformer;
}

/** Problems of each kind in the last look. */
const looked = 180;

/**
 * The store of a student with the way into it, back from its files.
 * @throws KnowledgeError naming the file and what is wrong with it
 */
export const readStore = ({ knowledge, retriever }: StudentBytes): RetrievalIndex =>
  indexOf(readKnowledge(knowledge, knowledgeFileName), readRetriever(retriever));

/** @param brought the file of a store to learn from instead of one that is extracted */
export async function trainStudentJob(
  settings: StudentSettings,
  teacher: ReadTeacher,
  context: JobContext,
  brought?: string,
): Promise<TrainedStudent> {
  const progress = meter(context, 'student');
  const knowledge =
    brought === undefined
      ? await extracted(settings, teacher, context, progress)
      : readKnowledge(brought, 'The knowledge store');
  const index = await learnToRetrieve(knowledge, context, progress);
  const { reading, neighbours, lambda } = settings;
  const model = await learnSequences(
    studentRows(knowledge, index, reading, neighbours),
    settings,
    context,
    progress,
  );
  const use = { index, reading, neighbours, lambda };
  const once = { samples: 1, greedy: true };
  const held = await lookAt(model, use, context.world.held, once, context);
  const known = inOtherWords(askedRequests(settings, context), looked, context);
  const words = await lookAt(model, use, known, once, context);
  const student: StudentBytes = {
    checkpoint: await saveCheckpoint(model),
    knowledge: writeKnowledge(knowledge),
    retriever: writeRetriever(index.retriever),
  };
  const parameters = parametersOf(model);
  model.dispose();
  return {
    student,
    metrics: {
      heldPass: held.pass,
      knownPass: words.pass,
      entries: knowledge.entries.length,
      parameters,
      shareOfTeacher: parameters / parametersOf(teacher.model),
      retrieverNumbers: index.retriever.words.length,
      bytes: student.checkpoint.model.length + student.knowledge.length + student.retriever.length,
    },
  };
}

async function extracted(
  settings: StudentSettings,
  teacher: ReadTeacher,
  context: JobContext,
  progress: ReturnType<typeof meter>,
): Promise<Knowledge> {
  const soft = await imitate(teacher.model, settings, context, progress);
  try {
    if (settings.extraction === 'ppo') await improve(soft, settings, context, progress);
    const how = settings.extraction === 'ppo' ? 'imitation, then PPO' : 'imitation';
    const { layers, width } = teacher.model.config;
    const name = `${teacher.name} (layers: ${layers}, width: ${width}) behind a soft prompt of ${settings.vectors} vectors (${how})`;
    return await extract(soft, settings, name, context, progress);
  } finally {
    soft.dispose();
  }
}
