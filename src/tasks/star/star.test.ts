import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import {
  drawStar,
  goalOf,
  reachesGoal,
  starShape,
  starText,
  starTextBack,
  starTokens,
  starVocabulary,
} from './star.ts';

const shapes = fc
  .record({ arms: fc.integer({ min: 2, max: 4 }), length: fc.integer({ min: 3, max: 6 }) })
  .map(({ arms, length }) => ({ arms, length, labels: arms * (length - 1) + 3 }));

it('follows its own edges from the source to the goal along one arm alone', () => {
  fc.assert(
    fc.property(shapes, fc.nat(), (shape, seed) => {
      const star = drawStar(stream(seed, 'star'), shape);
      expect(star.edges).toHaveLength(shape.arms * (shape.length - 1));
      const next = (node: number) => star.edges.filter(([from]) => from === node).map(([, to]) => to);
      expect(new Set(next(star.source)).size).toBe(shape.arms);
      const ends = next(star.source).map((first) => {
        const path = [first];
        while (next(path.at(-1)!).length > 0) path.push(next(path.at(-1)!)[0]);
        return path;
      });
      const right = ends.filter((path) => path.at(-1) === goalOf(star));
      expect(right).toHaveLength(1);
      expect(reachesGoal(star, right[0])).toBe(true);
      for (const path of ends) expect(reachesGoal(star, path)).toBe(path === right[0]);
    }),
  );
});

it('writes texts of one length, of tokens that the vocabulary has, and different ones for different graphs', () => {
  const rng = stream(1, 'star');
  const seen = new Map<string, string>();
  for (let i = 0; i < 300; i++) {
    const star = drawStar(rng, starShape);
    for (const { tokens, promptLength } of [starText(star, star.arms[0]), starTextBack(star)]) {
      expect(tokens).toHaveLength(starTokens(starShape));
      expect(tokens.length - promptLength).toBe(starShape.length - 1);
      expect(Math.min(...tokens)).toBeGreaterThan(1);
      expect(Math.max(...tokens)).toBeLessThan(starVocabulary(starShape));
    }
    const graph = JSON.stringify([star.edges, star.source, goalOf(star)]);
    const text = starText(star, []).tokens.join();
    expect(seen.get(text) ?? graph).toBe(graph);
    seen.set(text, graph);
  }
});
