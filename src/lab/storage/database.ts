/**
 * What lies in the browser's database and how an older one becomes this one. Every change of a stored shape raises
 * the version and says here what happens to what is there already: nothing a person made is lost to an update.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import type { EvaluationRecord, IterationRecord, SampleColumns } from '../records/record.ts';
import type { ExperimentSpec } from '../settings/experimentSpec.ts';
import { upgradeSettings } from '../settings/legacySettings.ts';
import type { RunLimits } from '../settings/stopRules.ts';
import type { ModelSlot } from '../trainer/models/modelSlots.ts';
import type { ArmSnapshot, CheckpointBytes, LabError } from '../trainer/protocol.ts';

export type Failure = Pick<LabError, 'code' | 'message'>;

/** What is known of a run without reading its rows. */
export interface StoredRun {
  id: string;
  name: string;
  note: string;
  /** The page, from load to close, that wrote it last. */
  session: string;
  /** The experiment that it belongs to; null for a run that was started on the page. */
  experiment: string | null;
  /** Index into the palette's series. */
  color: number;
  settings: ArmSettings;
  /** What ends it before its iterations are done; absent or null: nothing. */
  limits?: RunLimits | null;
  seed: number;
  worldSeed: number;
  backend: { name: string; reason: string; device?: string } | null;
  /** Last iteration stored. */
  iteration: number;
  /** Held-out pass rate at the start and at the last look, for lists; null before there is one. */
  firstPass: number | null;
  lastPass: number | null;
  finished: boolean;
  archived: boolean;
  /** Why its arm stopped before the end; absent or null for one that only was not gone on with. */
  failure?: Failure | null;
  /** Milliseconds since 1970. */
  created: number;
  updated: number;
  /** Bytes of its samples, as columns hold them. */
  bytes: number;
  /** Bytes of its latest snapshot, and of its own models. */
  fixedBytes: number;
}

/** Models that a run used in place of the shipped ones. */
export type RunModels = Partial<Record<ModelSlot, CheckpointBytes>>;

export interface StoredRows {
  iterations: IterationRecord[];
  evaluations: EvaluationRecord[];
  snapshot: ArmSnapshot | null;
  models: RunModels;
}

/** The numbers of an iteration without its samples: a comparison of a hundred runs reads nothing else. */
export type MetricRow = Omit<IterationRecord, 'samples'>;

/** Arms × seeds, as they were asked for. The runs themselves lie among the others. */
export interface StoredExperiment {
  id: string;
  name: string;
  spec: ExperimentSpec;
  /** Milliseconds since 1970. */
  created: number;
  /** `open`: it computes, or was cut off while it did. `stopped`: by a person. `finished`: nothing is left to compute. */
  state: 'open' | 'stopped' | 'finished';
  /** Seconds that it has computed so far, pauses and closed pages aside: its own clock. */
  seconds: number;
  /** One per arm and seed, in the order in which they are computed. A run that began and is not stored was deleted. */
  runs: { id: string; begun: boolean }[];
}

type RowKey = [run: string, iteration: number];

export interface RunSchema extends DBSchema {
  runs: { key: string; value: StoredRun; indexes: { updated: number } };
  iterations: { key: RowKey; value: MetricRow & { run: string } };
  samples: { key: RowKey; value: { run: string; iteration: number; samples: SampleColumns } };
  evaluations: { key: RowKey; value: EvaluationRecord & { run: string } };
  snapshots: { key: string; value: ArmSnapshot };
  models: { key: string; value: RunModels };
  experiments: { key: string; value: StoredExperiment };
}

export const databaseName = 'filtrate';
/** Raise with a step in `upgrade` whenever the schema or a stored record changes. */
export const databaseVersion = 5;

type Upgrading = IDBPTransaction<RunSchema, StoreNames<RunSchema>[], 'versionchange'>;

/** Brings a database of version `from` (0: a new one) to the present one, within the transaction of its opening. */
export async function upgrade(db: IDBPDatabase<RunSchema>, from: number, tx: Upgrading): Promise<void> {
  if (from < 1) {
    db.createObjectStore('runs', { keyPath: 'id' }).createIndex('updated', 'updated');
    db.createObjectStore('iterations', { keyPath: ['run', 'iteration'] });
    db.createObjectStore('evaluations', { keyPath: ['run', 'iteration'] });
    db.createObjectStore('snapshots');
    db.createObjectStore('models');
  }
  if (from < 2) {
    db.createObjectStore('experiments', { keyPath: 'id' });
    db.createObjectStore('samples', { keyPath: ['run', 'iteration'] });
    await splitRows(tx);
    await nameExperiments(tx);
  }
  // Version 3 gave old runs a knob that `upgradeSettings` now knows.
  // Version 5 brought a slot that settings by slot of before do not have, and a choice in place of the synthetic
  // reward's switch.
  if (from < 5) await presentSettings(tx);
  if (from < 4) await networksByName(tx);
}

/** Version 1 kept metrics and samples of an iteration in one row. */
async function splitRows(tx: Upgrading): Promise<void> {
  const samples = tx.objectStore('samples');
  for (let at = await tx.objectStore('iterations').openCursor(); at; at = await at.continue()) {
    const { samples: columns, ...row } = at.value as typeof at.value & IterationRecord;
    await samples.put({ run: row.run, iteration: row.iteration, samples: columns });
    await at.update(row);
  }
}

/** Version 1 knew no experiments. */
async function nameExperiments(tx: Upgrading): Promise<void> {
  for (let at = await tx.objectStore('runs').openCursor(); at; at = await at.continue()) {
    await at.update({ ...at.value, experiment: null });
  }
}

/**
 * Before version 4 an arm's settings were one flat bag of knobs, in runs and in the specs of experiments; before version
 * 5 they had no reference.
 */
async function presentSettings(tx: Upgrading): Promise<void> {
  const present = (settings: ArmSettings) => upgradeSettings(settings as unknown as Record<string, unknown>);
  for (let at = await tx.objectStore('runs').openCursor(); at; at = await at.continue()) {
    await at.update({ ...at.value, settings: present(at.value.settings) });
  }
  for (let at = await tx.objectStore('experiments').openCursor(); at; at = await at.continue()) {
    const { spec } = at.value;
    const arms = spec.arms.map((arm) => ({ ...arm, settings: present(arm.settings) }));
    await at.update({ ...at.value, spec: { ...spec, arms } });
  }
}

/** Before version 4 a snapshot held a policy and a critic, whatever the arm trained. */
async function networksByName(tx: Upgrading): Promise<void> {
  for (let at = await tx.objectStore('snapshots').openCursor(); at; at = await at.continue()) {
    const { policy, critic, ...rest } = at.value as typeof at.value & ArmSnapshot['networks'];
    await at.update({ ...rest, networks: { policy, critic } });
  }
}
