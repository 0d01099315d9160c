import { expect, test } from 'vitest';
import { fileName, json } from './exportFigure.ts';
import { lineSvg } from './svg/lineSvg.ts';

test('file names keep letters of any script and lose the rest', () => {
  expect(fileName('Held-out pass rate')).toBe('held-out-pass-rate');
  expect(fileName('R² of kept samples!')).toBe('r²-of-kept-samples');
});

test('an exported chart carries its title, its note, each line and its label, and is well-formed', () => {
  const palette = {
    series: Array(8).fill('#123456'),
    text: '#000',
    muted: '#666',
    grid: '#eee',
    surface: '#fff',
    accent: '#00f',
  };
  const line = {
    id: 'a',
    label: 'A & B',
    series: 1,
    x: [0, 5],
    y: [0.3, 0.5],
    low: [0.2, 0.4],
    high: [0.4, 0.6],
    weight: 'main' as const,
  };
  const svg = lineSvg([line, { ...line, id: 'b', x: [], y: [], low: [], high: [] }], {
    title: 'Pass < rate',
    note: 'synthetic reward',
    xLabel: 'Iteration',
    palette,
  });
  expect(svg).toContain('Pass &lt; rate');
  expect(svg).toContain('synthetic reward');
  expect(svg).toContain('A &amp; B');
  expect(svg.match(/stroke-width="2"/g)).toHaveLength(1);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(svg.match(/<[a-z]+/g)!.length).toBe(svg.match(/\/>|<\/[a-z]+>/g)!.length);
});

test('gives the same table as JSON, one object per row', () => {
  expect(
    JSON.parse(
      json(
        ['x', 'BW'],
        [
          [1, 0.5],
          [2, null],
        ],
      ),
    ),
  ).toEqual([
    { x: 1, BW: 0.5 },
    { x: 2, BW: null },
  ]);
});
