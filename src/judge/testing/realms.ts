/** Both engines in Node: V8 in a context of its own, and QuickJS. Each is locked down as in the product. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, createContext, Script } from 'node:vm';
import { prepare } from '../filter/staticFilter.ts';
import type { Prelude } from '../frame/prelude.ts';
import { QuickJS } from '../frame/quickjs/quickjsMachine.ts';
import type { CallsText } from '../frame/words.ts';
import type { Engine, TestSet } from '../protocol.ts';
import { compileSet } from '../testSets/testSet.ts';
import type { Verdict } from '../verdict.ts';
import { comparison } from '../worker/comparison.ts';
import preludeText from './v8Prelude.ts?script';

export type Ask = (source: string, set: TestSet) => Promise<Verdict>;

const fuel = 1_000_000;

export interface Realms {
  /** V8 in a context of its own. */
  prelude: Prelude;
  quickjs: QuickJS;
}

export async function makeRealms(): Promise<Realms> {
  // What a program leaves unhandled is its own affair, as in the product, and not the test runner's.
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => {});
  const wasm = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
  const quickjs = await QuickJS.open(readFileSync(wasm));
  const context = createContext(constants.DONT_CONTEXTIFY);
  new Script(preludeText).runInContext(context);
  const prelude = new Script('prelude').runInContext(context) as Prelude;
  prelude.lock();
  return { prelude, quickjs };
}

export async function openRealms(): Promise<Record<Engine, Ask>> {
  const { prelude, quickjs } = await makeRealms();
  return {
    frozen: (source, set) =>
      ask(source, set, async (code, stateless, { names, make, guardArguments, wait }) => {
        prelude.take(code, names.join(), make, guardArguments, fuel, stateless, wait, '', '');
        prelude.begin();
        let report = prelude.report();
        while (report === undefined) {
          await new Promise((resolve) => setImmediate(resolve));
          prelude.resume();
          report = prelude.report();
        }
        return report;
      }),
    quickjs: (source, set) =>
      ask(source, set, async (code, stateless, { names, make, guardArguments, wait }) => {
        const calls: CallsText = {
          names: [...names],
          make,
          guardArguments,
          talk: '',
          messages: '',
        };
        return quickjs.run(code, calls, { fuel, stateless, wait }, 5000);
      }),
  };
}

async function ask(
  source: string,
  set: TestSet,
  run: (code: string, stateless: boolean, compiled: ReturnType<typeof compileSet>) => Promise<string>,
): Promise<Verdict> {
  const compiled = compileSet(set, 1);
  const prepared = prepare(source);
  if ('rejected' in prepared)
    return { status: 'rejected', passed: 0, total: set.tests.length, score: 0, detail: prepared.rejected };
  return comparison(await run(prepared.code, prepared.stateless, compiled), compiled);
}
