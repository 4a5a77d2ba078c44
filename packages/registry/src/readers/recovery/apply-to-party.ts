import {
  isId,
  readEntry,
  registrationSchema,
  type EntryDetail,
  type EntryReaders,
} from '@recourse/protocol';
import {
  suspensionCauses,
  openCauses,
  liftCause,
  insertCause,
} from '../../parties/suspension-store.ts';
import { changeGroup } from '../../parties/group-store.ts';
import {
  insertAffiliations,
  insertCountersignatures,
  insertHolder,
  removeHolder,
} from '../../parties/people-store.ts';
import { insertParty, lockParty, updateParty, type PartyChange } from '../../parties/store.ts';
import {
  applyAttestation,
  applyDemand,
  applyObjection,
  applyReenrolment,
  applyReenrolStopped,
} from './apply-membership.ts';
import { applyEpoch, applyPrefixSet } from './apply-epoch.ts';
import { addLoggedKey, revokeLoggedKey } from './apply-key.ts';
import {
  applyAdmitted,
  applyClosed,
  applyDrawn,
  applyOpened,
  applyWarning,
} from './apply-to-panel.ts';
import { applyPolicy } from './apply-policy.ts';
import { instantOf, type ApplyContext } from './applying.ts';
import type { PublicEntry } from './tail.ts';

/** The public entries that change parties, people and keys. All of what they did is in them. */
const acts: EntryReaders<PublicEntry, Promise<void>, [applying: ApplyContext]> = {
  'party-registered': register,
  'party-suspended': suspendLogged,
  'party-restored': restoreLogged,
  'party-warned': applyWarning,
  'panel-opened': applyOpened,
  'panel-closed': applyClosed,
  'inspections-drawn': applyDrawn,
  'party-left': ({ party }, entry, applying) =>
    change(applying, party, { leftAt: instantOf(entry) }),
  'party-objected': applyObjection,
  'party-reenrol-announced': applyReenrolment,
  'party-reenrol-stopped': applyReenrolStopped,
  'party-admitted': applyAdmitted,
  'authority-demand': applyDemand,
  'authority-attested': applyAttestation,
  taxonomy: ({ party, enabled }, _, applying) =>
    change(applying, party, { enabledReasons: enabled }),
  limits: ({ party, submissionsPerDay, elementsPerDay }, _, applying) =>
    change(applying, party, { submissionsPerDay, elementsPerDay }),
  'reviewer-added': addReviewer,
  'reviewer-removed': removeReviewer,
  'key-added': addLoggedKey,
  'key-revoked': revokeLoggedKey,
  'witness-policy': applyPolicy,
  'prefix-set': applyPrefixSet,
  'oprf-epoch': applyEpoch,
};

export const changesParty = (type: string): boolean => type in acts;

/** Applies an entry about a party. What is signed and not well-formed changes nothing. */
export const applyToParty = async (applying: ApplyContext, entry: PublicEntry): Promise<void> =>
  readEntry(acts, entry, applying);

/** A new platform, or new policies or another group of one. Its second is taken from below, or its window were too short. */
async function register(
  detail: EntryDetail<'party-registered'>,
  entry: PublicEntry,
  { db, counts }: ApplyContext,
): Promise<void> {
  const { data: registration } = registrationSchema.safeParse(detail.registration);
  const { party: id } = detail;
  if (!registration || !isId('plt', id)) return;
  counts.parties++;
  const row = { id, kind: 'platform', name: registration.name, registration } as const;
  const membership = joinedAs(detail);
  if (await insertParty(db, { ...row, registeredAt: new Date(entry.at), ...membership })) return;
  const group = (await lockParty(db, id))?.registration?.group;
  if (group !== registration.group)
    await changeGroup(db, { party: id, group: registration.group, at: instantOf(entry) });
  await updateParty(db, id, { registration });
}

/** Its window and probation as its registration stated them. */
function joinedAs({ objectionsUntil, probationUntil }: EntryDetail<'party-registered'>) {
  if (objectionsUntil === undefined || probationUntil === undefined) return {};
  const from = new Date(objectionsUntil);
  return {
    membership: {
      objectionsUntil: from,
      activeFrom: from,
      probationUntil: new Date(probationUntil),
    },
  };
}

async function change(
  { db, counts }: ApplyContext,
  party: string,
  changed: PartyChange,
): Promise<void> {
  if (!(await lockParty(db, party))) return;
  await updateParty(db, party, changed);
  counts.parties++;
}

async function suspendLogged(
  { party, what, cause = suspensionCauses.operators, item }: EntryDetail<'party-suspended'>,
  entry: PublicEntry,
  { db, counts }: ApplyContext,
): Promise<void> {
  if (!(await lockParty(db, party))) return;
  if (what !== 'checks') await insertCause(db, { party, cause, since: instantOf(entry), item });
  await updateParty(db, party, {
    ...(what === 'checks' ? {} : { submissionsSuspended: true }),
    ...(what === 'submissions' ? {} : { checksStopped: true }),
  });
  counts.parties++;
}

async function restoreLogged(
  { party, what, cause = suspensionCauses.operators, item: by }: EntryDetail<'party-restored'>,
  entry: PublicEntry,
  { db, counts }: ApplyContext,
): Promise<void> {
  if (!(await lockParty(db, party))) return;
  await liftCause(db, { party, cause, at: instantOf(entry), by });
  const stands = await openCauses(db, party);
  await updateParty(db, party, {
    ...(stands.length > 0 ? {} : { submissionsSuspended: false }),
    ...(what === 'submissions' ? {} : { checksStopped: false }),
  });
  counts.parties++;
}

/** Adds a reviewer. The copy has those who sat from the beginning. */
async function addReviewer(
  detail: EntryDetail<'reviewer-added'>,
  _: PublicEntry,
  { db, counts }: ApplyContext,
): Promise<void> {
  const { holder: id, languages = [], optOut = [], affiliations, countersignatures } = detail;
  if (detail.termUntil === null || !countersignatures) return;
  const termUntil = new Date(detail.termUntil);
  if (!(await insertHolder(db, { id, party: 'panel', termUntil, languages, optOut }))) return;
  const rows = affiliations.map(({ party, until }) => ({
    party,
    until: until === null ? null : new Date(until),
  }));
  await insertAffiliations(db, id, rows);
  await insertCountersignatures(db, { holder: id, countersignatures });
  counts.parties++;
}

async function removeReviewer(
  { holder }: EntryDetail<'reviewer-removed'>,
  entry: PublicEntry,
  { db, counts }: ApplyContext,
): Promise<void> {
  await removeHolder(db, holder, instantOf(entry));
  counts.parties++;
}
