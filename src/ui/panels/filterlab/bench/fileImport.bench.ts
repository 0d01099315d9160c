/**
 * From a dropped file to the filter table: a verl dump of a million rows in the filter lab itself, workers, figures
 * and all, while the page's own thread is watched for pauses.
 */
import { settingsWith } from '../../../../rlhf/catalogue/paths.ts';
import '../../../theme.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import type { BenchOptions, BenchTable } from '../../../../core/benchmark.ts';
import { stream } from '../../../../core/random.ts';
import { FileLab } from '../files/FileLab.tsx';

/** Rows, and bytes of a response: the second file is the largest that the lab promises to read. */
const files = [
  { rows: 1_000_000, response: 230 },
  { rows: 1_000_000, response: 890 },
];

export async function bench({ quick }: BenchOptions): Promise<BenchTable[]> {
  const rows: BenchTable['rows'] = [];
  for (const file of quick ? [{ rows: 50_000, response: 230 }] : files) {
    rows.push(await dropped(verlDump(file), file.rows));
  }
  return [
    {
      title: 'A verl rollout dump, dropped on the filter lab',
      note: 'Seconds since the drop, 8 responses per prompt; all filters and the edited one, 1,000 resamples.',
      rows,
    },
  ];
}

/** Rows as verl writes them. */
function verlDump({ rows, response }: { rows: number; response: number }): Blob {
  const rng = stream(1, 'verl dump');
  const thoughts = 'Let me think step by step about the sum of the even numbers in this list. '
    .repeat(20)
    .slice(0, response);
  const parts: Blob[] = [];
  let text = '';
  for (let i = 0; i < rows; i++) {
    const reward = rng.normal();
    text += `${JSON.stringify({
      input: `user: problem ${Math.floor(i / 8)} please solve it\nassistant`,
      output: `${thoughts}answer ${rng.int(50)}`,
      gts: '4',
      score: reward,
      step: 1 + Math.floor(i / 8192),
      acc: rng.uniform() < 1 / (1 + Math.exp(-reward)) ? 1 : 0,
    })}\n`;
    if (text.length > 2 ** 22 || i === rows - 1) {
      parts.push(new Blob([text]));
      text = '';
    }
  }
  return new Blob(parts);
}

/** Drops a file on the lab and waits for everything that it shows. */
async function dropped(blob: Blob, rows: number): Promise<BenchTable['rows'][number]> {
  const host = document.createElement('div');
  host.style.width = '1200px';
  document.body.append(host);
  const root = createRoot(host);
  root.render(
    createElement(FileLab, {
      settings: settingsWith({ method: 'bw', keep: 2 }),
      runCustom: async () => new Float32Array(0),
      link: () => '',
      judge: () => {
        throw new Error('Nothing is judged here.');
      },
    }),
  );
  const input = (await until(() => host.querySelector('input[type=file]'))) as HTMLInputElement;
  const idle = watchPauses();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const idlePause = idle();
  const pauses = watchPauses();
  const tasks = watchTasks();
  const started = performance.now();
  const since = () => Math.round(performance.now() - started) / 1000;
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], '1.jsonl'));
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const read = () =>
    [...host.querySelectorAll('button')].find((each) => each.textContent === 'Read the file');
  const button = await until(read);
  button.click();
  const firstPicture = await until(() => host.querySelector('figure canvas') && since());
  const imported = await until(() => host.querySelector('[aria-label="What was read"]') && since());
  const pictures = await until(() => host.querySelector('[data-part="ten-lines"]') && since());
  const all = `${rows.toLocaleString('en-GB')} responses`;
  const whole = () =>
    host.textContent.includes(all) && host.querySelectorAll('[aria-busy=false] tbody tr').length >= 13;
  // The table of a part stands there for a moment before that of the whole begins.
  let complete = 0;
  await until(() => {
    if (!whole()) complete = 0;
    else complete ||= since();
    return complete > 0 && since() - complete > 1;
  });
  const longest = pauses();
  root.unmount();
  host.remove();
  return {
    rows,
    MB: Math.round(blob.size / 1e6),
    'first picture s': firstPicture,
    'imported s': imported,
    'ten lines s': pictures,
    'whole table s': complete,
    'longest task of the page ms': Math.round(tasks()),
    'longest pause ms': Math.round(longest),
    'of an idle page before ms': Math.round(idlePause),
  };
}

/** Longest time in ms that the page's thread could not answer, so far. */
function watchPauses(): () => number {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  let stopped = false;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!stopped) setTimeout(() => port2.postMessage(0), 4);
  };
  port2.postMessage(0);
  return () => {
    stopped = true;
    return longest;
  };
}

/** Longest task in ms of the page's thread, so far; 50 when none was longer. */
function watchTasks(): () => number {
  let longest = 50;
  const see = (entries: readonly PerformanceEntry[]) => {
    for (const { duration } of entries) longest = Math.max(longest, duration);
  };
  const observer = new PerformanceObserver((list) => see(list.getEntries()));
  observer.observe({ type: 'longtask' });
  return () => {
    see(observer.takeRecords());
    observer.disconnect();
    return longest;
  };
}

/** What `look` gives once it gives something. */
async function until<T>(look: () => T | null | false | undefined): Promise<T> {
  for (const start = performance.now(); performance.now() - start < 120_000; ) {
    const found = look();
    if (found !== null && found !== false && found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The lab did not get that far within two minutes.');
}
