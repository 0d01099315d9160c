/** star.json: what `npm run star` found on star graphs, as the page draws it. */
import * as v from 'valibot';

const node = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const starSchema = v.object({
  command: v.string(),
  shape: v.object({ arms: node, length: node, labels: node }),
  /** Of training; a rate is their mean. */
  seeds: node,
  /** Held-out graphs that each seed is looked at with. */
  looked: node,
  /** Of guidance in the rates. */
  eta: v.number(),
  rates: v.array(v.object({ name: v.string(), rate: share })),
  /** Some of the first seed's; the first arm ends at the goal. */
  graphs: v.pipe(
    v.array(
      v.object({
        edges: v.array(v.tuple([node, node])),
        source: node,
        goal: node,
        arms: v.array(
          v.object({
            path: v.array(node),
            /** Probability of the arm's first node under the imitator. */
            reference: share,
            /** That the path reaches the goal once that node is written, says the value network. */
            success: v.pipe(v.number(), v.gtValue(0), v.ltValue(1)),
          }),
        ),
      }),
    ),
    v.minLength(1),
  ),
});

export type PublishedStar = v.InferOutput<typeof starSchema>;

/** @throws Error naming the field that is wrong */
export function publishedStar(from: unknown): PublishedStar {
  const star = v.safeParse(starSchema, from);
  if (star.success) return star.output;
  const [issue] = star.issues;
  throw new Error(`star.json, ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

/**
 * Null when the file is not there.
 * @param fetchBytes reads a file beside the page; null when there is none
 * @throws Error naming the field that is wrong
 */
export async function readStar(
  fetchBytes: (path: string) => Promise<Uint8Array<ArrayBuffer> | null>,
): Promise<PublishedStar | null> {
  const bytes = await fetchBytes('star.json');
  return bytes && publishedStar(JSON.parse(new TextDecoder().decode(bytes)));
}
