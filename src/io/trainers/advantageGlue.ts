/** Python that turns selected rows into advantages of GRPO. */

/** Defines `group_advantages(values, groups, rows, order, by_std)`. */
export const advantagesPart = `

def group_advantages(values, groups, rows, order, by_std=True):
    """Advantages of GRPO for the selected rows, 0 for the others; one that was drawn twice counts twice.

    order: "before" compares with all responses to a prompt, "after" with the selected ones.
    """
    uses = [0] * len(values)
    for row in rows:
        uses[row] += 1
    compared = {}
    for row, group in enumerate(groups):
        compared.setdefault(group, []).extend([values[row]] * (1 if order == "before" else uses[row]))
    advantages = []
    for row, group in enumerate(groups):
        others = compared[group]
        if uses[row] == 0 or len(others) < 2:
            advantages.append(0.0)
            continue
        mean = sum(others) / len(others)
        deviation = math.sqrt(sum((value - mean) ** 2 for value in others) / (len(others) - 1))
        advantage = values[row] - mean
        advantages.append(uses[row] * (advantage / (deviation + 1e-6) if by_std else advantage))
    return advantages
`;
