import { describe, expect, it } from 'vitest';
import { Importer } from './importer.ts';
import type { ImportEvent } from './importProtocol.ts';

const good = {
  name: 'good.jsonl',
  blob: new Blob(['{"prompt_id": 1, "reward": 1, "sample": 0, "response": "x"}\n']),
};
const bad = { name: 'bad.jsonl', blob: new Blob(['']) };

function start() {
  const events: ImportEvent[] = [];
  return { events, importer: new Importer((event) => events.push(event)) };
}

describe('importer', () => {
  it('inspects each file on its own: one bad file does not hide the good', async () => {
    const { events, importer } = start();
    await importer.handle({ type: 'inspect', request: 1, files: [bad, good] });
    const [event] = events;
    if (event.type !== 'inspected') throw new Error(event.type);
    expect(event.forms.map(({ files }) => files)).toEqual([[1]]);
    expect(event.failures).toMatchObject([{ name: 'bad.jsonl', code: 'empty' }]);
  });

  it('imports, then gives rows and exports of what it imported', async () => {
    const { events, importer } = start();
    await importer.handle({ type: 'import', request: 1, files: [good], mappings: [] });
    await importer.handle({ type: 'texts', request: 2, from: 0, to: 1 });
    await importer.handle({ type: 'export', request: 3, kept: Int32Array.of(0), format: 'csv', tieSeed: 1 });
    expect(events.map(({ type }) => type)).toEqual(['progress', 'imported', 'texts', 'exported']);
    expect(events[2]).toMatchObject({ texts: [{ response: 'x' }] });
  });

  it('answers every request, if only with a failure', async () => {
    const { events, importer } = start();
    await importer.handle({ type: 'texts', request: 4, from: 0, to: 1 });
    await importer.handle({ type: 'import', request: 5, files: [bad], mappings: [] });
    expect(events).toMatchObject([
      { type: 'failed', request: 4 },
      { type: 'failed', request: 5, failure: { code: 'empty' } },
    ]);
  });

  it('can be cancelled, and a new import ends the old one', async () => {
    const { events, importer } = start();
    const large = {
      name: 'large.jsonl',
      blob: new Blob(Array(3000).fill(`{"prompt_id": 1, "reward": 1, "pad": "${'x'.repeat(4000)}"}\n`)),
    };
    const first = importer.handle({ type: 'import', request: 1, files: [large], mappings: [] });
    const second = importer.handle({ type: 'import', request: 2, files: [large], mappings: [] });
    await first;
    await importer.handle({ type: 'cancel' });
    await second;
    const failures = events.filter((event) => event.type === 'failed');
    expect(failures.map(({ request, failure }) => [request, failure.code])).toEqual([
      [1, 'cancelled'],
      [2, 'cancelled'],
    ]);
  });
});
