/** A stored run as one file that another browser can go on with, and back, with everything checked on the way in. */
import { checkWhole } from '../settings/validate.ts';
import type { CheckpointBytes } from '../trainer/protocol.ts';
import { shippedWorldSeed } from '../trainer/worldTasks.ts';
import { samplesIssue } from './checkRows.ts';
import { decodeRecording, encodeRecording, RecordFileError, type StoredRunRecord } from './recordFile.ts';
import { bytesOf, modelBytes, type StoredRows, type StoredRun, snapshotBytes } from './runStore.ts';

type Found = { run: StoredRun; rows: StoredRows };

const largestSeed = 0xffff_ffff;

const noBackend = { name: 'none', reason: 'the run had not begun' };

export const runFileEnding = '.filtrate-run';

/** "bw-seed-1-iteration-23.filtrate-run" */
export function runFileName({ name, seed, iteration }: StoredRun): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${plain || 'run'}-seed-${seed}-iteration-${iteration}${runFileEnding}`;
}

export function writeRunFile(run: StoredRun, rows: StoredRows): Promise<Uint8Array<ArrayBuffer>> {
  const record: StoredRunRecord = {
    format: 'filtrate-run/1',
    name: run.name,
    seed: run.seed,
    settings: run.settings,
    worldSeed: run.worldSeed,
    backend: run.backend ?? noBackend,
    iterations: rows.iterations,
    evaluations: rows.evaluations,
    kept: {
      note: run.note,
      created: run.created,
      finished: run.finished,
      ...(run.limits ? { limits: run.limits } : {}),
      snapshot: rows.snapshot,
      models: rows.models,
    },
  };
  return encodeRecording({ preset: 'healthy', command: 'Runs, Export', runs: [record] });
}

/**
 * The runs of a file, each without an id of its own.
 * @throws RecordFileError when the file is damaged, of another version, or does not hang together
 */
export async function readRunFile(bytes: Uint8Array<ArrayBuffer>): Promise<Found[]> {
  const { runs } = await decodeRecording(bytes);
  if (runs.length === 0) throw new RecordFileError('it holds no run.');
  return runs.map(checked);
}

function checked(record: StoredRunRecord): Found {
  const where = `run "${record.name}"`;
  const refuse = (message: string) => new RecordFileError(`${where}: ${message}`);
  const { settings, seed } = record;
  const [issue] = checkWhole(settings);
  if (issue) throw refuse(issue.message);
  if (!Number.isInteger(seed) || seed < 0 || seed > largestSeed) {
    throw refuse(`its seed must be a whole number from 0 to ${largestSeed}, and is ${seed}.`);
  }
  if (record.worldSeed !== shippedWorldSeed) {
    throw refuse(
      `it is of the world with seed ${record.worldSeed}; this page has the one with seed ${shippedWorldSeed}.`,
    );
  }
  const { iterations, evaluations, kept } = record;
  iterations.forEach((row, i) => {
    if (row.iteration !== i + 1) throw refuse(`iteration ${i + 1} is missing.`);
    const wrong = samplesIssue(row.samples, settings);
    if (wrong) throw refuse(`iteration ${row.iteration}: ${wrong}`);
  });
  const last = iterations.length;
  if (last > settings.training.iterations)
    throw refuse(`it has ${last} iterations where its settings allow ${settings.training.iterations}.`);
  for (const [i, row] of evaluations.entries()) {
    if (!Number.isInteger(row.iteration) || row.iteration < 0)
      throw refuse(`its look ${i + 1} is at iteration ${row.iteration}, which there is not.`);
    const ordered = i === 0 || row.iteration > evaluations[i - 1].iteration;
    if (!ordered || row.iteration > last)
      throw refuse(`its look at iteration ${row.iteration} is out of order.`);
  }
  const snapshot = kept?.snapshot ?? null;
  if (snapshot && snapshot.iteration > last) {
    throw refuse(`its snapshot is of iteration ${snapshot.iteration}, but its rows end at ${last}.`);
  }
  const models = kept?.models ?? {};
  for (const [slot, model] of Object.entries(models)) {
    if (!isCheckpoint(model)) throw refuse(`its ${slot} model is damaged.`);
  }
  const now = Date.now();
  return {
    run: {
      id: '',
      name: record.name.trim().slice(0, 40) || 'Imported run',
      note: kept?.note ?? '',
      session: '',
      experiment: null,
      color: 0,
      settings,
      seed,
      worldSeed: record.worldSeed,
      backend: record.backend.name === noBackend.name ? null : record.backend,
      iteration: last,
      firstPass: evaluations.find((row) => row.iteration === 0)?.metrics.heldPass ?? null,
      lastPass: evaluations.at(-1)?.metrics.heldPass ?? null,
      // Files without a snapshot (recordings) are to be looked at.
      finished: kept?.finished ?? true,
      ...(kept?.limits ? { limits: kept.limits } : {}),
      archived: false,
      created: Math.min(kept?.created ?? now, now),
      updated: now,
      bytes: iterations.reduce((sum, row) => sum + bytesOf(row.samples), 0),
      fixedBytes: modelBytes(models) + (snapshot ? snapshotBytes(snapshot) : 0),
    },
    rows: { iterations, evaluations, snapshot, models },
  };
}

/** Whether a checkpoint can be one at all; what it is a model of is checked when it is used. */
function isCheckpoint({ model, config }: CheckpointBytes): boolean {
  try {
    const length = new DataView(model.buffer, model.byteOffset, model.byteLength).getBigUint64(0, true);
    if (8n + length > BigInt(model.byteLength)) return false;
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(model.subarray(8, 8 + Number(length))));
    JSON.parse(config);
    return true;
  } catch {
    return false;
  }
}
