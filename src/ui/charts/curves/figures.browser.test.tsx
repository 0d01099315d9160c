/** The figures as a person meets them: keyboard, announcements, streaming, empty states. */
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CurveArm } from './curves.ts';
import { LearningCurves } from './LearningCurves.tsx';

let host: HTMLElement;
let root: Root;
beforeEach(() => {
  host = document.createElement('div');
  host.style.width = '900px';
  document.body.append(host);
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
});

function arm(points: number, change: Partial<CurveArm> = {}): CurveArm {
  return {
    id: 'a',
    label: 'BW',
    series: 1,
    origin: 'live',
    synthetic: false,
    ghost: null,
    heldSamples: 540,
    iterations: Array.from({ length: points }, (_, i) => ({ iteration: i + 1, metrics: { kl: i / 10 } })),
    evaluations: Array.from({ length: points }, (_, i) => ({
      iteration: i,
      metrics: { heldPass: 0.3 + i / 50 },
    })),
    ...change,
  };
}

const moments: number[] = [];
/** A frame later effects have run too. */
const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

async function show(arms: readonly CurveArm[]) {
  flushSync(() =>
    root.render(
      <LearningCurves
        arms={arms}
        axis="iteration"
        onAxis={() => {}}
        moment={null}
        onMoment={(iteration) => moments.push(iteration)}
      />,
    ),
  );
  await frame();
}
const slider = (name: string) =>
  host.querySelector<HTMLElement>(`[role=slider][aria-label="${name}: cursor"]`)!;
async function press(element: HTMLElement, key: string) {
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  await frame();
}

test('before the first point a chart says what it waits for', async () => {
  await show([arm(0)]);
  expect(host.textContent).toContain('The first look at the held-out problems draws the first point.');
  expect(host.querySelector('canvas')).toBeNull();
});

test('arrow keys walk the points of all charts together and announce their values', async () => {
  await show([arm(5)]);
  const main = slider('Held-out pass rate');
  expect(main.getAttribute('aria-valuetext')).toContain('BW 0.380');
  await press(main, 'Home');
  expect(main.getAttribute('aria-valuetext')).toMatch(/^Iteration 0: BW 0\.300/);
  await press(main, 'ArrowRight');
  expect(main.getAttribute('aria-valuetext')).toMatch(/^Iteration 1: BW 0\.320/);
  expect(slider('KL to the start').getAttribute('aria-valuetext')).toContain('Iteration 1');
  await press(main, 'Enter');
  expect(moments.at(-1)).toBe(1);
});

test('points that arrive are drawn by the same chart', async () => {
  await show([arm(3)]);
  const canvas = host.querySelector('canvas');
  expect(canvas).not.toBeNull();
  await show([arm(4)]);
  expect(host.querySelector('canvas')).toBe(canvas);
  expect(slider('Held-out pass rate').getAttribute('aria-valuemax')).toBe('3');
});

test('a chart has its numbers as a table, on demand', async () => {
  await show([arm(3)]);
  const twin = host.querySelector('figure details')!;
  expect(twin.querySelector('table')).toBeNull();
  twin.querySelector('summary')!.click();
  await frame();
  await frame();
  const rows = [...twin.querySelectorAll('tbody tr')].map((row) => row.textContent);
  expect(rows).toHaveLength(3);
  expect(rows[1]).toContain('0.320');
});

test('recorded arms and synthetic rewards are named as such', async () => {
  await show([arm(3), arm(3, { id: 'b', label: 'PPO-M', origin: 'recorded', synthetic: true })]);
  expect(host.textContent).toContain('recorded: PPO-M');
  expect(host.textContent).toContain('synthetic reward: PPO-M');
});
