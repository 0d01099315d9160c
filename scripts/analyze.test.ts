import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { analyze } from '../src/lab/rollouts/analysis/analyze.ts';

const folder = mkdtempSync(join(tmpdir(), 'filtrate-analyze-'));
afterAll(() => rmSync(folder, { recursive: true }));
const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args: string[]) => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  return spawnSync(process.execPath, [tsx, join(root, 'scripts/analyze.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
};

const rows = Array.from({ length: 60 }, (_, i) => ({
  prompt_id: `p${Math.floor(i / 5)}`,
  sample: i % 5,
  step: 1,
  reward: ((i * 37) % 61) / 61,
  score: (i * 37) % 61 > 30 ? 1 : 0,
}));
writeFileSync(join(folder, 'own.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
writeFileSync(join(folder, 'empty.jsonl'), '');

describe('npm run analyze', () => {
  it('prints the report of analyze() as JSON', () => {
    const { stdout, status } = run(
      'own.jsonl',
      '--json',
      '--filters',
      'none,bw',
      '--bootstrap',
      '50',
      '--groups',
      '5',
    );
    const expected = analyze(rows, { filters: ['none', 'bw'], bootstrap: 50, groups: 5 });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rows: 60,
      dropped: [],
      filters: JSON.parse(JSON.stringify(expected.filters)),
    });
  });

  it('prints a table, with what was dropped and why', () => {
    writeFileSync(join(folder, 'bad.jsonl'), `${JSON.stringify(rows[0])}\noops\n${JSON.stringify(rows[1])}`);
    const { stdout } = run('bad.jsonl', '--score', 'none');
    expect(stdout).toContain('dropped 1 row: not a JSON object (bad.jsonl:2)');
    expect(stdout).toContain('There is no true score');
    expect(stdout).toMatch(/^bw +2 +1 /m);
  });

  it('walks a folder, names what it leaves out, and asks about groups in one line', () => {
    const line = (row: object) => `${JSON.stringify(row)}\n`;
    const write = (name: string, text: string) => writeFileSync(join(folder, 'run', name), text);
    const stepless = rows.map(({ step, sample, ...row }) => line(row)).join('');
    for (const name of ['run', 'run/step_2']) mkdirSync(join(folder, name));
    write('metrics.jsonl', line({ arm: 'BW', seed: 1, step: 1, data: { kl: 0.5 } }));
    write('summary.json', '{\n  "arms": []\n}');
    write('step_2/all.jsonl', stepless);
    write('part.jsonl', stepless.replace('p0', 'p 0'));
    write('copy.jsonl', stepless);
    const { stdout, status } = run('run', '--filters', 'none', '--bootstrap', '0');
    expect(status).toBe(0);
    expect(stdout).toContain('left out: metrics.jsonl: no column');
    expect(stdout).toContain('left out: summary.json holds no row that can be read');
    expect(stdout).toContain('left out: all.jsonl holds the same bytes as copy.jsonl');
    expect(stdout).toContain('120 responses in 25 groups');
    const question = stdout.split('\n').filter((text) => text.startsWith('Are the groups right?'));
    expect(question).toHaveLength(1);
    expect(question[0]).toContain('--files together');
    const told = run('run', '--filters', 'none', '--bootstrap', '0', '--files', 'together');
    expect(told.stdout).toContain('120 responses in 13 groups');
    expect(told.stdout).not.toContain('Are the groups right?');
    const counted = run('own.jsonl', '--filters', 'none', '--bootstrap', '0', '--rows', '10');
    expect(counted.stdout).toContain('60 responses in 6 groups');
    expect(run('own.jsonl', '--rows', '0').stderr).toContain('--rows must be a whole number');
  }, 60_000);

  it('says what is wrong in one line', () => {
    const cases: [string[], number, string][] = [
      [['missing.jsonl'], 2, 'missing.jsonl cannot be opened.'],
      [['own.jsonl', '--reward', 'rm'], 2, '--reward: own.jsonl: The reward “rm”'],
      [['own.jsonl', '--groups', 'x'], 2, '--groups must be a number'],
      [['own.jsonl', '--filters', 'bxw'], 1, "no filter called 'bxw'"],
      [['empty.jsonl'], 1, 'empty.jsonl is empty.'],
    ];
    for (const [args, status, message] of cases) {
      const result = run(...args);
      expect(result.status).toBe(status);
      expect(result.stderr).toContain(message);
      expect(result.stderr).not.toContain('    at ');
    }
  });
});
