/** What is loaded into a context of V8: as into QuickJS, and what tests that are code need. */
import { Harness, harnessParts } from '../check/harness.ts';
import { makePrelude, type Prelude } from '../frame/prelude.ts';

(globalThis as unknown as { prelude: Prelude }).prelude = makePrelude({ Harness, parts: harnessParts });
