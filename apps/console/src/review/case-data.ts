import {
  peekArtefact,
  reasons,
  sanctionStatementSchema,
  type EvidenceState,
  type OpOutput,
  type Reason,
  type ReviewId,
  type SanctionStatement,
} from '@recourse/protocol';
import type { OpenedEvidence } from '@recourse/sdk';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { usePerson } from '../identity/session.ts';
import { useAsked, useRead, useRecourse } from '../registry/calls.ts';

export type ReviewCase = OpOutput<'review.get'>;
export type InspectionCase = Extract<ReviewCase, { inspection: string }>;
export type AppealCase = Exclude<ReviewCase, InspectionCase>;

export const isInspection = (one: ReviewCase): one is InspectionCase => 'inspection' in one;

/** One case that the reviewer took, asked again each minute: it may end while somebody reads. */
export const useCase = (appeal: ReviewId): UseQueryResult<ReviewCase> =>
  useRead('review.get', { appeal }, { everyMs: 60_000 });

/** The statement as it was sent: `evidence.open` verifies its signature. */
export const statementOf = ({ statement }: Pick<ReviewCase, 'statement'>): SanctionStatement =>
  peekArtefact(statement, { typ: 'recourse-sanction+jwt', schema: sanctionStatementSchema })
    .payload;

export const ruleOf = ({ reason }: Pick<ReviewCase, 'reason'>): Reason => reasons[reason];

/** The name of a platform, or its id until it is read. */
export function usePartyName(party: string): string {
  const name = useAsked(['party-name', party], ({ session }) => session.parties.name(party));
  return name.data ?? party;
}

/** What was delivered, opened in this browser and compared with the verified statement. It is asked for once. */
export function useOpenedEvidence(
  appeal: ReviewId,
  states: readonly EvidenceState[],
): UseQueryResult<OpenedEvidence[]> {
  const { kid } = usePerson();
  const recourse = useRecourse();
  const delivered = states.map(({ item, delivered: is, rejected }) => `${item} ${is} ${rejected}`);
  return useQuery({
    queryKey: ['opened-evidence', kid, appeal, delivered],
    queryFn: ({ signal }) => recourse.evidence.open(appeal, { signal }),
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
