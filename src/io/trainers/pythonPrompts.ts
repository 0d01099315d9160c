/** A prompt filter as Python: which groups of a batch are worth an update, whole or not at all. */
import type { PromptFilter } from '../../core/filters/promptFilter.ts';
import { pythonNumber } from './pythonText.ts';

/** Filters that judge a group by itself; the others compare the groups of a batch. */
export const judgesAlone = (filter: PromptFilter): boolean =>
  filter.kind === 'contrast' || filter.kind === 'pass-rate';

/** Defines `keep_groups(groups, rewards, tie_seed)`, which gives the lists of rows that stay. */
export function promptsPart(filter: PromptFilter): string {
  if (filter.kind === 'contrast' || filter.kind === 'pass-rate') {
    return `def keep_group(rewards):
    """Whether the responses to a prompt, highest reward first, are worth an update."""
${filter.kind === 'contrast' ? '    return rewards[0] != rewards[-1]' : passRate(filter)}


def keep_groups(groups, rewards, tie_seed):
    """The groups whose prompts are worth an update; each is a list of rows, highest reward first."""
    return [rows for rows in groups if keep_group([rewards[row] for row in rows])]
`;
  }
  if (filter.kind === 'variance-share' && filter.share >= 1) {
    return `def keep_groups(groups, rewards, tie_seed):
    """All groups: together they hold the whole variance."""
    return groups
`;
  }
  return `${variancePart}

def keep_groups(groups, rewards, tie_seed):
    """The groups of highest variance; each is a list of rows, highest reward first."""
    ordered = sorted(
        (-_variance(rows, rewards), _counter32(tie_seed, min(rows)), number) for number, rows in enumerate(groups)
    )
${filter.kind === 'variance-count' ? `    kept = ordered[:${filter.count}]` : share(filter.share)}
    return [groups[number] for _, _, number in kept]
`;
}

const passRate = ({ passAt, low, high, ends }: Extract<PromptFilter, { kind: 'pass-rate' }>) => {
  const less = ends === 'open' ? '<' : '<=';
  return `    rate = sum(reward >= ${pythonNumber(passAt)} for reward in rewards) / len(rewards)
    return ${pythonNumber(low)} ${less} rate ${less} ${pythonNumber(high)}`;
};

const variancePart = `def _variance(rows, rewards):
    """Variance of the rewards of a group, in single precision; rows come highest reward first."""
    if rewards[rows[0]] == rewards[rows[-1]]:
        return 0.0
    total = 0.0
    for row in rows:
        total += rewards[row]
    centre = total / len(rows)
    squares = 0.0
    for row in rows:
        squares += (rewards[row] - centre) * (rewards[row] - centre)
    return _single(squares / len(rows))
`;

const share = (part: number) => `    total = 0.0
    for key in ordered:
        total -= key[0]
    held = 0.0
    kept = []
    for key in ordered:
        if held >= ${pythonNumber(part)} * total:
            break
        held -= key[0]
        kept.append(key)`;
