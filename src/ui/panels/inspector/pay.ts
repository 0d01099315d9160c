/** What each token of a response is paid, and what the reward at its end is made of. Pure. */

import { fixed } from '../../../core/numberText.ts';
import { methodsOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { RewardPart } from '../../../rlhf/slots.ts';
import type { MatchCode } from '../../../tasks/match/codeMatch.ts';
import type { Problem } from '../../../tasks/problem.ts';
import type { ResponseView } from './response.ts';

export interface Pay {
  /** What each token gets: its price of moving, the last one also the reward. */
  tokens: Float32Array;
  /** The price of all tokens together; null where no price is part of what is learned from. */
  price: number | null;
  reward: number;
  /** What the reward is a sum of; one part where it is no sum. */
  parts: readonly RewardPart[];
  /** It looks like the reference in all that is measured, and fails a test. */
  isPrettyButWrong: boolean;
}

export interface Paid {
  view: ResponseView;
  settings: ArmSettings;
  problem: Problem;
  source: string;
  /** The price of moving where it is adaptive. */
  beta: number | undefined;
}

/** Null where it is not known: the price is of a distance that the record does not have. */
export function payOf({ view, settings, problem, source, beta }: Paid, match: MatchCode | null): Pay | null {
  const methods = methodsOf(settings);
  const { priced } = methods.update;
  const perNat = methods.price.memory ? beta : methods.price.beta(settings.price, undefined);
  // The record has the distance from the starting policy, and from no other.
  if (priced && (perNat === undefined || settings.reference.method !== 'starting')) return null;
  const price = priced ? perNat! : 0;
  const tokens = view.logProb.map((logProb, t) => -price * (logProb - view.refLogProb[t]));
  if (tokens.length > 0) tokens[tokens.length - 1] += view.reward;
  const parts = partsOf(view, settings, { problem, source }, match);
  const likeness = parts.filter((part) => part.likeness && part.most > 0);
  return {
    tokens,
    price: priced ? -price * view.kl : null,
    reward: view.reward,
    parts,
    isPrettyButWrong:
      view.score < 1 && likeness.length > 0 && likeness.every(({ value, most }) => value >= most - 1e-6),
  };
}

function partsOf(
  view: ResponseView,
  settings: ArmSettings,
  { problem, source }: { problem: Problem; source: string },
  match: MatchCode | null,
): readonly RewardPart[] {
  const { reward } = methodsOf(settings);
  const whole: RewardPart = { label: 'reward', value: view.reward, most: 1 };
  if (!reward.parts || !match) return [whole];
  const { score, status } = view;
  const of = { program: source, problem, score, status, match };
  // The record does not say whether a test ended in an error; the reward does.
  const found = [false, true].map((raised) => reward.parts!({ ...of, raised }, settings.reward as never));
  const sum = (parts: readonly RewardPart[]) => parts.reduce((total, { value }) => total + value, 0);
  return found.find((parts) => Math.abs(sum(parts) - view.reward) < 1e-4) ?? [whole];
}

/** "Price of all tokens −0.12. Reward 0.57 = execution −0.10 + syntax 0.33 + data flow 0.33." */
export function payText({ price, reward, parts, isPrettyButWrong }: Pay): string {
  const terms = parts.map(({ label, value }) => `${label} ${fixed(value, 2)}`);
  return [
    price === null
      ? 'No price of moving is part of what is learned from.'
      : `Price of all tokens ${fixed(price, 2)}.`,
    `On the last token: reward ${fixed(reward, 2)}${parts.length > 1 ? ` = ${terms.join(' + ')}` : ''}.`,
    ...(isPrettyButWrong
      ? ['Pretty but wrong: all of the reference’s syntax and data flow, and a test fails.']
      : []),
  ].join(' ');
}
