import { describe, expect, it } from 'vitest';
import { pocketStudent } from '../../../src/lab/models/studentPresets.ts';
import { readStudentRows, type StudentRow, studentKinds, studentsPage } from './page.ts';

const row = (seed: number, changes: Partial<Record<(typeof studentKinds)[number], number>>): StudentRow => ({
  settings: 's',
  seed,
  students: Object.fromEntries(
    studentKinds.map((kind) => [
      kind,
      {
        heldPass: 0.01 * seed,
        knownPass: (changes[kind] ?? 0) + 0.01 * seed * seed,
        diversity: 0.5,
        entries: 1200,
        bytes: 7000,
      },
    ]),
  ) as unknown as StudentRow['students'],
  stores: { supervised: { entries: 1200, requests: 1000 }, ppo: { entries: 1300, requests: 1100 } },
});
const facts = {
  settings: pocketStudent,
  seeds: 3,
  parameters: 1760,
  teacher: 'the shipped policy',
  teacherParameters: 120_000,
  retrieverNumbers: 3984,
};

describe('the page of students', () => {
  it('tells apart what is apart, and says so of what is not', () => {
    const rows = [1, 2, 3].map((seed) =>
      row(seed, { supervised: 0.3 + 0.001 * seed, ppo: 0.3 + (seed === 2 ? 0.2 : -0.1) }),
    );
    // Shares are written with a narrow space.
    const page = studentsPage(rows, facts).replaceAll(/[\u00a0\u2009\u202f]/g, ' ');
    expect(page).toContain(
      '| store of supervised extraction, mixed in − distilled, no store | 30.2 % [30.0 %, 30.4 %], **told apart** |',
    );
    expect(page).toContain(
      '*store of supervised extraction, mixed in* is told apart from *distilled, no store*: more.',
    );
    expect(page).toContain(
      '*store after PPO, mixed in* is not told apart from *store of supervised extraction, mixed in*.',
    );
    expect(page).toContain('1,760 parameters, 1.5 % of the teacher');
  });

  it('reads rows of its settings only, whole ones', () => {
    const text = `${JSON.stringify(row(1, {}))}\n${JSON.stringify({ ...row(2, {}), settings: 'other' })}\n{"settings":"s","se`;
    expect(readStudentRows(text, 's').map(({ seed }) => seed)).toEqual([1]);
  });
});
