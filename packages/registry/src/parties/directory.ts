import {
  entrySchema,
  toTimestamp,
  type Entry,
  type KeyLink,
  type MembershipState,
  type ObjectionGround,
  type PartyId,
  type PartyKeys,
  type Registration,
} from '@recourse/protocol';
import { suspendedParties } from './suspension-store.ts';
import { stoppedParties } from '../commit/stopping-store.ts';
import type { Db } from '../kernel/database.ts';
import { openRecallsByParty } from '../told/recalls/acknowledgement-store.ts';
import { allGroups } from './group-store.ts';
import { keysOf, type KeyRow } from './key-store.ts';
import { allAdmissions, allAttestations, allObjections } from './membership-store.ts';
import { membershipAt, missingQuarters, type Membership } from '../records/membership.rules.ts';
import { panelMembers, type PanelMember } from './people-store.ts';
import { enrolledOf, openReenrolments, type ReenrolmentRow } from './reenrolment-store.ts';
import { allParties, findParty, membershipOf, type PartyRow } from './store.ts';

/** One party as published at `/parties`. */
export interface DirectoryEntry {
  readonly party: PartyId;
  readonly kind: 'platform' | 'panel' | 'operator';
  readonly name: string;
  /** The statement of a platform about itself; the panel and the operator have none */
  readonly registration?: Registration;
  readonly registeredAt: string;
  /** The standing of a platform, and since or until when */
  readonly membership?: DirectoryMembership;
  /** Root of the key chain; none until the first admin enrolled */
  readonly enrolmentKid?: string;
  /** Two operators announced new keys of the party, which take the place of all of its keys then */
  readonly reenrolment?: { readonly announcedAt: string; readonly effectiveAt: string };
  readonly submissionsSuspended: boolean;
  /** Stopped by the operator, by a recall left open too long, or by an outcome owed too long */
  readonly checksStopped: boolean;
  /** Recalls that were not acknowledged yet, and those past their deadline */
  readonly recalls: { readonly open: number; readonly overdue: number };
  readonly enabledReasons: readonly string[];
  /** Reviewers of the panel who may be assigned cases, by a holder id and no name */
  readonly reviewers?: readonly PublishedReviewer[];
  readonly limits: { readonly submissionsPerDay?: number; readonly elementsPerDay?: number };
}

export interface DirectoryMembership {
  readonly state: MembershipState;
  /** Submits nothing */
  readonly checkOnly: boolean;
  readonly objectionsUntil?: string;
  readonly activeFrom?: string;
  readonly probationUntil?: string;
  readonly leftAt?: string;
  readonly objections: readonly PublishedObjection[];
  /** Every group that it is in, or left */
  readonly groups: readonly {
    readonly group: string;
    readonly since: string;
    readonly until?: string;
  }[];
  /** Quarters whose signed statement about demands of authorities is due and not there */
  readonly missingAttestations: readonly string[];
}

export interface PublishedObjection {
  readonly by: string;
  readonly ground: ObjectionGround;
  /** The group that was not disclosed, and the item that the panel was asked */
  readonly group?: string;
  readonly item?: string;
}

export interface PublishedReviewer {
  readonly holder: string;
  /** The term, from the invite on */
  readonly since?: string;
  readonly termUntil?: string;
  /** Platforms that bar cases */
  readonly affiliations: readonly { readonly party: string; readonly until?: string }[];
  readonly languages: readonly string[];
  /** Codes whose cases they are not assigned */
  readonly optOut: readonly string[];
  /** Holders who sat then; none for the first seats */
  readonly countersignedBy: readonly string[];
}

/** Every party, the oldest first. */
export async function listParties(db: Db, now: Date): Promise<DirectoryEntry[]> {
  const parties = await allParties(db);
  const recalls = await openRecallsByParty(db, now);
  const stopped = await stoppedParties(db, now);
  const suspended = await suspendedParties(db, now);
  const facts = await readMembershipFacts(db);
  const announced = new Map((await openReenrolments(db, now)).map((row) => [row.party, row]));
  const reviewers = (await panelMembers(db, now)).map(publishedReviewer);
  return parties.map((row) => {
    const { registration } = row;
    const reenrolment = announced.get(row.id);
    const membership = registration && membershipEntry(row, { ...facts, registration, now });
    return {
      ...directoryEntry(row, {
        recalls: recalls.get(row.id) ?? { open: 0, overdue: 0 },
        submissionsSuspended: suspended.has(row.id),
        checksStopped: stopped.has(row.id),
      }),
      ...(membership ? { membership } : {}),
      ...(reenrolment ? { reenrolment: reenrolmentEntry(reenrolment) } : {}),
      ...(row.id === 'panel' ? { reviewers } : {}),
    };
  });
}

export const reenrolmentEntry = (row: ReenrolmentRow) => ({
  announcedAt: toTimestamp(row.announced_at),
  effectiveAt: toTimestamp(row.effective_at),
});

const publishedReviewer = (member: PanelMember): PublishedReviewer => ({
  holder: member.id,
  ...(member.since ? { since: toTimestamp(member.since) } : {}),
  ...(member.term_until ? { termUntil: toTimestamp(member.term_until) } : {}),
  affiliations: member.affiliations.map(({ party, until }) => ({
    party,
    ...(until === null ? {} : { until: toTimestamp(new Date(until)) }),
  })),
  languages: member.languages,
  optOut: member.opt_out,
  countersignedBy: member.countersigned_by,
});

async function readMembershipFacts(db: Db) {
  const [objections, admissions, attestations, groups] = await Promise.all([
    allObjections(db),
    allAdmissions(db),
    allAttestations(db),
    allGroups(db),
  ]);
  return { objections, admissions, attestations, groups };
}

type MembershipFacts = Awaited<ReturnType<typeof readMembershipFacts>>;

function membershipEntry(
  row: PartyRow,
  {
    attestations,
    admissions,
    now,
    registration,
    groups,
    objections,
  }: MembershipFacts & { registration: Registration; now: Date },
): DirectoryMembership {
  const membership = membershipOf(row);
  const filed = attestations.filter(({ party }) => party === row.id);
  const quarters = new Set(filed.map(({ quarter }) => quarter));
  return {
    state: membershipAt(membership, admissions.get(row.id) ?? null, now),
    checkOnly: registration.checkOnly,
    ...datesOf(membership),
    ...groupsAnd(
      groups.filter(({ party }) => party === row.id),
      objections.filter(({ party }) => party === row.id),
    ),
    missingAttestations: missingQuarters(membership, quarters, now),
  };
}

type Groups = MembershipFacts['groups'];

/** Its own memberships, and what others object to. */
const groupsAnd = (
  groups: Groups,
  objections: MembershipFacts['objections'],
): Pick<DirectoryMembership, 'groups' | 'objections'> => ({
  groups: groups
    .filter(({ item }) => item === null)
    .map(({ group_name: group, since, until }) => ({
      group,
      since: toTimestamp(since),
      ...(until === null ? {} : { until: toTimestamp(until) }),
    })),
  objections: [
    ...objections.map(({ by_party: by, ground }) => ({ by, ground })),
    ...groups.flatMap(({ by_party: by, group_name: group, item }) =>
      by === null || item === null
        ? []
        : [{ by, ground: 'group-undisclosed' as const, group, item }],
    ),
  ],
});

const datesOf = ({ objectionsUntil, activeFrom, probationUntil, leftAt }: Membership) => ({
  ...(objectionsUntil ? { objectionsUntil: toTimestamp(objectionsUntil) } : {}),
  ...(activeFrom ? { activeFrom: toTimestamp(activeFrom) } : {}),
  ...(probationUntil ? { probationUntil: toTimestamp(probationUntil) } : {}),
  ...(leftAt ? { leftAt: toTimestamp(leftAt) } : {}),
});

function directoryEntry(
  row: PartyRow,
  standing: Pick<DirectoryEntry, 'recalls' | 'submissionsSuspended' | 'checksStopped'>,
): Omit<DirectoryEntry, 'membership'> {
  const { registration, enrolment_kid: enrolmentKid } = row;
  return {
    party: row.id,
    kind: row.kind,
    name: row.name,
    ...(registration === null ? {} : { registration }),
    registeredAt: toTimestamp(row.registered_at),
    ...(enrolmentKid === null ? {} : { enrolmentKid }),
    ...standing,
    enabledReasons: row.enabled_reasons,
    limits: {
      ...(row.submissions_per_day === null ? {} : { submissionsPerDay: row.submissions_per_day }),
      ...(row.elements_per_day === null ? {} : { elementsPerDay: row.elements_per_day }),
    },
  };
}

/** The key chain of a party as published at `/parties/<id>/keys`; undefined before its first admin enrolled. */
export async function partyKeys(db: Db, id: string): Promise<PartyKeys | undefined> {
  const party = await findParty(db, id);
  const keys = await keysOf(db, id);
  const root = keys.find(({ kid }) => kid === party?.enrolment_kid);
  if (!party || !root) return undefined;
  const again = await enrolledOf(db, id);
  return {
    party: party.id,
    enrolmentKid: root.kid,
    enrolmentHolder: root.holder,
    keys: keys.map(keyLink),
    ...(again.length > 0 ? { reenrolments: again.flatMap(reenrolmentOf) } : {}),
  };
}

const reenrolmentOf = ({ kid, holder, entry }: ReenrolmentRow) =>
  kid === null ? [] : [{ kid, holder, announced: entryOf(entry) }];

const entryOf = (json: string): Entry => entrySchema.parse(JSON.parse(json));

export function keyLink(row: KeyRow): KeyLink {
  const { revoked_at: at, revoked_why: why, compromised_since: since, revocation } = row;
  return {
    kid: row.kid,
    statement: row.statement,
    addedAt: toTimestamp(row.active_from),
    entry: entryOf(row.entry),
    ...(at && why && revocation
      ? {
          revoked: {
            at: toTimestamp(at),
            why,
            ...(since ? { since: toTimestamp(since) } : {}),
            entry: entryOf(revocation),
          },
        }
      : {}),
  };
}
