import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { parseSpec } from '../../settings/experimentSpec.ts';
import { flat } from '../../settings/testing/flatSettings.ts';
import { draftToJson, firstDraft } from './draft.ts';
import { readSpecFile } from './specFile.ts';

const file = (content: BlobPart, name = 'spec.json') => new File([content], name);
const spec = draftToJson(firstDraft);

describe('readSpecFile', () => {
  it.each([
    ['as it is saved here', spec],
    ['from Windows', `\ufeff${spec.replaceAll('\n', '\r\n')}\r\n`],
  ])('takes a spec %s', async (_, text) => {
    expect(await readSpecFile(file(text))).toEqual({ draft: firstDraft });
  });

  it('takes a spec of before settings had slots, with every knob that an arm had', async () => {
    const old = {
      arms: [
        { name: 'BW', ...flat },
        { name: 'mine', ...flat, method: 'ppo-s', beta: 0.05 },
      ],
      seeds: [1],
    };
    const { draft } = await readSpecFile(file(JSON.stringify(old)));
    expect(parseSpec(draft).arms).toEqual([
      { name: 'BW', settings: defaultSettings() },
      { name: 'mine', settings: settingsWith({ method: 'ppo-s', beta: 0.05 }) },
    ]);
  });

  it.each([
    ['nothing', '', /^is no spec: Unexpected end of JSON input\. The form/],
    ['what breaks off', '{"arms": [', /^is no spec: .*\. The form stays as it was\.$/],
    ['a list', '[{"arms": ["bw"]}]', /^is no spec: A spec is an object/],
    ['JSON lines', '{"arm": "bw"}\n{"arm": "br"}', /^is no spec: .*(position 14|line 2)/],
    [
      'UTF-16',
      Uint8Array.from([0xff, 0xfe, ...[...'{}'].flatMap((char) => [char.charCodeAt(0), 0])]),
      /^is no spec: /,
    ],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10]), /^is no spec: /],
    [
      'a merged study',
      '{"format": "filtrate-study/1", "spec": {}}',
      /^is no spec: it is a merged study; open it under “When does filtering pay\?”\. The form/,
    ],
    ['a file of rollouts', 'x'.repeat(1_500_000), /^is no spec: it is 1\.5 MB/],
  ])('refuses %s in one line that names the file', async (_, content, message) => {
    const read = await readSpecFile(file(content, 'other.txt'));
    expect(read).toEqual({
      draft: null,
      issues: [{ field: 'other.txt', message: expect.stringMatching(message) }],
    });
  });

  it('names every field at fault, of very many the first', async () => {
    const read = await readSpecFile(file('{"arms": ["ppo-x", {"method": "bw", "beta": 9}], "seeds": 0}'));
    if (read.draft) throw new Error('It was taken.');
    expect(read.issues.map(({ field }) => field)).toEqual([
      'spec.json',
      'spec.json: seeds',
      'spec.json: arms[0]',
      'spec.json: arms[1].beta',
    ]);
    expect(read.issues[0].message).toBe('was not taken: 3 faults. The form stays as it was.');
    const many = Object.fromEntries(Array.from({ length: 4999 }, (_, i) => [`field ${i}`, i]));
    const cut = await readSpecFile(file(JSON.stringify(many)));
    expect(!cut.draft && cut.issues).toHaveLength(9);
    expect(!cut.draft && cut.issues[0].message).toContain('5000 faults, the first 8 of them here');
  });

  it.each(['1e999', 'null', '"NaN"', '-1', '1e308', '0.5', '{}', '[]'])(
    'names the number that is %s, wherever one is asked for',
    async (value) => {
      for (const field of ['iterations', 'concurrency', 'seeds']) {
        const read = await readSpecFile(file(`{"arms": ["bw"], "${field}": ${value}}`));
        if (read.draft) throw new Error(`${field} ${value} was taken.`);
        expect(read.issues.slice(1).some((issue) => issue.field.includes(field))).toBe(true);
      }
    },
  );
});
