import {
  reasons,
  type EvidenceState,
  type OpOutput,
  type Reason,
  type ReviewId,
  type SanctionStatement,
} from '@recourse/protocol';
import type { OpenedEvidence, OpenOutcome } from '@recourse/sdk';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { usePerson } from '../identity/session.ts';
import { useAsked, useRecourse } from '../registry/calls.ts';

/** A taken case, its verified statement, and which outcomes are open. */
export type ReviewCase = OpOutput<'review.get'> & {
  readonly signed: SanctionStatement;
  readonly outcomes: readonly OpenOutcome[];
};
export type InspectionCase = Extract<ReviewCase, { inspection: string }>;
export type AppealCase = Exclude<ReviewCase, InspectionCase>;

export const isInspection = (theCase: ReviewCase): theCase is InspectionCase =>
  'inspection' in theCase;

/** One case that the reviewer took, asked again each minute: it may end while somebody reads. */
export const useCase = (
  appeal: ReviewId,
  { enabled }: { readonly enabled: boolean },
): UseQueryResult<ReviewCase> =>
  useAsked(
    ['case', appeal],
    async ({ review }, signal) => {
      const { taken, statement: signed, outcomes } = await review.read(appeal, { signal });
      return { ...taken, signed, outcomes };
    },
    { everyMs: 60_000, enabled },
  );

/** On a code next to speech, or on that ground: the registry takes `expression` as a cause there alone. */
export function isOfSpeech(theCase: ReviewCase): boolean {
  const said = isInspection(theCase) ? theCase.again : theCase;
  const grounds = said ? [said.ground, ...said.joined.map(({ ground }) => ground)] : [];
  return reasons[theCase.reason].speechAdjacent || grounds.includes('expression');
}

export const ruleOf = ({ reason }: Pick<ReviewCase, 'reason'>): Reason => reasons[reason];

/** The name of a platform, or its id until it is read. */
export function usePartyName(party: string): string {
  const name = useAsked(['party-name', party], ({ session }) => session.parties.name(party));
  return name.data ?? party;
}

/** A case in words: what it is, for which reason, and against whose record. */
export function useCaseName(theCase: ReviewCase): string {
  const platform = usePartyName(theCase.signed.iss);
  const what = isInspection(theCase) ? 'the inspection of' : 'the appeal against';
  return `${what} “${ruleOf(theCase).texts.en.title}” of ${platform}`;
}

/**
 * Evidence that was delivered, opened in this browser and compared with the verified statement. It is asked for once.
 */
export function useOpenedEvidence(
  appeal: ReviewId,
  states: readonly EvidenceState[],
): UseQueryResult<OpenedEvidence[]> {
  const { kid } = usePerson();
  const recourse = useRecourse();
  const delivered = states.map(({ item, delivered: is, rejected }) => `${item} ${is} ${rejected}`);
  return useQuery({
    queryKey: ['opened-evidence', kid, appeal, delivered],
    // The registry refuses to hand out what nobody delivered.
    queryFn: ({ signal }): Promise<OpenedEvidence[]> =>
      states.some((state) => state.delivered)
        ? recourse.evidence.open(appeal, { signal })
        : Promise.resolve([]),
    retry: false,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

/** The time of the registry, which is not always that of this computer; new every half a minute. */
export function useNow(): Date {
  const { transport } = useRecourse().session;
  const [now, setNow] = useState(() => transport.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(transport.now()), 30_000);
    return () => clearInterval(timer);
  }, [transport]);
  return now;
}
