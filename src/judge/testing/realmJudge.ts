/** A judge in Node whose sandboxes are the realms of realms.ts: locked down as in the product, both engines. */
import { Batches } from '../frame/batches.ts';
import type { CallsText, FromFrame, ToFrame } from '../frame/words.ts';
import { makeRealms } from './realms.ts';
import { startJudgeOn, type ThreadJudge } from './threadJudge.ts';

interface Known {
  calls: CallsText;
  wait: boolean;
}

export async function startRealmJudge(): Promise<ThreadJudge> {
  const { prelude, quickjs } = await makeRealms();
  // One realm of each kind serves all, one after the other, though each may have to wait.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (run: () => Promise<string>): Promise<string> => {
    const result = turn.then(run);
    turn = result.catch(() => {});
    return result;
  };
  const serve = (port: MessagePort, run: ConstructorParameters<typeof Batches<Known>>[1]['run']): void => {
    const batches = new Batches<Known>(port, { learn: ({ calls, wait }) => ({ calls, wait }), run });
    port.onmessage = ({ data }: MessageEvent<ToFrame>) => {
      if (data.type !== 'open') batches.hear(data);
    };
    port.postMessage({ type: 'ready' } satisfies FromFrame);
  };
  return startJudgeOn((kind) => (port) => {
    if (kind === 'quickjs')
      serve(port, ({ sources, fuel, stateless, limit }, i, { calls, wait }) =>
        inTurn(() => quickjs.run(sources[i], calls, { fuel: fuel[i], stateless: stateless[i], wait }, limit)),
      );
    else
      serve(port, ({ sources, fuel, stateless }, i, { calls, wait }) =>
        inTurn(async () => {
          const { names, make, guardArguments, talk, messages } = calls;
          prelude.take(
            sources[i],
            names.join(),
            make,
            guardArguments,
            fuel[i],
            stateless[i],
            wait,
            talk,
            messages,
          );
          prelude.begin();
          for (let report = prelude.report(); ; report = prelude.report()) {
            if (report !== undefined) return report;
            await new Promise((resolve) => setImmediate(resolve));
            prelude.resume();
          }
        }),
      );
  });
}
