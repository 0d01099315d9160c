/** Logs of Inspect as archives: they give the rows of the same log as JSON, and say what is wrong with a damaged one. */
import { readFileSync } from 'node:fs';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { importRollouts } from '../importRollouts.ts';
import type { NamedBlob } from '../inspect.ts';
import { readTexts } from '../rows/readRows.ts';
import { type Fields, parseObject } from '../values.ts';
import { lookAt } from './lookAt.ts';

const text = readFileSync(new URL('../testing/formats/inspect-log.json', import.meta.url), 'utf8');
const { samples, ...header } = parseObject(text) as Fields & { samples: Fields[] };

const json = (value: unknown) => strToU8(JSON.stringify(value, null, 2));
const pathOf = ({ id, epoch }: Fields) => `samples/${id}_epoch_${epoch}.json`;
const sampleFiles = (): Zippable =>
  Object.fromEntries(
    samples.map((sample) => [
      pathOf(sample),
      json({ ...sample, events: [{ event: 'model', text: 'x'.repeat(500) }] }),
    ]),
  );
const archive = (files: Zippable, level: 0 | 6 = 6): NamedBlob => ({
  name: 'run.eval',
  blob: new Blob([new Uint8Array(zipSync(files, { level }))]),
});

async function read(files: readonly NamedBlob[]) {
  const looked = await lookAt(files);
  expect(looked.failures).toEqual([]);
  const result = await importRollouts(looked.files, {
    mappings: looked.forms.map(({ inspection }) => ({ ...inspection.mapping!, reward: 'scores.match' })),
  });
  const texts = await readTexts(looked.files, result, 0, result.columns.reward.length);
  const order = texts.map((_, row) => row).sort((a, b) => (texts[a].prompt < texts[b].prompt ? -1 : 1));
  const { reward, group } = result.columns;
  return {
    dropped: result.dropped.map(({ reason }) => reason),
    groups: new Set(group).size,
    rows: order.map((row) => JSON.stringify([texts[row], reward[row]])).sort(),
  };
}

describe('an archive of Inspect', () => {
  const plain = [{ name: 'log.json', blob: new Blob([text]) }];
  for (const level of [0, 6] as const)
    it(`gives the rows of the same log as JSON, ${level === 0 ? 'stored' : 'compressed'}`, async () => {
      const files = { 'header.json': json(header), 'summaries.json': json([]), ...sampleFiles() };
      expect(await read([archive(files, level)])).toEqual(await read(plain));
    });

  it('is read where the evaluation was not finished', async () => {
    const files = { '_journal/start.json': json({ version: 2, eval: header.eval }), ...sampleFiles() };
    expect((await read([archive(files)])).rows).toHaveLength(15);
  });

  const failureOf = async (file: NamedBlob) => {
    const { forms, failures } = await lookAt([file]);
    expect(forms).toEqual([]);
    return (failures[0].cause as Error).message;
  };

  it('says what is wrong with one that is damaged', async () => {
    const good = archive({ 'header.json': json(header), ...sampleFiles() });
    const cut = { ...good, blob: good.blob.slice(0, good.blob.size / 2) };
    expect(await failureOf(cut)).toBe(
      'run.eval is an archive without its end: it was cut off. Copy it again.',
    );
    expect(await failureOf(archive({ 'header.json': json(header) }))).toBe(
      'run.eval is a log of Inspect without samples: none was finished.',
    );
    expect(await failureOf(archive({ 'rows.jsonl': json({ reward: 1 }), ...sampleFiles() }))).toBe(
      'run.eval is a zip archive, and no log of Inspect: it has no header.',
    );
    expect(await failureOf(archive({ 'header.json': strToU8('{"eval":'), ...sampleFiles() }))).toMatch(
      /^run\.eval cannot be unpacked: header\.json: .*inspect log dump run\.eval\.$/,
    );
    const bytes = new Uint8Array(await good.blob.arrayBuffer());
    // The method of the first file: Zstandard, which a newer Inspect may write.
    bytes[8] = 93;
    expect(await failureOf({ ...good, blob: new Blob([bytes]) })).toContain('not read here (method 93)');
    bytes[8] = 8;
    for (let at = 60; at < 120; at++) bytes[at] = 0xff;
    expect(await failureOf({ ...good, blob: new Blob([bytes]) })).toMatch(
      /^run\.eval cannot be unpacked: .*inspect log dump/,
    );
  });
});
