/** What the tokens of a response were paid. The parser is loaded only where a reward compares programs. */
import { useEffect, useMemo, useState } from 'react';
import { methodOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { MatchCode } from '../../../tasks/match/codeMatch.ts';
import { type Paid, type Pay, payOf } from './pay.ts';

export function usePay({
  view,
  problem,
  source,
  beta,
  settings,
}: Omit<Paid, 'settings'> & { settings?: ArmSettings | undefined }): Pay | null {
  const compares = settings !== undefined && Boolean(methodOf('reward', settings.reward.method).parts);
  const [match, setMatch] = useState<MatchCode | null>(null);
  useEffect(() => {
    if (!compares) return;
    let wanted = true;
    void import('../../../tasks/match/codeMatch.ts').then(({ codeMatcher }) => {
      if (wanted) setMatch(() => codeMatcher());
    });
    return () => {
      wanted = false;
    };
  }, [compares]);
  return useMemo(
    () => (settings ? payOf({ view, settings, problem, source, beta }, match) : null),
    [view, settings, problem, source, beta, match],
  );
}
