/** The browser's part of `npm run record`: runs the arms of a preset, one after the other, and packs them. */
import { startJudge } from '../../src/judge/service.ts';
import type { EvaluationRecord, IterationRecord, RunRecord } from '../../src/lab/records/record.ts';
import type { BackendChoice } from '../../src/lab/settings/engines.ts';
import { encodeRecording } from '../../src/lab/storage/recordFile.ts';
import { TrainerHandle } from '../../src/lab/trainer/pageSide/trainerHandle.ts';
import { shippedWorldSeed } from '../../src/lab/trainer/worldTasks.ts';
import type { ArmSettings } from '../../src/rlhf/catalogue/settings.ts';

export interface RecordingPlan {
  preset: string;
  command: string;
  seed: number;
  backend: BackendChoice;
  arms: { name: string; settings: ArmSettings }[];
  /** Samples of this many groups of each iteration are kept. */
  groups: number;
}

export interface RecordedRuns {
  /** The file, base64. */
  file: string;
  backend: { name: string; device: string; reason: string };
  /** Held-out pass rate of each arm at the start and at the end. */
  heldPass: { name: string; start: number; end: number }[];
}

/** Runs one arm to its end. @throws LabFailure when the trainer reports an error */
async function run(
  plan: RecordingPlan,
  arm: RecordingPlan['arms'][number],
  judge: MessagePort,
): Promise<{ record: RunRecord; backend: RecordedRuns['backend'] }> {
  const trainer = new TrainerHandle();
  const iterations: IterationRecord[] = [];
  const evaluations: EvaluationRecord[] = [];
  try {
    const backend = await trainer.open({
      backend: plan.backend,
      judge,
      assets: new URL('/', location.href).href,
    });
    trainer.on('evaluation', ({ record }) => evaluations.push(record));
    trainer.on('iteration', ({ record }) => {
      iterations.push(record);
      reportProgress(`${plan.preset}, ${arm.name}: ${record.iteration}/${arm.settings.training.iterations}`);
    });
    trainer.send({ type: 'arm', settings: arm.settings, seed: plan.seed });
    await trainer.next('state', ({ state }) => state === 'ready' || state === 'paused');
    const finished = trainer.next('state', ({ state }) => state === 'finished');
    trainer.send({ type: 'play' });
    await finished;
    const { name, device, reason } = backend;
    const record: RunRecord = {
      format: 'filtrate-run/1',
      name: arm.name,
      seed: plan.seed,
      settings: arm.settings,
      worldSeed: shippedWorldSeed,
      backend: { name, reason },
      iterations,
      evaluations,
    };
    return { record, backend: { name, device, reason } };
  } finally {
    trainer.dispose();
  }
}

export async function recordRuns(plan: RecordingPlan): Promise<RecordedRuns> {
  const judge = startJudge();
  const runs: RunRecord[] = [];
  let backend: RecordedRuns['backend'] | null = null;
  for (const arm of plan.arms) {
    const done = await run(plan, arm, judge.connect());
    runs.push(done.record);
    backend = done.backend;
  }
  if (!backend) throw new Error(`The preset ${plan.preset} has no arms.`);
  const bytes = await encodeRecording(
    { preset: plan.preset, command: plan.command, runs },
    { groups: plan.groups },
  );
  return {
    file: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
    backend,
    heldPass: runs.map(({ name, evaluations }) => ({
      name,
      start: evaluations[0]?.metrics.heldPass ?? Number.NaN,
      end: evaluations.at(-1)?.metrics.heldPass ?? Number.NaN,
    })),
  };
}
