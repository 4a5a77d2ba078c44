import type { UseQueryResult } from '@tanstack/react-query';
import type { MembershipState, ObjectionGround, Registration } from '@recourse/protocol';
import { counted } from '../parts/words.ts';
import { useAsked } from './calls.ts';

/** A party as the registry publishes it to everybody. */
export interface DirectoryParty {
  readonly id: string;
  readonly kind: 'platform' | 'panel' | 'operator';
  readonly name: string;
  readonly registration?: Registration;
  readonly registeredAt: string;
  readonly enrolmentKid?: string;
  readonly membership?: {
    readonly state: MembershipState;
    readonly objectionsUntil?: string;
    /** Neither checks nor submits before; absent while an objection waits */
    readonly activeFrom?: string;
    readonly probationUntil?: string;
    readonly objections: readonly { readonly by: string; readonly ground: ObjectionGround }[];
    readonly groups: readonly { readonly group: string; readonly until?: string }[];
    readonly missingAttestations: readonly string[];
  };
  readonly reenrolment?: { readonly effectiveAt: string };
  readonly submissionsSuspended: boolean;
  readonly checksStopped: boolean;
  readonly recalls: { readonly open: number; readonly overdue: number };
  readonly enabledReasons: readonly string[];
  readonly limits: { readonly submissionsPerDay?: number; readonly elementsPerDay?: number };
  readonly reviewers?: readonly {
    readonly holder: string;
    readonly termUntil?: string;
    readonly languages: readonly string[];
  }[];
}

/** The public directory: it is signed by nobody, and the desk shows it as what the registry says. */
export async function readDirectory(signal?: AbortSignal): Promise<readonly DirectoryParty[]> {
  const answer = await fetch('/parties', { signal: signal ?? null });
  if (!answer.ok) throw new Error(`the directory answered ${answer.status}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- served by the same server as this code
  return ((await answer.json()) as { parties: readonly DirectoryParty[] }).parties;
}

export const useDirectory = (everyMs?: number): UseQueryResult<readonly DirectoryParty[]> =>
  useAsked(
    ['directory'],
    (_recourse, signal) => readDirectory(signal),
    everyMs === undefined ? {} : { everyMs },
  );

/** Concerns about a platform that somebody has to look at, in words; empty where all is well. */
export function concernsOf(party: DirectoryParty): string[] {
  if (party.kind !== 'platform') return [];
  const { recalls, membership, submissionsSuspended, checksStopped, reenrolment } = party;
  const quarters = membership?.missingAttestations ?? [];
  return [
    ...(submissionsSuspended ? ['submissions suspended'] : []),
    ...(checksStopped ? ['checks stopped'] : []),
    ...(recalls.overdue > 0 ? [counted(recalls.overdue, 'recall overdue', 'recalls overdue')] : []),
    ...(quarters.length > 0 ? [`no statement for ${quarters.join(', ')}`] : []),
    ...(membership && membership.objections.length > 0
      ? [counted(membership.objections.length, 'objection', 'objections')]
      : []),
    ...(reenrolment ? ['new keys announced'] : []),
    ...(party.enrolmentKid === undefined ? ['not enrolled yet'] : []),
  ];
}
