/** The pocket student: training it, its knowledge store, and its files. */
import { useEffect, useState } from 'react';
import { studentKnobs } from '../../../lab/models/studentKnobs.ts';
import { pocketStudent } from '../../../lab/models/studentPresets.ts';
import type { TeacherSource } from '../../../lab/models/studentTraining.ts';
import type { LabState } from '../../../lab/state/store.ts';
import type { StudentSettings, Teacher } from '../../../lab/trainer/protocol.ts';
import { Choice } from '../../parts/Choice.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import parts from '../../parts/parts.module.css';
import { saveFile } from '../../parts/saveFile.ts';
import { useLab, useLaboratory, useLabShallow } from '../../useLab.ts';
import { Knobs } from './Knobs.tsx';
import { KnowledgeBrowser } from './KnowledgeBrowser.tsx';
import styles from './training.module.css';

const originText = {
  recorded: 'Recorded: this store comes with the page.',
  trained: 'Extracted in this tab.',
  imported: 'From your file.',
} as const;

/** Values of the choice of teacher beside the ids of arms. */
const [ofPolicy, ofFiles] = ['policy', 'files'];
const policyText = {
  shipped: 'The one that came with the page: 0.12 M parameters.',
  trained: 'The one trained in this tab.',
  imported: 'The one from your files.',
} as const;

/** Arms whose policy has learned something in this tab. */
const trainedArms = ({ arms }: LabState) =>
  arms.filter(({ recorded, iterations }) => !recorded && iterations.length > 0);

export function StudentForm({ busy }: { busy: boolean }) {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const shown = useLab((state) => state.student);
  const [values, setValues] = useState<StudentSettings>(pocketStudent);
  // Names and ids alone: an iteration of an arm changes neither.
  const ids = useLabShallow((state) => trainedArms(state).map(({ id }) => id));
  const names = useLabShallow((state) => trainedArms(state).map(({ name }) => name));
  const policy = useLab((state) => state.models.policy);
  const [wanted, setWanted] = useState(ofPolicy);
  const [brought, setBrought] = useState<Required<Teacher> | null>(null);
  const teachers = [
    { value: ofPolicy, label: 'the starting policy', what: policyText[policy] },
    ...ids.map((value, i) => ({
      value,
      label: names[i],
      what: 'What training has made of its policy when you press the button.',
    })),
    ...(brought ? [{ value: ofFiles, label: brought.name, what: 'The model from your files.' }] : []),
  ];
  // An arm may be reset or removed while it is chosen.
  const teacher = teachers.some(({ value }) => value === wanted) ? wanted : ofPolicy;
  useEffect(() => void laboratory.students.open(), [laboratory]);
  const train = () => {
    const source: TeacherSource =
      teacher === ofPolicy ? 'policy' : teacher === ofFiles ? brought! : { arm: teacher };
    if (!busy) void laboratory.students.train(values, seed, source);
  };
  const bringTeacher = async (files: File[]) => {
    const read = await laboratory.students.readTeacher(files);
    if (!read) return;
    setBrought(read);
    setWanted(ofFiles);
  };
  const download = (blob: Blob | null, name: string) => {
    if (blob) saveFile(blob, name);
  };
  return (
    <>
      <p className={styles.what}>
        A few learned vectors before every request make a frozen teacher say what it knows. What passes its
        tests is stored, and a student of a few per cent of its size learns from the store and looks things up
        in it. After RetriKT (arXiv 2310.15594): the soft prompts, PPO for quality and diversity, the store
        and the student that retrieves are the paper’s; of how it did them only the abstract and Figure 1
        could be read, so the reward, the retriever, the prefix, the mixture and every number are our
        construction.
      </p>
      <div className={styles.row}>
        <span>Teacher</span>
        <Choice label="Teacher" value={teacher} options={teachers} onChange={setWanted} />
        <FileButton
          label="From files …"
          accept=".zip,.safetensors,.json"
          multiple
          onFiles={(files) => void bringTeacher(files)}
        />
      </div>
      <p className={styles.what}>
        Arms that were trained in this tab can teach, too. For a larger teacher train <i>a larger model</i> in
        the tab <i>Starting policy</i>: it is the starting policy then.
      </p>
      <Knobs table={studentKnobs} values={values} onChange={setValues} />
      <div className={styles.row}>
        <button type="button" className={parts.primary} aria-disabled={busy} onClick={train}>
          Extract and train a student
        </button>
        <button
          type="button"
          aria-disabled={busy || !shown}
          onClick={() => !busy && void laboratory.students.trainOnStore(values, seed)}
        >
          Train on the store below
        </button>
        <button
          type="button"
          aria-disabled={!shown?.student}
          onClick={() => download(laboratory.students.exportStudent(), 'filtrate-student.zip')}
        >
          Download the student
        </button>
      </div>
      <h3>Knowledge store</h3>
      <div className={styles.row}>
        {shown ? (
          <span className={styles.origin}>
            {originText[shown.origin]}
            {shown.student ? ' With a student that learned from it.' : ''}
          </span>
        ) : null}
        <button
          type="button"
          aria-disabled={!shown}
          onClick={() => download(laboratory.students.exportStore(), 'knowledge.jsonl')}
        >
          Export the store
        </button>
        <FileButton
          label="Import a store …"
          accept=".jsonl,.zip"
          onFiles={([file]) => void laboratory.students.importFile(file)}
        />
      </div>
      {shown ? <KnowledgeBrowser knowledge={shown.knowledge} /> : <p role="status">No store yet.</p>}
    </>
  );
}
