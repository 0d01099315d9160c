/** What a person should know of the groups before trusting numbers about them, in sentences. */
import type { ColumnBuilder, ImportedColumns } from '../columns.ts';
import type { Mapping } from '../mapping/mapping.ts';

export function groupWarnings(
  { group, prompt, file }: ImportedColumns,
  builder: ColumnBuilder,
  files: readonly { mapping: Mapping }[],
): string[] {
  const mixed = mixedGroups(group, prompt, (row) => {
    const { mapping } = files[file[row]];
    return mapping.group.by === 'count' && mapping.prompt !== null;
  });
  const warnings = sessionWarnings(builder);
  if (mixed > 0) {
    const groups = new Set(group).size.toLocaleString('en');
    warnings.push(
      `${mixed.toLocaleString('en')} of ${groups} groups hold more than one prompt: the number of rows in a row is another, or rows are missing.`,
    );
  }
  return warnings;
}

function sessionWarnings({ outputs, differingOutputs }: ColumnBuilder): string[] {
  if (outputs.count === 0) return [];
  const whole = (n: number) => n.toLocaleString('en');
  const rewards =
    differingOutputs === 0
      ? ''
      : ` In ${whole(differingOutputs)} of them the reward is another: the last output counts.`;
  return [`${whole(outputs.count)} rows are further outputs of a session, which is one response.${rewards}`];
}

/** How many groups have rows of several prompts, among the rows that are grouped by their order. */
function mixedGroups(group: Int32Array, prompt: Int32Array, isCounted: (row: number) => boolean): number {
  const first = new Map<number, number>();
  const mixed = new Set<number>();
  for (let row = 0; row < group.length; row++) {
    if (!isCounted(row)) continue;
    const known = first.get(group[row]);
    if (known === undefined) first.set(group[row], prompt[row]);
    else if (known !== prompt[row]) mixed.add(group[row]);
  }
  return mixed.size;
}
