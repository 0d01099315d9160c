import { describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import type { IterationRecord, RunRecord, SampleColumns } from '../records/record.ts';
import { decodeRecording, encodeRecording, RecordFileError, type Recording } from './recordFile.ts';

const prompts = 6;
const perPrompt = 3;

function iteration(number: number): IterationRecord {
  const rng = stream(3, number);
  const rows = prompts * perPrompt;
  const lengths = Int32Array.from({ length: rows }, () => 1 + rng.int(6));
  const starts = new Int32Array(rows + 1);
  lengths.forEach((length, row) => {
    starts[row + 1] = starts[row] + length;
  });
  const tokens = starts[rows];
  const floats = (length: number) => Float32Array.from({ length }, () => rng.normal());
  const samples: SampleColumns = {
    problem: Int32Array.from({ length: rows }, (_, row) => 100 + Math.floor(row / perPrompt)),
    group: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / perPrompt)),
    starts,
    tokens: Uint16Array.from({ length: tokens }, () => rng.int(252)),
    logProb: floats(tokens),
    refLogProb: floats(tokens),
    reward: floats(rows),
    score: floats(rows),
    status: Uint8Array.from({ length: rows }, () => rng.int(4)),
    uses: Uint16Array.from({ length: rows }, () => rng.int(3)),
  };
  return { iteration: number, metrics: { rewardPi: rng.normal(), kl: 0.1 * number }, samples };
}

const run = (name: string): RunRecord => ({
  format: 'filtrate-run/1',
  name,
  seed: 7,
  settings: settingsWith({ beta: 0.02 }),
  worldSeed: 1,
  backend: { name: 'simd', reason: 'no adapter' },
  iterations: [iteration(1), iteration(2)],
  evaluations: [{ iteration: 0, metrics: { heldPass: 1 / 3 } }],
});

const recording: Recording = {
  preset: 'healthy',
  command: 'npm run record',
  runs: [run('PPO-M'), run('BW')],
};

/** The file unpacked, changed, and packed again. */
async function altered(change: (file: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) {
  const packed = await encodeRecording(recording);
  const through = async (bytes: Uint8Array<ArrayBuffer>, coder: GenericTransformStream) =>
    new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(coder)).arrayBuffer());
  const file = await through(packed, new DecompressionStream('gzip'));
  return through(change(file), new CompressionStream('gzip'));
}

const header = (file: Uint8Array<ArrayBuffer>) => {
  const length = new DataView(file.buffer).getUint32(4, true);
  return { length, text: new TextDecoder().decode(file.subarray(8, 8 + length)) };
};

/** The header with a text in it replaced by one of the same length. */
const retold = (from: string, to: string) =>
  altered((file) => {
    const { length, text } = header(file);
    expect(text).toContain(from);
    const bytes = new TextEncoder().encode(text.replace(from, to));
    expect(bytes.length).toBe(length);
    file.set(bytes, 8);
    return file;
  });

describe('recorded runs', () => {
  it('come back exactly as they were', async () => {
    expect(await decodeRecording(await encodeRecording(recording))).toEqual(recording);
  });

  it('come back smaller on demand: the first groups, log-probabilities to a thousandth, metrics exact', async () => {
    const { runs } = await decodeRecording(await encodeRecording(recording, { groups: 2 }));
    const [full] = recording.runs[0].iterations;
    const [small] = runs[0].iterations;
    expect(small.metrics).toEqual(full.metrics);
    expect(small.samples.group).toEqual(full.samples.group.slice(0, 2 * perPrompt));
    expect(small.samples.starts).toEqual(full.samples.starts.slice(0, 2 * perPrompt + 1));
    expect(small.samples.reward).toEqual(full.samples.reward.slice(0, 2 * perPrompt));
    expect(small.samples.logProb.length).toBe(small.samples.starts.at(-1));
    small.samples.logProb.forEach((value, i) => {
      expect(Math.abs(value - full.samples.logProb[i])).toBeLessThan(0.00051);
    });
  });

  it('leave out a metric that is not a number instead of drawing it', async () => {
    const bad = {
      ...recording,
      runs: [{ ...run('x'), evaluations: [{ iteration: 0, metrics: { heldPass: Number.NaN } }] }],
    };
    const { runs } = await decodeRecording(await encodeRecording(bad));
    expect(runs[0].evaluations).toEqual([{ iteration: 0, metrics: {} }]);
  });

  it('open files from before a knob was there, with what it did not do then', async () => {
    const { runs } = await decodeRecording(await retold(',"naiveJudge":false', ' '.repeat(19)));
    expect(runs[0].settings).toEqual(settingsWith({ beta: 0.02 }));
  });

  it.each<[string, () => Promise<Uint8Array<ArrayBuffer>>, RegExp]>([
    ['an empty file', async () => new Uint8Array(), /not gzip data, or was cut off/],
    ['a page instead of a file', async () => new TextEncoder().encode('<!doctype html>'), /not gzip data/],
    ['a file cut off', async () => (await encodeRecording(recording)).slice(0, 900), /cut off/],
    ['another kind of file', () => altered((file) => file.fill(0, 0, 4)), /does not begin with "FLTR"/],
    ['a header without an end', () => altered((file) => file.fill(255, 4, 8)), /header is longer/],
    ['a header that is not JSON', () => altered((file) => file.fill(33, 8, 12)), /not JSON/],
    ['another version', () => retold('filtrate-recording/2', 'filtrate-recording/3'), /"format"/],
    ['a field of another kind', () => retold('"milli":false', '"milli":12345'), /"milli"/],
    ['a column outside the file', () => altered((file) => file.slice(0, -64)), /outside the file/],
    ['an unknown setting', () => retold('"beta"', '"bate"'), /no setting "price.bate" beside/],
    ['an unknown method', () => retold('"method":"ppo"', '"method":"opp"'), /no update called "opp"/],
    ['a missing column', () => retold('"reward":[', '"rewerd":['), /lacks the column "reward"/],
  ])('refuse %s, and say why', async (_, file, message) => {
    const bytes = await file();
    await expect(decodeRecording(bytes)).rejects.toThrow(RecordFileError);
    await expect(decodeRecording(bytes)).rejects.toThrow(message);
  });
});
