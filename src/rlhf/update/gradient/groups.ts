/**
 * What the policy gradients share that compare a response with the others to its prompt. Their statistics are of whole
 * groups, before any filter: as with PPO's whitening, a filter takes rows away and leaves the advantages as they are.
 */
import { groupContrast } from '../../../core/advantage.ts';
import type { Conflict } from '../../catalogue/method.ts';
import type { Metrics } from '../../catalogue/metricText.ts';
import { type ArmSettings, trainingKnobs } from '../../catalogue/settings.ts';
import type { Scored } from '../../loop/responses.ts';
import { orders } from '../../sample/order/index.ts';

export const groupMetrics = {
  groupSpread: {
    group: 'update',
    label: 'Spread in a group',
    unit: '',
    digits: 3,
    what: 'How much the rewards of the responses to one prompt differ, on the scale of the starting policy’s rewards.',
    formula: 'mean over groups of sd(r)',
  },
  flatGroups: {
    group: 'update',
    label: 'Groups without contrast',
    unit: '',
    digits: 3,
    what: 'Share of prompts whose responses all got the same reward: none of them is better than another.',
    formula: 'mean over groups of [sd(r) = 0]',
  },
} as const satisfies Metrics;

export function contrastOf({ standardised, group }: Scored): Record<keyof typeof groupMetrics, number> {
  const { spread, flat } = groupContrast(standardised, group);
  return { groupSpread: spread, flatGroups: flat };
}

/** A method that compares the responses to one prompt needs several. */
export const needsGroups =
  (label: string) =>
  (_: unknown, { training, order }: ArmSettings): Conflict[] => {
    const why = `${label} compares the responses to one prompt`;
    const conflicts: Conflict[] = [];
    if (training.responses < 2) {
      conflicts.push({
        path: 'training.responses',
        message: `responses must be 2 or more where ${why}, and is ${training.responses}.`,
        repair: { 'training.responses': trainingKnobs.responses.initial },
      });
    }
    const { asks } = orders.find(({ id }) => id === order.method)!;
    if (asks({ ...training, responses: 2 }).perPrompt < 2) {
      conflicts.push({
        path: 'order',
        message: `order must not be ${order.method} where ${why}: it asks for one response to each.`,
        repair: { order: orders[0].id },
      });
    }
    return conflicts;
  };
