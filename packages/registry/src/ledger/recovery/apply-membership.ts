import {
  demandKinds,
  inviteDays,
  jcs,
  objectionGrounds,
  peekArtefact,
  attestationSchema,
  quarterSchema,
  idSchema,
  entryTable,
  type Entry,
  type Json,
} from '@recourse/protocol';
import { z } from 'zod';
import { insertObjectedGroup, objectedIn } from '../../parties/group-store.ts';
import {
  insertAttestation,
  insertDemand,
  insertObjection,
} from '../../parties/membership-store.ts';
import { insertHolder } from '../../parties/people-store.ts';
import { insertReenrolment, stopReenrolment } from '../../parties/reenrolment-store.ts';
import { addDays } from '../../bounds.ts';
import { lockParty, updateParty } from '../../parties/store.ts';
import type { Applying } from './applying.ts';

type Detail = Readonly<Record<string, Json>>;
type Logged = { readonly at: Date; readonly entry: { readonly at: string } };

const platform = idSchema('plt');
const objection = z.object({
  party: platform,
  by: platform,
  ground: z.enum(objectionGrounds),
  group: z.string().optional(),
  item: idSchema('itm').optional(),
});

/** Its second is taken from below: an objection came before the end of the window. */
export async function applyObjection(
  { db, counts }: Applying,
  detail: Detail,
  { entry }: Logged,
): Promise<void> {
  const { data } = objection.safeParse(detail);
  if (!data || !(await lockParty(db, data.party))) return;
  const { party, by, ground, group, item } = data;
  counts.parties++;
  if (group !== undefined && item !== undefined) {
    if (!(await objectedIn(db, item)))
      await insertObjectedGroup(db, { party, group, by, item, at: new Date(entry.at) });
    return;
  }
  await insertObjection(db, { party, by_party: by, ground, at: new Date(entry.at) });
  await updateParty(db, party, { active: null });
}

/** A code that was announced is not redeemable again: its invite is with the copy, or was lost with the log's tail. */
export async function applyReenrolment(
  { db, counts }: Applying,
  detail: Detail,
  { entry }: { readonly entry: Entry },
): Promise<void> {
  const { data } = entryTable['party-reenrol-announced'].detail.safeParse(detail);
  if (!data || !(await lockParty(db, data.party))) return;
  const { party, holder, invite, effectiveAt, call } = data;
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
}

export async function applyReenrolStopped(
  { db, counts }: Applying,
  detail: Detail,
  { at }: { readonly at: Date },
): Promise<void> {
  const { data } = entryTable['party-reenrol-stopped'].detail.safeParse(detail);
  if (!data || !(await lockParty(db, data.party))) return;
  await stopReenrolment(db, { invite: data.invite, by: data.by, at });
  counts.parties++;
}

const demand = z.object({
  id: idSchema('dmd'),
  party: platform,
  kind: z.enum(demandKinds),
  quarter: quarterSchema,
  received: z.int().min(1),
  complied: z.int().min(0),
  refused: z.int().min(0),
});

/** One that was delayed is in the old copy, and only has to be marked as logged. */
export async function applyDemand(
  { db, counts }: Applying,
  detail: Detail,
  { at }: Logged,
): Promise<void> {
  const { data } = demand.safeParse(detail);
  if (!data) return;
  await insertDemand(db, { ...data, at, publish_at: at, logged: true });
  counts.parties++;
}

const attested = z.object({
  party: platform,
  quarter: quarterSchema,
  demands: z.int().min(0),
  statement: z.string(),
});

export async function applyAttestation(
  { db, counts }: Applying,
  detail: Detail,
  { at }: Logged,
): Promise<void> {
  const { data } = attested.safeParse(detail);
  if (!data) return;
  const typ = 'recourse-attestation+jwt';
  const { kid } = peekArtefact(data.statement, { typ, schema: attestationSchema }).jws;
  await insertAttestation(db, { ...data, kid, at });
  counts.parties++;
}
