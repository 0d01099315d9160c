/** That each question opens the page in a state that shows its answer, in the recording that ships. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeLink } from '../lab/links/link.ts';
import { decodeRecording } from '../lab/storage/recordFile.ts';
import { methodOf } from '../rlhf/catalogue/catalogue.ts';
import { type Part, partOf, type Seen } from '../rlhf/update/part/part.ts';
import { questions } from './questions.ts';

const bytes = new Uint8Array(readFileSync(new URL('../../public/recorded/no-critic.bin', import.meta.url)));
const recording = decodeRecording(bytes);

/** The run, the row and the token that a question opens. */
async function opened(id: string): Promise<{ seen: Seen; row: number; token: number }> {
  const { link, changes } = decodeLink(questions.find((each) => each.id === id)!.open);
  expect(changes).toEqual([]);
  const { runs, preset } = await recording;
  expect(link.preset).toBe(preset);
  const { arm, iteration, row, token } = link.program!;
  const run = runs[arm];
  const { samples, metrics } = run.iterations.find((each) => each.iteration === iteration)!;
  expect(samples.starts[row] + token!).toBeLessThan(samples.starts[row + 1]);
  return { seen: { samples, metrics, settings: run.settings, scale: null }, row, token: token! };
}

async function part(id: string, update: string, { of = 0, shift = 0 } = {}): Promise<Part> {
  const { seen, row, token } = await opened(id);
  const answer = partOf(methodOf('update', update), seen, row + of, token, shift);
  if (!('part' in answer)) throw new Error(JSON.stringify(answer));
  return answer.part;
}

describe('a question', () => {
  it.each(questions.map(({ id }) => id))('%s opens a token of the recording', async (id) => {
    const { seen } = await opened(id);
    expect(seen.settings.update.method).toBe('grpo');
  });

  it('old or reference: the ratio is 1 where the KL is not 0', async () => {
    const { seen, row, token } = await opened('old-or-reference');
    const place = seen.samples.starts[row] + token;
    expect((await part('old-or-reference', 'grpo')).ratio).toBe(1);
    expect(Math.abs(seen.samples.logProb[place] - seen.samples.refLogProb[place])).toBeGreaterThan(0.005);
  });

  it('zero loss: the advantages of the group sum to 0 and the push is not 0', async () => {
    const { seen, row } = await opened('zero-loss');
    const group = seen.samples.group[row];
    let sum = 0;
    for (let other = 0; other < seen.samples.group.length; other++)
      if (seen.samples.group[other] === group)
        sum += (await part('zero-loss', 'grpo', { of: other - row })).advantage!;
    expect(sum).toBeCloseTo(0, 4);
    expect(Math.abs((await part('zero-loss', 'grpo')).push)).toBeGreaterThan(0.1);
  });

  it('the clip: no gradient of the surrogate to the right, some to the left', async () => {
    const of = (shift: number) => part('what-the-clip-does', 'dapo', { shift });
    expect((await of(0)).advantage).toBeGreaterThan(0);
    expect((await of(0.5)).push).toBe(0);
    expect((await of(-0.5)).push).toBeGreaterThan(0);
  });

  it('equal rewards: nothing but the price of distance', async () => {
    const id = 'equal-rewards';
    expect(await part(id, 'grpo')).toMatchObject({ advantage: 0 });
    expect((await part(id, 'dapo')).push).toBeCloseTo(0, 12);
  });

  it('spread and length: the mean length over the length stands between GRPO and DAPO', async () => {
    const { seen, row, token } = await opened('spread-and-length');
    const { starts, reward } = seen.samples;
    const { settings } = seen;
    const free = { ...settings, update: { ...settings.update, beta: 0 } };
    const answer = partOf(methodOf('update', 'grpo'), { ...seen, settings: free }, row, token);
    const length = starts[row + 1] - starts[row];
    const { push } = (answer as { part: Part }).part;
    expect(push / (await part('spread-and-length', 'dapo')).push).toBeCloseTo(
      starts[reward.length] / reward.length / length,
      5,
    );
  });

  it('the KL in the loss: GRPO pushes otherwise than the advantage alone would', async () => {
    const { seen, row, token } = await opened('kl-in-reward-or-loss');
    const priced = { ...seen, settings: { ...seen.settings, update: { ...seen.settings.update, beta: 5 } } };
    const grpo = methodOf('update', 'grpo');
    const of = (each: Seen) => (partOf(grpo, each, row, token) as { part: Part }).part.push;
    expect(of(priced)).not.toBeCloseTo(of(seen), 2);
  });
});
