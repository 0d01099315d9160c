/** The browser's part of `npm run checkpoints`: the page's own judge and trainer worker, without the page. */
import { startJudge } from '../../src/judge/service.ts';
import type { BackendChoice, BackendInfo } from '../../src/lab/settings/engines.ts';
import type { CheckpointBytes, RewardModelSettings, SftSettings } from '../../src/lab/trainer/protocol.ts';
import { TrainerHandle } from '../../src/lab/trainer/trainerHandle.ts';

export interface TrainingPlan {
  seed: number;
  backend: BackendChoice;
  policy: SftSettings;
  rewardModels: Record<'strong' | 'weak', RewardModelSettings>;
}

export interface TrainedModel {
  config: string;
  /** safetensors bytes, base64: results travel as JSON. */
  model: string;
  metrics: Record<string, number>;
  seconds: number;
}

export interface TrainingResult {
  backend: BackendInfo;
  models: Record<'policy' | 'strong' | 'weak', TrainedModel>;
}

declare global {
  /** Given by the script: one line of progress for the terminal. */
  function reportProgress(line: string): Promise<void>;
}

const base64 = ({ model }: CheckpointBytes): string =>
  btoa(Array.from(model, (byte) => String.fromCharCode(byte)).join(''));

export async function trainModels(plan: TrainingPlan): Promise<TrainingResult> {
  const judge = startJudge();
  const trainer = new TrainerHandle();
  const backend = await trainer.open({
    backend: plan.backend,
    judge: judge.connect(),
    assets: location.href,
  });
  trainer.on('training', ({ progress }) => {
    const { job, phase, done, total, secondsLeft, metrics } = progress;
    const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    const numbers = Object.entries(metrics).map(([key, value]) => `${key} ${value.toPrecision(4)}`);
    reportProgress(`${job}: ${phase} ${done}/${total}${left}  ${numbers.join('  ')}`);
  });
  const finish = async (): Promise<TrainedModel> => {
    const start = performance.now();
    const { checkpoint, metrics } = await trainer.next('trained');
    const seconds = (performance.now() - start) / 1000;
    return { config: checkpoint.config, model: base64(checkpoint), metrics, seconds };
  };
  trainer.send({ type: 'train-policy', settings: plan.policy, seed: plan.seed });
  const policy = await finish();
  trainer.send({ type: 'train-reward', settings: plan.rewardModels.strong, seed: plan.seed, slot: 'strong' });
  const strong = await finish();
  trainer.send({ type: 'train-reward', settings: plan.rewardModels.weak, seed: plan.seed, slot: 'weak' });
  const weak = await finish();
  trainer.dispose();
  return { backend, models: { policy, strong, weak } };
}
