/** How long a query takes among ten thousand stored requests: the aim is under a millisecond. */
import { type Bench, medianMs } from '../../core/benchmark.ts';
import { indexOf, nearest, requestTokens } from './retriever.ts';
import { syntheticKnowledge, syntheticRetriever } from './testing/synthetic.ts';

/** Queries per measurement, so that the clock of a browser can tell. */
const queries = 200;

export const bench: Bench = async ({ quick }) => {
  const requests = quick ? 1000 : 10_000;
  const index = indexOf(syntheticKnowledge(requests, 1), syntheticRetriever(16, 1));
  const asked = syntheticKnowledge(queries, 2).entries.map(({ request }) => requestTokens(request));
  const ms = await medianMs(() => {
    for (const request of asked) nearest(index, request, 8);
  });
  return [
    {
      title: 'Retrieval from a knowledge store',
      note: `The 8 nearest of ${requests} requests, 16 numbers each, ${queries} queries at a time. Aim: under 1 ms a query.`,
      rows: [{ requests, k: 8, 'ms/query': Math.round((1e4 * ms) / queries) / 1e4 }],
    },
  ];
};

export const benchNode = bench;
