import { expect, it } from 'vitest';
import { breathe, Cancelled, Gate } from './gate.ts';

/** A loop of three iterations with two stations each, noting where it is. */
function start() {
  const changes: boolean[] = [];
  const gate = new Gate((running) => changes.push(running));
  const visited: string[] = [];
  const loop = (async () => {
    await gate.arrive('start');
    for (let i = 1; i <= 3; i++) {
      for (const station of ['a', 'b']) {
        visited.push(`${i}${station}`);
        await gate.arrive('station');
      }
      await gate.arrive('iteration');
    }
    visited.push('end');
  })();
  return { gate, visited, changes, loop };
}

const settle = async () => {
  for (let i = 0; i < 20; i++) await breathe();
};

it('waits until it is told to play, then runs to the end', async () => {
  const { gate, visited, loop } = start();
  await settle();
  expect(visited).toEqual([]);
  gate.play();
  await loop;
  expect(visited).toEqual(['1a', '1b', '2a', '2b', '3a', '3b', 'end']);
});

it('steps one station at a time', async () => {
  const { gate, visited, changes, loop } = start();
  gate.step('station');
  await settle();
  expect(visited).toEqual(['1a']);
  gate.step('station');
  await settle();
  expect(visited).toEqual(['1a', '1b']);
  expect(changes.at(-1)).toBe(false);
  gate.play();
  await loop;
  expect(visited.length).toBe(7);
});

it('remembers one step that is asked for during a step, and no more', async () => {
  const { gate, visited, changes } = start();
  for (let i = 0; i < 5; i++) gate.step('iteration');
  await settle();
  expect(visited).toEqual(['1a', '1b', '2a', '2b']);
  expect(changes).toEqual([true, false]);

  gate.step('iteration');
  gate.step('iteration');
  gate.pause();
  gate.step('station');
  await settle();
  expect(visited).toEqual(['1a', '1b', '2a', '2b', '3a']);
});

it('cancels a waiting loop without a result', async () => {
  const { gate, visited, loop } = start();
  await settle();
  gate.cancel();
  await expect(loop).rejects.toBeInstanceOf(Cancelled);
  expect(visited).toEqual([]);
});

it('pauses in mid-iteration and goes on from there', async () => {
  const { gate, visited, loop } = start();
  gate.stationMs = 5;
  gate.play();
  while (visited.length < 2) await breathe();
  gate.pause();
  await settle();
  const seen = visited.length;
  await settle();
  expect(visited.length).toBe(seen);
  gate.stationMs = 0;
  gate.play();
  await loop;
  expect(visited.at(-1)).toBe('end');
});
