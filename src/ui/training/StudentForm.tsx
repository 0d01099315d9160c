/** The pocket student: training it, its knowledge store, and its files. */
import { useEffect, useState } from 'react';
import { studentKnobs } from '../../lab/models/studentKnobs.ts';
import { pocketStudent } from '../../lab/models/studentPresets.ts';
import type { StudentSettings } from '../../lab/trainer/protocol.ts';
import { FileButton } from '../parts/FileButton.tsx';
import parts from '../parts/parts.module.css';
import { saveFile } from '../parts/saveFile.ts';
import { useLab, useLaboratory } from '../useLab.ts';
import { Knobs } from './Knobs.tsx';
import { KnowledgeBrowser } from './KnowledgeBrowser.tsx';
import styles from './training.module.css';

const originText = {
  recorded: 'Recorded: this store comes with the page.',
  trained: 'Extracted in this tab.',
  imported: 'From your file.',
} as const;

export function StudentForm({ busy }: { busy: boolean }) {
  const laboratory = useLaboratory();
  const seed = useLab((state) => state.seed);
  const shown = useLab((state) => state.student);
  const [values, setValues] = useState<StudentSettings>(pocketStudent);
  useEffect(() => void laboratory.students.open(), [laboratory]);
  const train = (from: 'policy' | 'store') => {
    if (!busy) void laboratory.students.train(values, seed, from);
  };
  const download = (blob: Blob | null, name: string) => {
    if (blob) saveFile(blob, name);
  };
  return (
    <>
      <p className={styles.what}>
        The starting policy is the teacher: a few learned vectors before every request make it say what it
        knows. What passes its tests is stored, and a student of a few per cent of its size learns from the
        store and looks things up in it. After RetriKT (arXiv 2310.15594): the soft prompts, PPO for quality
        and diversity, the store and the student that retrieves are the paper’s; of how it did them only the
        abstract and Figure 1 could be read, so the reward, the retriever, the prefix, the mixture and every
        number are our construction.
      </p>
      <Knobs
        table={studentKnobs}
        values={values}
        onChange={(key, value) => setValues({ ...values, [key]: value })}
      />
      <div className={styles.row}>
        <button type="button" className={parts.primary} aria-disabled={busy} onClick={() => train('policy')}>
          Extract and train a student
        </button>
        <button type="button" aria-disabled={busy || !shown} onClick={() => shown && train('store')}>
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
        {shown ? <span className={styles.origin}>{originText[shown.origin]}</span> : null}
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
