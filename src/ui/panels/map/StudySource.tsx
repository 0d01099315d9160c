/**
 * The ways to a study: the one that comes with the page, a merged file, or a folder that was never merged. A spec is no
 * study yet; it can be run from here.
 */
import { useState } from 'react';
import { type OpenedSpec, type OpenedStudy, openStudy } from '../../../lab/studies/openStudy.ts';
import { publishedMap } from '../../../lab/studies/publishedMap.ts';
import { StudyFileError } from '../../../lab/studies/studyFiles.ts';
import { FileButton } from '../../parts/FileButton.tsx';
import { useLaboratory } from '../../useLab.ts';
import styles from './map.module.css';

export function StudySource(props: {
  onStudy: (opened: OpenedStudy) => void;
  /** Takes a spec into the form. */
  onSpec: (spec: OpenedSpec['spec']) => void;
}) {
  const laboratory = useLaboratory();
  const [fault, setFault] = useState<string | null>(null);
  const [spec, setSpec] = useState<OpenedSpec | null>(null);
  const [busy, setBusy] = useState(false);
  const open = async (find: () => Promise<OpenedStudy | OpenedSpec | null>) => {
    setBusy(true);
    setFault(null);
    setSpec(null);
    try {
      const opened = await find();
      if (opened && 'spec' in opened) setSpec(opened);
      else if (opened) props.onStudy(opened);
      else setFault('The map does not come with this build.');
    } catch (thrown) {
      if (!(thrown instanceof StudyFileError) && !(thrown instanceof DOMException)) throw thrown;
      setFault(thrown.message);
    } finally {
      setBusy(false);
    }
  };
  const published = async () => {
    const study = await publishedMap(laboratory.fetchBytes);
    return study && { study, warnings: [] };
  };
  return (
    <section className={styles.source} aria-label="Studies">
      <h3>When does filtering pay?</h3>
      <p className={styles.quiet}>
        A study runs the filters under many rewards with many seeds, on as many machines as there are. Ours
        comes with the page; yours is a <code>study.json</code>, or the folder that{' '}
        <code>npm run experiment</code> left.
      </p>
      <div className={styles.choices}>
        <button type="button" disabled={busy} onClick={() => void open(published)}>
          Show the map
        </button>
        <FileButton
          label="Open a study"
          accept=".json"
          onFiles={(files) => void open(() => openStudy(files))}
        />
        <FileButton label="Open a folder" folder onFiles={(files) => void open(() => openStudy(files))} />
      </div>
      {fault ? <p role="alert">{fault}</p> : null}
      {spec ? (
        <div role="alert" className={styles.spec}>
          <p>
            {spec.name} is a spec: it says what to run, not what came of it. Run it here, or in a terminal, on
            as many machines as you have: <code>npm run experiment -- {spec.name} --out study</code>
          </p>
          <button type="button" onClick={() => props.onSpec(spec.spec)}>
            Put it into the form
          </button>
        </div>
      ) : null}
    </section>
  );
}
