/** The judge's own thread: filters, remembers and compares, so that neither the page nor a trainer has to. */
import { serveJudge } from '../src/judge/worker/serve.ts';

serveJudge(self as unknown as Parameters<typeof serveJudge>[0]);
