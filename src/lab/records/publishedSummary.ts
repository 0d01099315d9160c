/** results.json: the summary that the headless runner wrote for docs/results.md, as the page reads it. */
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

export type PublishedSummary = v.InferOutput<typeof summarySchema>;
export type PublishedEstimate = NonNullable<v.InferOutput<typeof estimateSchema>>;

/**
 * Null when the file is not there.
 * @param fetchBytes reads a file beside the page; null when there is none
 * @throws Error naming the field that is wrong
 */
export async function readSummary(
  fetchBytes: (path: string) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<PublishedSummary | null> {
  const bytes = await fetchBytes('results.json');
  if (!bytes) return null;
  const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
  // The runner wraps the table in what it was computed from.
  const summary = v.safeParse(v.union([summarySchema, v.object({ summary: summarySchema })]), parsed);
  if (!summary.success) {
    const issue = summary.issues[0];
    throw new Error(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  return 'summary' in summary.output ? summary.output.summary : summary.output;
}
