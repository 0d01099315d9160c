/**
 * Holds the updates against golden numbers from PyTorch: the loss and its gradient, from the code that training runs.
 * The tests and `npm run parity` call it.
 */
import { modelFromSafetensors } from '../nn/checkpoint.ts';
import { Comparer, type Comparison, type Pinned } from '../nn/comparer.ts';
import * as nn from '../nn/forMethods.ts';
import { checkParity, type Golden } from '../nn/parity.ts';
import { tf } from '../nn/tf.ts';
import type { Transformer } from '../nn/transformer.ts';
import { initialValues } from './knobs.ts';
import type { Scored } from './responses.ts';
import type { UpdateMethod } from './slots.ts';
import { updates } from './update/index.ts';
import { columnsAt, uploadColumns } from './update/train.ts';

/** The JSON of a golden file of methods. Matrices are padded: [B,S] tokens, [B,S-1] next-token quantities. */
export interface MethodsGolden {
  format: 'filtrate-golden-methods/1';
  model: Golden['model'];
  batch: Golden['batch'] & {
    group: number[];
    reward: number[];
    refLogProb: number[][];
    oldLogProb: number[][];
  };
  methods: Record<string, MethodNumbers>;
}
interface MethodNumbers {
  knobs: Record<string, number>;
  loss: number;
  grad: Record<string, Pinned>;
  /** [B] */
  advantage?: number[];
}

export interface GoldenAnswer {
  comparisons: Comparison[];
  /** Methods of the file that the project does not have. */
  missing: string[];
}

/** Compares everything that a golden file pins, of the model or of methods. */
export async function checkGolden(
  golden: Golden | MethodsGolden,
  weights: Uint8Array,
  backendName: string,
): Promise<GoldenAnswer> {
  return golden.format === 'filtrate-golden-methods/1'
    ? checkMethods(golden as MethodsGolden, weights, backendName)
    : { comparisons: await checkParity(golden as Golden, weights, backendName), missing: [] };
}

/**
 * Compares the loss and the gradient of every method that the project has.
 * @param weights the safetensors file of the same name
 * @param backendName a tfjs backend that is registered; it is made current
 */
export async function checkMethods(
  golden: MethodsGolden,
  weights: Uint8Array,
  backendName: string,
): Promise<GoldenAnswer> {
  await tf.setBackend(backendName);
  await tf.ready();
  const comparer = new Comparer();
  const missing: string[] = [];
  const { vocab, dModel, layers, heads, maxLen } = golden.model;
  const policy = modelFromSafetensors(weights, { vocab, width: dModel, layers, heads, maxLength: maxLen });
  try {
    for (const [id, numbers] of Object.entries(golden.methods)) {
      const method: UpdateMethod | undefined = updates.find((update) => update.id === id);
      if (method) await checkMethod(method, numbers, scoredOf(golden), policy, comparer);
      else missing.push(id);
    }
  } finally {
    policy.dispose();
  }
  return { comparisons: comparer.comparisons, missing };
}

/** The batch of the file as the loop would hand it to an update. */
function scoredOf({ batch }: MethodsGolden): Scored {
  const { group, reward, refLogProb, oldLogProb } = batch;
  const rows = batch.tokens.map((tokens, b) => ({
    tokens: tokens.slice(0, batch.totalLen[b]),
    promptLength: batch.promptLen[b],
  }));
  const ragged = (padded: number[][]) =>
    Float32Array.from(padded.flatMap((row, b) => row.filter((_, t) => batch.actionMask[b][t] === 1)));
  return {
    rows,
    problem: Int32Array.from(group),
    group: Int32Array.from(group),
    starts: nn.packSequences(rows).actionStarts,
    tokens: Uint16Array.from(rows.flatMap(({ tokens, promptLength }) => tokens.slice(promptLength))),
    logProb: ragged(oldLogProb),
    programs: rows.map(() => ''),
    refLogProb: ragged(refLogProb),
    startLogProb: ragged(refLogProb),
    reward: Float32Array.from(reward),
    standardised: Float32Array.from(reward),
    beta: 0,
    values: {},
  };
}

async function checkMethod(
  method: UpdateMethod,
  { knobs: given, loss: due, grad, advantage }: MethodNumbers,
  scored: Scored,
  policy: Transformer,
  comparer: Comparer,
): Promise<void> {
  const knobs: Record<string, number> = { ...(initialValues(method.knobs) as Record<string, number>) };
  let { beta } = scored;
  for (const [name, value] of Object.entries(given)) {
    if (Object.hasOwn(method.knobs, name)) knobs[name] = value;
    else if (name === 'beta' && method.priced) beta = value;
    else comparer.add(method.id, `${name}: no such knob`, Number.NaN, 0);
  }
  const everything = Int32Array.from(scored.rows, (_, row) => row);
  const examples = method.examples({ ...scored, beta }, everything, knobs);
  if (advantage) {
    const ends = scored.starts.subarray(1);
    const own =
      examples.perRow?.advantage ?? Float32Array.from(ends, (end) => examples.perToken.advantage[end - 1]);
    comparer.arrays(method.id, 'advantages', own, advantage);
  }
  const chosen = examples.rows.flat();
  const batch = nn.upload(nn.packSequences(chosen.map((row) => scored.rows[row])));
  const columns = columnsAt(chosen, scored, examples);
  const { value, grads } = policy.gradients(() => {
    const [old, row] = [uploadColumns(columns.old), uploadColumns(columns.row)];
    const now = nn.tokenLogProbs(policy, batch).logProb;
    return method.losses.policy(nn, { batch, now, old, row }, knobs).loss;
  });
  batch.dispose();
  await comparer.values(method.id, 'loss', value, [due]);
  await comparer.pinned(method.id, 'gradient of ', grads, grad);
}
