/** Where one client of the judge is served: its test sets by number, its requests in, verdicts out. */
import { JudgeError } from '../judgeError.ts';
import type { ClientMessage, HostMessage } from '../protocol.ts';
import type { CompiledSet } from '../testSets/testSet.ts';
import type { JudgeHost } from './host.ts';

/** Serves a client until its port closes. */
export function serveClient(host: JudgeHost, port: MessagePort): void {
  const sets = new Map<number, CompiledSet | JudgeError>();
  const send = (message: HostMessage): void => port.postMessage(message);
  const setOf = (number: number): CompiledSet => {
    const set = sets.get(number) ?? new JudgeError('internal', `There is no test set ${number}.`);
    if (set instanceof JudgeError) throw set;
    return set;
  };
  const judge = async ({
    request,
    sources,
    sets: wanted,
    options,
  }: Extract<ClientMessage, { type: 'judge' }>): Promise<void> => {
    try {
      const before = host.cacheHits;
      const asked = sources.map((source, i) => host.judge(source, setOf(wanted[i]), options));
      const cacheHits = host.cacheHits - before;
      send({ type: 'verdicts', request, verdicts: await Promise.all(asked), cacheHits });
    } catch (error) {
      const { code, message } =
        error instanceof JudgeError ? error : new JudgeError('internal', String(error));
      send({ type: 'failed', request, code, message });
    }
  };
  port.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
    switch (data.type) {
      case 'define':
        sets.set(data.set, host.intern(data.tests));
        break;
      case 'forget':
        for (const set of data.sets) sets.delete(set);
        break;
      case 'stats':
        send({ type: 'stats', request: data.request, stats: host.stats() });
        break;
      case 'judge':
        void judge(data);
        break;
      default:
        data satisfies never;
    }
  };
}
