/**
 * Filters that a person wrote, run like any untrusted program: in the judge's sandbox, never here. A filter is a
 * JavaScript function `filter(rewards)` that gets the rewards of one group and returns one weight per response. Each
 * group is one call of a fresh instance, so a filter can remember nothing and the order of groups cannot matter.
 */
import { rowsByGroup } from '../../../core/groups.ts';
import type { JudgeClient } from '../../../judge/client.ts';
import { LabFailure } from '../errors.ts';

/** Groups per request: a limit on what one loop can delay. */
const groupsPerRequest = 400;
/** Milliseconds of the judge's clock that one request may take. */
const timeoutMs = 1000;

export interface FilterBatchInput {
  reward: Float32Array;
  group: Int32Array;
}

/** Examples to start from, simplest first. */
export const filterExamples: readonly { label: string; source: string }[] = [
  {
    label: 'best and worst',
    source: `// rewards: the rewards of one group, in the order sampled.
// Return one weight (0 or more) per response.
function filter(rewards) {
  const best = Math.max(...rewards);
  const worst = Math.min(...rewards);
  return rewards.map((r) => (r === best || r === worst ? 1 : 0));
}`,
  },
  {
    label: 'distance from the mean',
    source: `// The further from the mean of its group, the heavier.
function filter(rewards) {
  const mean = rewards.reduce((a, b) => a + b, 0) / rewards.length;
  return rewards.map((r) => Math.abs(r - mean));
}`,
  },
  {
    label: 'upper half',
    source: `// The upper half of each group, by rank. Equal rewards share a rank.
function filter(rewards) {
  const sorted = rewards.slice().sort((a, b) => b - a);
  return rewards.map((r) => (sorted.indexOf(r) < rewards.length / 2 ? 1 : 0));
}`,
  },
  {
    label: 'softly the best',
    source: `// Every response has a chance; each 0.2 of reward makes it e times as large.
function filter(rewards) {
  const best = Math.max(...rewards);
  return rewards.map((r) => Math.exp((r - best) / 0.2));
}`,
  },
  {
    label: 'only groups that disagree',
    source: `// Groups whose rewards are nearly equal teach little: keep none of them.
function filter(rewards) {
  const spread = Math.max(...rewards) - Math.min(...rewards);
  return rewards.map(() => (spread > 0.5 ? 1 : 0));
}`,
  },
];

const failure = (message: string) => new LabFailure({ code: 'filter', message, field: 'customFilter' });

let batches = 0;

/**
 * One weight per row of a batch, from the function that `source` defines.
 * @throws LabFailure (code 'filter') naming what the function did wrong: it does not parse, loops, throws, or returns
 *   something other than one finite, non-negative number per reward
 */
export async function customWeights(
  client: JudgeClient,
  source: string,
  { reward, group }: FilterBatchInput,
): Promise<Float32Array> {
  const groups = rowsByGroup(group);
  const weights = new Float32Array(reward.length);
  for (let from = 0; from < groups.length; from += groupsPerRequest) {
    const chunk = groups.slice(from, from + groupsPerRequest);
    const tests = chunk.map((rows) => ({ args: [rows.map((row) => reward[row])], expected: null }));
    const key = `filter batch ${batches++ % 64}`;
    const request = { source, entry: 'filter', tests, key, mutation: 'allow' as const };
    const [verdict] = await client.judge([request], { outputs: true, timeoutMs });
    if (verdict.status !== 'ok' || !verdict.tests) {
      throw failure(`The filter function was refused. ${verdict.detail ?? ''}`.trim());
    }
    verdict.tests.forEach(({ output }, i) => {
      const rows = chunk[i];
      const values = parseWeights(output, rows.length, from + i);
      rows.forEach((row, at) => {
        weights[row] = values[at];
      });
    });
  }
  return weights;
}

/** The canonical text of an output as weights. */
function parseWeights(output: string, size: number, group: number): number[] {
  const where = `For group ${group + 1} the filter function`;
  if (output.startsWith('!')) throw failure(`${where} ${output.slice(1) || 'gave no output'}.`);
  let values: unknown;
  try {
    values = JSON.parse(output);
  } catch {
    throw failure(`${where} returned ${output.slice(0, 60)}, not a list of ${size} finite weights.`);
  }
  if (!Array.isArray(values) || values.length !== size) {
    throw failure(`${where} returned ${output.slice(0, 60)}, not a list of ${size} weights.`);
  }
  for (const value of values) {
    if (typeof value !== 'number' || !(value >= 0)) {
      throw failure(
        `${where} gave the weight ${JSON.stringify(value)}; weights are numbers and not negative.`,
      );
    }
  }
  return values as number[];
}
