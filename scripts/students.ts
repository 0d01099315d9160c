/**
 * `npm run students`: pocket students alone, distilled, and with the knowledge store of a teacher whose soft prompt imitated
 * or was trained further by PPO, over seeds, headless; writes docs/students.md and the recorded store of the page.
 *
 *   npm run students -- [--seeds 8] [--minutes 4] [--out build/students]
 *
 * What is measured is kept in a file of the folder, so that a run that was stopped goes on where it was; with --minutes it
 * stops by itself.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startThreadJudge } from '../src/judge/testing/threadJudge.ts';
import { pocketStudent } from '../src/lab/models/studentPresets.ts';
import { retrieverDimension } from '../src/lab/trainer/jobs/studentSteps.ts';
import { judgeThrough } from '../src/lab/trainer/judging.ts';
import { shippedWorldSeed, worldTasks } from '../src/lab/trainer/worldTasks.ts';
import { loadCheckpoint } from '../src/nn/checkpoint.ts';
import { openSimd } from '../src/nn/simd/open.ts';
import { createStudent, parametersOf } from '../src/rlhf/student/student.ts';
import { vocabulary } from '../src/tasks/tokenizer.ts';
import { timeText } from './output/progressLine.ts';
import { measureStudents } from './students/measure.ts';
import { readStudentRows, type StudentRow, studentsPage } from './students/page.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    minutes: { type: 'string', default: '0' },
    out: { type: 'string', default: 'build/students' },
  },
});
const seeds = Number(values.seeds);
if (!(Number.isInteger(seeds) && seeds >= 2))
  throw new RangeError('--seeds must be a whole number of 2 or more.');
const minutes = Number(values.minutes);
if (!(minutes >= 0)) throw new RangeError('--minutes must be a number, 0 for no limit.');

const settings = JSON.stringify(pocketStudent);
mkdirSync(values.out, { recursive: true });
const file = join(values.out, 'rows.jsonl');
const rows: StudentRow[] = existsSync(file) ? readStudentRows(readFileSync(file, 'utf8'), settings) : [];
const recorded = 'public/recorded/knowledge.jsonl';

await openSimd();
const world = worldTasks(shippedWorldSeed);
const judge = startThreadJudge();
const path = new URL('../public/checkpoints/default/policy/', import.meta.url);
const teacher = loadCheckpoint({
  config: readFileSync(new URL('config.json', path), 'utf8'),
  model: new Uint8Array(readFileSync(new URL('model.safetensors', path))),
});

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
      teacherParameters: parametersOf(teacher),
      retrieverNumbers: retrieverDimension * vocabulary.length,
    },
  );
  writeFileSync('docs/students.md', page);
  console.log(`docs/students.md and ${recorded} are written.`);
}
