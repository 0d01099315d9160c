/**
 * Dragging in the filter lab: how long frames take while a threshold, a bar of the rank weights or the exponent follows
 * the hand, the figures and the worker of the table running as they do on the page.
 */
import { settingsWith } from '../../../../rlhf/catalogue/paths.ts';
import '../../../theme.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { BenchOptions, BenchTable } from '../../../../core/benchmark.ts';
import { stream } from '../../../../core/random.ts';
import type { ShownResponses } from '../../../../lab/rollouts/shownResponses.ts';
import type { ArmSettings } from '../../../../rlhf/catalogue/settings.ts';
import { FilterLab } from '../FilterLab.tsx';

const frames = 240;

export async function bench({ quick }: BenchOptions): Promise<BenchTable[]> {
  const rows = quick ? 5000 : 50_000;
  const responses = madeUp(rows);
  const drags = [
    { what: 'upper threshold (top-bott)', method: 'top-bott', handle: 'Upper threshold' },
    { what: 'weight of rank 2 (BW)', method: 'bw', handle: 'Weight of rank 2' },
  ] as const;
  const table: BenchTable['rows'] = [];
  for (const { what, method, handle } of drags) {
    const times = await dragged(responses, settingsWith({ method, keep: 2 }), handle);
    table.push({ dragged: what, responses: rows, ...times });
  }
  return [
    {
      title: 'Dragging in the filter lab',
      note: `${frames} frames each, a move of the pointer before every one.`,
      rows: table,
    },
  ];
}

/** Groups of eight, a reward that knows something. */
function madeUp(rows: number): ShownResponses {
  const rng = stream(1, 'drag');
  const reward = Float32Array.from({ length: rows }, () => rng.normal());
  const group = Int32Array.from(reward, (_, row) => Math.floor(row / 8));
  const score = reward.map((r) => (rng.uniform() < 1 / (1 + Math.exp(-r)) ? 1 : 0));
  return {
    label: 'made up',
    rollouts: { reward, score, group, prompt: group },
    texts: { ids: Int32Array.from(reward, (_, row) => row) },
    lengths: null,
  };
}

/** Frame times in ms while a handle is moved about its place. */
async function dragged(responses: ShownResponses, settings: ArmSettings, handle: string) {
  const host = document.createElement('div');
  host.style.width = '1200px';
  document.body.append(host);
  const root = createRoot(host);
  root.render(createElement(FilterLab, { responses, settings, runCustom: async () => new Float32Array(0) }));
  const slider = await appearing(host, `[role="slider"][aria-label="${handle}"]`);
  await appearing(host, 'tbody tr:nth-child(13)');
  // The browser captures only pointers that exist.
  Object.assign(slider, { setPointerCapture() {}, hasPointerCapture: () => true });
  const box = slider.getBoundingClientRect();
  const send = (type: string, dx: number, dy: number) =>
    slider.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        clientX: box.left + box.width / 2 + dx,
        clientY: box.top + box.height / 2 + dy,
      }),
    );
  send('pointerdown', 0, 0);
  const intervals: number[] = [];
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    send('pointermove', 120 * Math.sin(i / 20), 40 * Math.sin(i / 20));
    const now = await frame();
    intervals.push(now - last);
    last = now;
  }
  send('pointerup', 0, 0);
  root.unmount();
  host.remove();
  intervals.sort((a, b) => a - b);
  const at = (sorted: number[], share: number) =>
    Math.round(10 * sorted[Math.floor(share * (frames - 1))]) / 10;
  return {
    'frame ms median': at(intervals, 0.5),
    p95: at(intervals, 0.95),
    longest: at(intervals, 1),
    'frames missed %': Math.round((1000 * intervals.filter((time) => time > 20).length) / frames) / 10,
  };
}

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

async function appearing(host: HTMLElement, selector: string): Promise<Element> {
  for (const start = performance.now(); performance.now() - start < 60_000; ) {
    const found = host.querySelector(selector);
    if (found) return found;
    await frame();
  }
  throw new Error(`${selector} did not appear within a minute.`);
}
