/** What is loaded into a QuickJS context before its memory is photographed. */
import { makePrelude, type Prelude } from '../prelude.ts';

(globalThis as unknown as { prelude: Prelude }).prelude = makePrelude();
