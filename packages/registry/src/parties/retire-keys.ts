import { jcs, Problem, toTimestamp, type Entry } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { conflict } from '../kernel/refusal.ts';
import { keysOf, latestActiveFrom, lockKey, setRevoked } from './key-store.ts';
import { voidInvites } from './people-store.ts';
import { findReenrolment, type ReenrolmentRow } from './reenrolment-store.ts';
import type { PartyRow } from './store.ts';

/**
 * The re-enrolment that an invite belongs to, as it is redeemed.
 * @throws Problem `state-conflict` before its time, `invite-invalid` once it was stopped
 */
export async function reenrolmentBy(
  trx: Db,
  { invite, now }: { invite: string; now: Date },
): Promise<ReenrolmentRow | undefined> {
  const row = await findReenrolment(trx, invite);
  if (!row) return undefined;
  if (row.stopped_at || row.enrolled_at) throw new Problem('invite-invalid');
  if (row.effective_at > now) throw conflict('code', 'too-early');
  return row;
}

/**
 * All that the platform had before is revoked with its new first key: what they signed counts, as of any retired key.
 * @returns the entries, in the order in which they are logged
 */
export async function retireKeys(
  trx: Db,
  party: PartyRow,
  { call, now }: { call: string; now: Date },
): Promise<Entry[]> {
  const latest = await latestActiveFrom(trx, party.id);
  const at = latest > now ? latest : now;
  const entries: Entry[] = [];
  for (const { kid, holder, revoked_at } of await keysOf(trx, party.id)) {
    const key = revoked_at ? undefined : await lockKey(trx, { kid, party: party.id });
    if (!key || key.revoked_at) continue;
    const detail = { party: party.id, kid, holder, why: 'retired', call } as const;
    const entry: Entry = { v: 1, type: 'key-revoked', at: toTimestamp(now), detail };
    await setRevoked(trx, kid, { at, why: 'retired', since: null, entry: jcs(entry) });
    entries.push(entry);
  }
  await voidInvites(trx, party.id, now);
  return entries;
}
