import {
  maxSealingKeys,
  sealingKeyStatementSchema,
  thumbprint,
  type JournalJwe,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import { conflict, found, invalid } from '../kernel/refusal.ts';
import { openOwnArtefact } from '../parties/opening.ts';
import { lockParty } from '../parties/store.ts';
import { standingOf } from '../records/record.ts';
import { findSanction, shareSanction } from '../records/store.ts';
import { placeOf } from '../vault/vault.ts';
import { assertEncryption, assertOnCurve } from './evidence.rules.ts';
import { putJournal, putSealingKey, sealedJournal, sealingKeysOf } from './journal-store.ts';

/** Publishes what journals are sealed to for the holder of the calling key. A new one takes the place of the old. */
export async function addSealingKey(
  ctx: CallContext,
  { statement }: OpInput<'journals.addKey'>,
): Promise<OpOutput<'journals.addKey'>> {
  const { db, caller } = ctx;
  const { kid, party } = caller;
  const artefact = {
    compact: statement,
    member: 'statement',
    typ: 'recourse-sealing-key+jwt',
  } as const;
  const { iss, key } = await openOwnArtefact(ctx, artefact, sealingKeyStatementSchema);
  if (iss !== party) throw invalid('statement.iss', 'not-the-caller');
  assertOnCurve(key, 'statement.key');
  // Two holders at once would both be the last for whom there is room.
  await lockParty(db, party);
  const others = (await sealingKeysOf(db, party)).filter((one) => one.kid !== kid);
  if (others.length >= maxSealingKeys) throw conflict('statement', 'too-many-keys');
  const sealingKid = thumbprint(key);
  const isOwn = await putSealingKey(db, { kid, party, sealing_kid: sealingKid, statement });
  if (!isOwn) throw invalid('statement.key', 'not-fresh');
  return { kid: sealingKid };
}

export async function listSealingKeys({
  db,
  caller,
}: CallContext): Promise<OpOutput<'journals.keys'>> {
  const keys = await sealingKeysOf(db, caller.party);
  return { statements: keys.map(({ statement }) => statement) };
}

/** Keeps a journal of an own record that has not ended: what was erased of one that has would come back. */
export async function putSealedJournal(
  ctx: CallContext,
  { sanction, jwe }: OpInput<'journals.put'>,
): Promise<OpOutput<'journals.put'>> {
  const { db, now, caller, services } = ctx;
  assertEncryption(jwe);
  const row = found(await shareSanction(db, sanction), ({ party }) => party === caller.party);
  if (standingOf(row, now).ended) throw conflict('sanction', 'ended');
  await assertSealedToColleagues(ctx, jwe);
  await putJournal(db, { sanction, caseKey: services.vault.keyOf(row), jwe });
  return { sanction };
}

/** Somebody whose key was revoked meanwhile is sealed to no more. */
async function assertSealedToColleagues(
  { db, caller }: CallContext,
  { recipients }: JournalJwe,
): Promise<void> {
  const known = new Set((await sealingKeysOf(db, caller.party)).map((key) => key.sealing_kid));
  const kids = recipients.map(({ header }) => header.kid);
  const isToKnown = new Set(kids).size === kids.length && kids.every((kid) => known.has(kid));
  if (!isToKnown) throw conflict('jwe.recipients', 'keys-changed');
}

export async function getSealedJournal(
  { db, caller, services }: CallContext,
  { sanction }: OpInput<'journals.get'>,
): Promise<OpOutput<'journals.get'>> {
  const row = found(await findSanction(db, sanction), ({ party }) => party === caller.party);
  const sealed = await sealedJournal(db, sanction);
  if (!sealed) return { sanction };
  const place = placeOf('journals.sealed', { sanction });
  return { sanction, jwe: services.vault.keyOf(row).openJson(sealed, place) as JournalJwe };
}
