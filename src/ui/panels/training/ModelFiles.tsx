/** Models in and out, as Hugging Face GPT-2 folders. */
import { useState } from 'react';
import type { ModelSource } from '../../../lab/models/models.ts';
import { type ModelSlot, modelSlots, slotText } from '../../../lab/trainer/models/modelSlots.ts';
import { Choice } from '../../parts/Choice.tsx';
import { FileButton } from '../../parts/FileButton.tsx';
import { saveFile } from '../../parts/saveFile.ts';
import { useActiveArm, useLaboratory } from '../../useLab.ts';
import { Origin } from './Origin.tsx';
import styles from './training.module.css';

export function ModelFiles() {
  const laboratory = useLaboratory();
  const arm = useActiveArm();
  const [slot, setSlot] = useState<ModelSlot>('policy');
  const take = async (from: ModelSource, name: string) => {
    const blob = await laboratory.models.exportZip(from);
    if (blob) saveFile(blob, `${name}.zip`);
  };
  return (
    <>
      <p className={styles.what}>
        Models travel as Hugging Face GPT-2 folders: model.safetensors, config.json and the tokenizer.
        Python's transformers opens them as they are.
      </p>
      <div className={styles.row}>
        <span>The</span>
        <Choice
          label="Model"
          value={slot}
          options={modelSlots.map((value) => ({ value, label: slotText[value] }))}
          onChange={setSlot}
        />
        <button type="button" onClick={() => void take({ slot }, `filtrate-${slot}`)}>
          Download
        </button>
        <FileButton
          label="Replace by files …"
          accept=".zip,.safetensors,.json"
          multiple
          onFiles={(files) => void laboratory.models.importFiles(slot, files)}
        />
        <Origin slot={slot} />
      </div>
      {arm && !arm.recorded && arm.iterations.length > 0 ? (
        <div className={styles.row}>
          <span>
            From {arm.name} as it is now (iteration {arm.iteration}):
          </span>
          <button
            type="button"
            onClick={() => void take({ arm: arm.id, part: 'policy' }, `filtrate-policy-${arm.iteration}`)}
          >
            Download its policy
          </button>
          <button
            type="button"
            onClick={() => void take({ arm: arm.id, part: 'critic' }, `filtrate-critic-${arm.iteration}`)}
          >
            Download its critic
          </button>
        </div>
      ) : null}
    </>
  );
}
