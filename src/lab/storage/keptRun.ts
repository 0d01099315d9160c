/**
 * What a file holds of a stored run beyond its rows: the snapshot from which it goes on, and its own models. Large
 * columns lie in the binary part of the file (see recordFile.ts), everything small in its header.
 */
import * as v from 'valibot';
import type { RunLimits } from '../settings/stopRules.ts';
import { type ModelSlot, modelSlots } from '../trainer/models/modelSlots.ts';
import type { ArmSnapshot, ModelSnapshot } from '../trainer/protocol.ts';
import type { RunModels } from './runStore.ts';

export interface KeptRun {
  note: string;
  /** Milliseconds since 1970. */
  created: number;
  finished: boolean;
  /** What ends it before its iterations are done; absent: nothing. */
  limits?: RunLimits | undefined;
  snapshot: ArmSnapshot | null;
  models: RunModels;
}

/** Byte offset and length in items of a column. */
export type ColumnRef = [at: number, length: number];
export type PutColumn = (column: Float32Array | Uint8Array) => ColumnRef;
export interface TakeColumn {
  (ref: ColumnRef, type: 'f32', where: string): Float32Array;
  (ref: ColumnRef, type: 'u8', where: string): Uint8Array;
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const columnRef = v.tuple([whole, whole]);
const finite = v.pipe(v.number(), v.finite());
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const modelSchema = v.object({ weights: columnRef, time: whole, m: columnRef, v: columnRef });
const memorySchema = v.record(v.string(), v.union([finite, v.pipe(v.array(finite), v.readonly())]));
const checkpointSchema = v.optional(v.object({ model: columnRef, config: v.string() }));

export const keptSchema = v.object({
  note: v.pipe(v.string(), v.maxLength(2000)),
  created: amount,
  finished: v.boolean(),
  limits: v.optional(
    v.object({
      plateau: v.nullable(
        v.object({
          evaluations: v.pipe(whole, v.minValue(1)),
          gain: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
        }),
      ),
      updateTokens: v.nullable(v.pipe(whole, v.minValue(1))),
    }),
  ),
  snapshot: v.nullable(
    v.object({
      iteration: whole,
      networks: v.optional(v.record(v.string(), modelSchema)),
      reference: v.optional(columnRef),
      memory: v.optional(v.record(v.string(), memorySchema)),
      began: v.optional(v.record(v.string(), v.string())),
      // As files of before had them.
      policy: v.optional(modelSchema),
      critic: v.optional(modelSchema),
      costs: v.object({
        samples: amount,
        sampledTokens: v.optional(amount, 0),
        rewardPasses: amount,
        referencePasses: v.optional(amount, 0),
        criticPasses: amount,
        policyPasses: amount,
        updateTokens: amount,
        seconds: amount,
      }),
      rewardScale: v.object({
        mean: v.pipe(v.number(), v.finite()),
        deviation: v.pipe(v.number(), v.finite(), v.gtValue(0)),
      }),
    }),
  ),
  models: v.object(
    Object.fromEntries(modelSlots.map((slot) => [slot, checkpointSchema])) as Record<
      ModelSlot,
      typeof checkpointSchema
    >,
  ),
});
export type KeptHeader = v.InferOutput<typeof keptSchema>;

export function packKept(kept: KeptRun, put: PutColumn): KeptHeader {
  const model = ({ weights, time, m, v: second }: ModelSnapshot) => ({
    weights: put(weights),
    time,
    m: put(m),
    v: put(second),
  });
  const { snapshot } = kept;
  return {
    ...kept,
    snapshot: snapshot && {
      ...snapshot,
      reference: snapshot.reference && put(snapshot.reference),
      networks: Object.fromEntries(
        Object.entries(snapshot.networks).map(([name, network]) => [name, model(network)]),
      ),
    },
    models: Object.fromEntries(
      Object.entries(kept.models).map(([slot, { model: bytes, config }]) => [
        slot,
        { model: put(bytes), config },
      ]),
    ),
  };
}

/** @throws RangeError when the columns of a model do not belong together */
export function unpackKept(header: KeptHeader, take: TakeColumn, where: string): KeptRun {
  const model = (part: string, packed: v.InferOutput<typeof modelSchema>): ModelSnapshot => {
    const name = (column: string) => `"${column}" of the ${part} in the snapshot of ${where}`;
    const columns = {
      weights: take(packed.weights, 'f32', name('weights')),
      m: take(packed.m, 'f32', name('m')),
      v: take(packed.v, 'f32', name('v')),
    };
    for (const [column, values] of Object.entries(columns)) {
      if (values.length !== columns.weights.length || values.length === 0) {
        throw new RangeError(
          `${name(column)} has ${values.length} values where ${columns.weights.length} belong.`,
        );
      }
      const broken = values.findIndex((value) => !Number.isFinite(value));
      if (broken >= 0) throw new RangeError(`${name(column)} is not a number at ${broken}.`);
    }
    return { ...columns, time: packed.time };
  };
  const models: RunModels = {};
  for (const slot of modelSlots) {
    const packed = header.models[slot];
    if (!packed) continue;
    models[slot] = {
      model: take(packed.model, 'u8', `the ${slot} model of ${where}`),
      config: packed.config,
    };
  }
  const reference = (ref: ColumnRef): Float32Array => {
    const name = `the reference in the snapshot of ${where}`;
    const values = take(ref, 'f32', name);
    const broken = values.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0) throw new RangeError(`${name} is not a number at ${broken}.`);
    return values;
  };
  return {
    ...header,
    snapshot: header.snapshot && snapshotFrom(header.snapshot, { model, reference }, where),
    models,
  };
}

type Packed = v.InferOutput<typeof modelSchema>;

function snapshotFrom(
  { networks, policy, critic, reference, memory, ...rest }: NonNullable<KeptHeader['snapshot']>,
  read: {
    model(part: string, packed: Packed): ModelSnapshot;
    reference(ref: ColumnRef): Float32Array;
  },
  where: string,
): ArmSnapshot {
  const packed = networks ?? { ...(policy ? { policy } : {}), ...(critic ? { critic } : {}) };
  if (!packed.policy) throw new RangeError(`the snapshot of ${where} holds no policy.`);
  const models = Object.entries(packed).map(([name, network]) => [name, read.model(name, network)]);
  return {
    ...rest,
    networks: Object.fromEntries(models),
    ...(reference ? { reference: read.reference(reference) } : {}),
    ...(memory ? { memory } : {}),
  };
}
