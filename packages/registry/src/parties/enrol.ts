import {
  algOf,
  inviteKey,
  jcs,
  keyAddedDetail,
  toTimestamp,
  type Entry,
  type PartyId,
} from '@recourse/protocol';
import { assertReached } from '../commit/extent-store.ts';
import { insertPending } from '../commit/store.ts';
import { retrying } from '../kernel/retry.ts';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { conflict } from '../kernel/refusal.ts';
import { recovering } from '../log/ledger-guard.ts';
import { assertAsInvited, inviteInvalid, openProof, type ProvenKey } from './enrolment.ts';
import { appendKey, hasKey, nextPosition } from './key-store.ts';
import { findHolder, insertEnrolment, lockInvite, redeemInvite } from './people-store.ts';
import { reenrolmentBy, retireKeys } from './retire-keys.ts';
import { setEnrolled } from './reenrolment-store.ts';
import { lockParty, updateParty } from './store.ts';

export interface EnrolResult {
  readonly party: PartyId;
  readonly holder: string;
  readonly kid: string;
  /** `active` for the first admin key of a party; any other waits for a statement by an admin key */
  readonly state: 'active' | 'awaiting-admin';
}

interface ArrivingKey extends ProvenKey {
  readonly codeHash: string;
  readonly compact: string;
  readonly now: Date;
}

/**
 * Redeems a one-time invite with the proof of possession of a new key. The sender is nobody yet: its proof
 * is checked before its code, so that a bad proof gets one answer whether or not the code is good.
 *
 * @throws Problem `invalid-input`, `invite-invalid`, `recovering`, or `state-conflict` when the key is known already
 */
export async function enrol(
  at: { services: Services; now: Date },
  input: { code: string; enrolment: string },
): Promise<EnrolResult> {
  const { services, now } = at;
  const { ledger } = services;
  if (!ledger.mayAnswer(op)) throw recovering();
  const codeHash = inviteKey(input.code);
  const proven = await openProof(input.enrolment, {
    audience: services.origin,
    boundTo: codeHash,
  });
  const arriving = { ...proven, codeHash, compact: input.enrolment, now };
  const enrolled = await retrying(() =>
    services.db.transaction().execute(async (trx) => {
      await assertReached(trx, ledger, op);
      return redeemIn(trx, arriving);
    }),
  );
  if (!ledger.mayAnswer(op)) throw recovering();
  return enrolled;
}

const op = 'parties.enrol';

async function redeemIn(trx: Db, arriving: ArrivingKey): Promise<EnrolResult> {
  const { codeHash, enrolment, kid, now } = arriving;
  const invite = await lockInvite(trx, { codeHash, now });
  if (!invite) throw inviteInvalid();
  const { holder, party: id } = invite;
  const party = await lockParty(trx, id);
  if (!party || !(await findHolder(trx, { id: holder, party: id, now }))) throw inviteInvalid();
  assertAsInvited(enrolment, invite);
  const again = await reenrolmentBy(trx, { invite: codeHash, now });
  await redeemInvite(trx, codeHash, now);
  const first = (party.enrolment_kid === null || again !== undefined) && invite.admin;
  const whose = { party: party.id, holder };
  const retired = again ? await retireKeys(trx, party, { call: again.call, now }) : [];
  await (first ? activate(trx, arriving, { ...whose, retired }) : wait(trx, arriving, whose));
  if (again) await setEnrolled(trx, { invite: codeHash, kid, at: now });
  return { ...whose, kid, state: first ? 'active' : 'awaiting-admin' };
}

/**
 * The first admin key is the root of its party's chain: nobody is there to sign for it but itself. So is one that comes
 * after others, all of which were lost.
 */
async function activate(
  trx: Db,
  arriving: ArrivingKey,
  { retired, ...whose }: { party: PartyId; holder: string; retired: readonly Entry[] },
): Promise<void> {
  const { enrolment, kid, now, compact: statement } = arriving;
  const { role, admin, jwk } = enrolment;
  const position = await nextPosition(trx, whose.party);
  const key = { ...whose, kid, role, admin, position, statement };
  const detail = keyAddedDetail(key);
  const added: Entry = { v: 1, type: 'key-added', at: toTimestamp(now), detail };
  const entry = jcs(added);
  if (!(await appendKey(trx, { ...key, alg: algOf(jwk), jwk, activeFrom: now, entry }))) {
    throw conflict('enrolment', 'key-known');
  }
  if (position === 0) await updateParty(trx, whose.party, { enrolmentKid: kid });
  await insertPending(trx, [...retired.map((one) => jcs(one)), entry], now);
}

async function wait(
  trx: Db,
  arriving: ArrivingKey,
  whose: { party: PartyId; holder: string },
): Promise<void> {
  const { enrolment, kid, now, compact } = arriving;
  const { role, admin } = enrolment;
  const row = { ...whose, kid, role, admin, enrolment: compact, enrolled_at: now };
  // Inserted first: a key on its way from `enrolments` to `keys` is then seen in one of the two.
  if (!(await insertEnrolment(trx, row)) || (await hasKey(trx, kid))) {
    throw conflict('enrolment', 'key-known');
  }
}
