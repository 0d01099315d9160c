/**
 * CPU seconds that the threads of a browser have used, from Linux's /proc. What a page costs its machine shows here and
 * nowhere else: it is painted by several threads of two processes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright';

/** Clock ticks per second in /proc, the same on all Linux machines that run a browser. */
const ticks = 100;

/**
 * Seconds by process and thread, as in `renderer/Compositor`; threads of one name together, the first thread of a process
 * as `main`. Null where there is no /proc.
 */
export async function threadTimes(browser: Browser): Promise<ReadonlyMap<string, number> | null> {
  if (process.platform !== 'linux') return null;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const times = new Map<string, number>();
  for (const { id, type } of processInfo)
    for (const [thread, seconds] of threadsOf(id)) {
      const name = `${type}/${thread}`;
      times.set(name, (times.get(name) ?? 0) + seconds);
    }
  return times;
}

function threadsOf(pid: number): [name: string, seconds: number][] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      // The name stands in brackets and may hold anything; times in user and system mode are fields 12 and 13 after it.
      const end = stat.lastIndexOf(')');
      const name = Number(thread) === pid ? 'main' : stat.slice(stat.indexOf('(') + 1, end);
      const fields = stat.slice(end + 2).split(' ');
      return [name, (Number(fields[11]) + Number(fields[12])) / ticks];
    });
  } catch {
    // It ended meanwhile.
    return [];
  }
}
