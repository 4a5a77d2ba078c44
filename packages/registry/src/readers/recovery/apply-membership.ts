import { attestationSchema, inviteDays, jcs, peekArtefact } from '@recourse/protocol';
import { insertObjectedGroup, objectedIn } from '../../parties/group-store.ts';
import {
  insertAttestation,
  insertDemand,
  insertObjection,
} from '../../parties/membership-store.ts';
import { insertHolder } from '../../parties/people-store.ts';
import { insertReenrolment, stopReenrolment } from '../../parties/reenrolment-store.ts';
import { addDays } from '@recourse/protocol/review';
import { lockParty, updateParty } from '../../parties/store.ts';
import { instantOf, type Apply } from './applying.ts';

/** Its second is taken from below: an objection came before the end of the window. */
export const applyObjection: Apply<'party-objected'> = async (detail, entry, { db, counts }) => {
  const { party, by, ground, group, item } = detail;
  if (!(await lockParty(db, party))) return;
  counts.parties++;
  if (group !== undefined && item !== undefined) {
    if (!(await objectedIn(db, item)))
      await insertObjectedGroup(db, { party, group, by, item, at: new Date(entry.at) });
    return;
  }
  await insertObjection(db, { party, by_party: by, ground, at: new Date(entry.at) });
  await updateParty(db, party, { active: null });
};

/** A code that was announced is not redeemable again: its invite is with the copy, or was lost with the log's tail. */
export const applyReenrolment: Apply<'party-reenrol-announced'> = async (
  { party, holder, invite, effectiveAt, call },
  entry,
  { db, counts },
) => {
  if (!(await lockParty(db, party))) return;
  const effective = new Date(effectiveAt);
  await insertHolder(db, { id: holder, party });
  await insertReenrolment(db, {
    invite,
    party,
    holder,
    call,
    // The second of the entry, which is no later than the instant that the waiting time counts from.
    announced_at: new Date(entry.at),
    effective_at: effective,
    lapses_at: addDays(effective, inviteDays),
    entry: jcs(entry),
  });
  counts.parties++;
};

export const applyReenrolStopped: Apply<'party-reenrol-stopped'> = async (
  { party, invite, by },
  entry,
  { db, counts },
) => {
  if (!(await lockParty(db, party))) return;
  await stopReenrolment(db, { invite, by, at: instantOf(entry) });
  counts.parties++;
};

/** One that was delayed is in the old copy, and only has to be marked as logged. */
export const applyDemand: Apply<'authority-demand'> = async (detail, entry, { db, counts }) => {
  const at = instantOf(entry);
  const { id, party, kind, quarter, received, complied, refused } = detail;
  const demand = { id, party, kind, quarter, received, complied, refused };
  await insertDemand(db, { ...demand, at, publish_at: at, logged: true });
  counts.parties++;
};

export const applyAttestation: Apply<'authority-attested'> = async (
  { party, quarter, demands, statement },
  entry,
  { db, counts },
) => {
  const typ = 'recourse-attestation+jwt';
  const { kid } = peekArtefact(statement, { typ, schema: attestationSchema }).jws;
  await insertAttestation(db, { party, quarter, demands, statement, kid, at: instantOf(entry) });
  counts.parties++;
};
