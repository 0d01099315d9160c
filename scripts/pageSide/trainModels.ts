/** The browser's part of `npm run checkpoints`: the page's own judge and trainer worker, without the page. */
import { startJudge } from '../../src/judge/service.ts';
import type { BackendChoice, BackendInfo } from '../../src/lab/settings/engines.ts';
import type { ModelSlot } from '../../src/lab/trainer/models/modelSlots.ts';
import { TrainerHandle } from '../../src/lab/trainer/pageSide/trainerHandle.ts';
import type { TrainerCommand, TrainerEvent } from '../../src/lab/trainer/protocol.ts';

export interface TrainingPlan {
  backend: BackendChoice;
  /** The commands that train the models, in order: a policy comes before what is trained on its programs. */
  commands: Extract<
    TrainerCommand,
    { type: 'train-policy' | 'train-reward' | 'train-genrm' | 'train-value' }
  >[];
  /** The policy to start from where none is trained here: its config, and its safetensors bytes as base64. */
  policy?: { config: string; model: string };
}

export interface TrainedModel {
  slot: ModelSlot;
  config: string;
  /** safetensors bytes, base64: results travel as JSON. */
  model: string;
  metrics: Record<string, number>;
  reliability?: number[] | undefined;
  seconds: number;
}

export interface TrainingResult {
  backend: BackendInfo;
  models: TrainedModel[];
}

declare global {
  /** Given by the script: one line of progress for the terminal. */
  function reportProgress(line: string): Promise<void>;
}

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

export async function trainModels({
  backend: choice,
  commands,
  policy,
}: TrainingPlan): Promise<TrainingResult> {
  const judge = startJudge();
  const trainer = new TrainerHandle();
  const backend = await trainer.open({
    backend: choice,
    judge: judge.connect(),
    assets: location.href,
  });
  trainer.on('training', ({ progress }: Extract<TrainerEvent, { type: 'training' }>) => {
    const { job, phase, done, total, secondsLeft, metrics } = progress;
    const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    const numbers = Object.entries(metrics).map(([key, value]) => `${key} ${value.toPrecision(4)}`);
    reportProgress(`${job}: ${phase} ${done}/${total}${left}  ${numbers.join('  ')}`);
  });
  if (policy) {
    const model = Uint8Array.from(atob(policy.model), (letter) => letter.charCodeAt(0));
    const used = trainer.next('used');
    trainer.send({ type: 'use', slot: 'policy', checkpoint: { config: policy.config, model } });
    await used;
  }
  const models: TrainedModel[] = [];
  for (const command of commands) {
    const start = performance.now();
    const ended = trainer.next('trained');
    trainer.send(command);
    const { slot, checkpoint, metrics, reliability } = await ended;
    const seconds = (performance.now() - start) / 1000;
    models.push({
      slot,
      config: checkpoint.config,
      model: base64(checkpoint.model),
      metrics,
      reliability,
      seconds,
    });
  }
  trainer.dispose();
  return { backend, models };
}
