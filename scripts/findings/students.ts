/**
 * `npm run students`: pocket students alone, distilled, and with the knowledge store of a teacher whose soft prompt imitated
 * or was trained further by PPO, over seeds, headless; writes docs/students.md and the recorded store of the page.
 *
 *   npm run students -- [--seeds 8] [--minutes 4] [--teacher FILE] [--out build/students]
 *
 * FILE is a zip of a Hugging Face GPT-2 folder, as the page gives them, or such a folder: a larger policy, or one that PPO
 * trained. Page and store of another teacher are written to the folder of --out, because those of the project are of the
 * shipped policy. What is measured is kept in a file of the folder, so that a run that was stopped goes on where it was;
 * with --minutes it stops by itself.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startThreadJudge } from '../../src/judge/testing/threadJudge.ts';
import { readFolder } from '../../src/lab/models/modelFolder.ts';
import { pocketStudent } from '../../src/lab/models/studentPresets.ts';
import { judgeThrough } from '../../src/lab/trainer/arm/judging.ts';
import { retrieverDimension } from '../../src/lab/trainer/jobs/studentSteps.ts';
import { readModel } from '../../src/lab/trainer/models/readModel.ts';
import { modelFolders } from '../../src/lab/trainer/models/shippedModels.ts';
import { shippedWorldSeed, worldTasks } from '../../src/lab/trainer/worldTasks.ts';
import { openSimd } from '../../src/nn/simd/open.ts';
import { createStudent, parametersOf } from '../../src/rlhf/student/student.ts';
import { vocabulary } from '../../src/tasks/tokenizer.ts';
import { writeBeforeTheLoop } from '../output/beforeTheLoop.ts';
import { timeText } from '../output/progressLine.ts';
import { measureStudents } from './students/measure.ts';
import { readStudentRows, type StudentRow, studentsPage } from './students/page.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '0' },
    teacher: { type: 'string' },
    out: { type: 'string', default: 'build/students' },
  },
});
const seeds = Number(values.seeds);
if (!(Number.isInteger(seeds) && seeds >= 2))
  throw new RangeError('--seeds must be a whole number of 2 or more.');
const minutes = Number(values.minutes);
if (!(minutes >= 0)) throw new RangeError('--minutes must be a number, 0 for no limit.');

const brought = values.teacher;
const folder = brought ?? `public/checkpoints/default/${modelFolders.policy}`;
const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
if (isFolder === undefined)
  throw new RangeError(
    `--teacher: there is no ${folder}; it must be a zip of a Hugging Face GPT-2 folder, or the folder.`,
  );
const paths = isFolder ? ['model.safetensors', 'config.json'].map((name) => join(folder, name)) : [folder];
const checkpoint = await readFolder(
  paths.filter((path) => existsSync(path)).map((path) => new File([readFileSync(path)], basename(path))),
);
const teacherName = brought === undefined ? 'the shipped policy' : basename(brought);
// Rows of another teacher are not mixed with those of this one.
const weights = createHash('sha256').update(checkpoint.model).digest('hex');
const settings = JSON.stringify(brought === undefined ? pocketStudent : { ...pocketStudent, weights });
mkdirSync(values.out, { recursive: true });
const file = join(values.out, 'rows.jsonl');
const rows: StudentRow[] = existsSync(file) ? readStudentRows(readFileSync(file, 'utf8'), settings) : [];
const recorded =
  brought === undefined ? 'public/recorded/knowledge.jsonl' : join(values.out, 'knowledge.jsonl');
const pagePath = brought === undefined ? 'docs/students.md' : join(values.out, 'students.md');

await openSimd();
const world = worldTasks(shippedWorldSeed);
const judge = startThreadJudge();
const teacher = { name: teacherName, model: readModel('policy', checkpoint) };

const started = performance.now();
let measured = 0;
let outOfTime = false;
const missing = () =>
  Array.from({ length: seeds }, (_, i) => i + 1).filter((seed) => !rows.some((row) => row.seed === seed));
for (const seed of missing()) {
  outOfTime ||= minutes > 0 && performance.now() - started > minutes * 60_000;
  if (outOfTime) break;
  const found = await measureStudents(pocketStudent, teacher, {
    seed,
    world,
    judge: judgeThrough(judge.client),
    stopped: () => false,
    report: () => {},
  });
  const row: StudentRow = { settings, seed, students: found.students, stores: found.stores };
  if (seed === 1) writeFileSync(recorded, found.file);
  rows.push(row);
  appendFileSync(file, `${JSON.stringify(row)}\n`);
  measured++;
  const left = ((performance.now() - started) / 1000 / measured) * missing().length;
  console.log(`${seeds - missing().length}/${seeds}  ${timeText(left)} left  seed ${seed}`);
}
judge.dispose();

if (outOfTime) console.log(`Stopped after ${minutes} minutes; the same command goes on.`);
else {
  const student = createStudent(pocketStudent.width, 1);
  const page = studentsPage(
    rows.filter(({ seed }) => seed <= seeds),
    {
      settings: pocketStudent,
      seeds,
      parameters: parametersOf(student),
      teacher: teacherName,
      teacherParameters: parametersOf(teacher.model),
      retrieverNumbers: retrieverDimension * vocabulary.length,
    },
  );
  writeFileSync(pagePath, page);
  if (brought === undefined) writeBeforeTheLoop();
  console.log(`${pagePath} and ${recorded} are written.`);
}
