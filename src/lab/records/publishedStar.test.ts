import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { publishedStar } from './publishedStar.ts';

const shipped = () => JSON.parse(readFileSync('public/star.json', 'utf8'));

it('reads the file that comes with the page, whose arms follow the edges of their graph', () => {
  const { graphs, shape } = publishedStar(shipped());
  for (const { edges, source, goal, arms } of graphs) {
    expect(arms).toHaveLength(shape.arms);
    expect(arms[0].path.at(-1)).toBe(goal);
    for (const { path } of arms)
      path.forEach((node, i) => {
        expect(edges).toContainEqual([i === 0 ? source : path[i - 1], node]);
      });
    expect(arms.reduce((sum, { reference }) => sum + reference, 0)).toBeLessThan(1.000001);
  }
});

it('names what is wrong with a damaged file', () => {
  const damaged = shipped();
  damaged.graphs[0].arms[1].success = 1.5;
  expect(() => publishedStar(damaged)).toThrow('graphs.0.arms.1.success');
});
