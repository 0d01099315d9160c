/**
 * results.json: the experiments of docs/results.md as the page reads them, each by the name of its preset or list of
 * arms. `npm run results` writes it.
 */
import * as v from 'valibot';

const estimateSchema = v.nullable(
  v.object({ mean: v.number(), standardError: v.nullable(v.number()), count: v.number() }),
);

const summarySchema = v.object({
  /** The arm that differences are taken from. */
  reference: v.nullable(v.string()),
  arms: v.array(
    v.object({
      arm: v.string(),
      heldStart: estimateSchema,
      heldEnd: estimateSchema,
      difference: estimateSchema,
      updateTokens: estimateSchema,
    }),
  ),
});

/** What an arm had spent at its end, mean over its seeds. What its settings never spend is absent. */
export const spentKeys = [
  'samples',
  'rewardPasses',
  'referencePasses',
  'criticPasses',
  'policyPasses',
  'updateTokens',
] as const;
export type Spent = Partial<Record<(typeof spentKeys)[number], number>>;

const experimentSchema = v.object({
  command: v.string(),
  backend: v.string(),
  summary: summarySchema,
  /** By arm. */
  spent: v.record(v.string(), v.record(v.picklist(spentKeys), v.number())),
});

const resultsSchema = v.record(v.string(), experimentSchema);

export type PublishedResults = Record<string, PublishedExperiment>;
export interface PublishedExperiment {
  command: string;
  backend: string;
  summary: PublishedSummary;
  spent: Record<string, Spent>;
}
export type PublishedSummary = v.InferOutput<typeof summarySchema>;
export type PublishedArm = PublishedSummary['arms'][number];
export type PublishedEstimate = NonNullable<v.InferOutput<typeof estimateSchema>>;

/** @throws Error naming the field that is wrong */
export function parseResults(text: string): PublishedResults {
  const results = v.safeParse(resultsSchema, JSON.parse(text));
  if (!results.success) {
    const issue = results.issues[0];
    throw new Error(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  return results.output;
}

/**
 * Null when the file is not there.
 * @param fetchBytes reads a file beside the page; null when there is none
 * @throws Error naming the field that is wrong
 */
export async function readResults(
  fetchBytes: (path: string) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<PublishedResults | null> {
  const bytes = await fetchBytes('results.json');
  return bytes && parseResults(new TextDecoder().decode(bytes));
}
