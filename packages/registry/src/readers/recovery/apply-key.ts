import {
  algOf,
  jcs,
  keyFits,
  openEnrolment,
  Problem,
  ProtocolError,
  thumbprint,
  type EntryDetail,
  type PublicJwk,
} from '@recourse/protocol';
import { nodeVerifier } from '../../kernel/node-crypto.ts';
import { openKeyStatement, signerOf } from '../../parties/key-statement.ts';
import {
  appendKey,
  hasKey,
  latestActiveFrom,
  lockKey,
  nextPosition,
  setRevoked,
  shareAdminKey,
} from '../../parties/key-store.ts';
import {
  insertHolder,
  isHolderOf,
  takeEnrolment,
  voidInvitesOf,
} from '../../parties/people-store.ts';
import {
  openReenrolmentOf,
  setEnrolled,
  type ReenrolmentRow,
} from '../../parties/reenrolment-store.ts';
import { lockParty, updateParty, type PartyRow } from '../../parties/store.ts';
import { instantOf, type Apply, type ApplyContext } from './applying.ts';

type KeyAddition = EntryDetail<'key-added'>;

/** A key is added again by the same proof as the first time: its statement, by a live admin key of its party. */
export const addLoggedKey: Apply<'key-added'> = async (key, entry, applying) => {
  const at = instantOf(entry);
  const { db, counts } = applying;
  // What was announced then may have lapsed by now.
  const then = { ...applying, now: at };
  if (await hasKey(db, key.kid)) return;
  const party = await lockParty(db, key.party);
  const jwk = party && (await jwkOf(then, party, key));
  if (!jwk || !(await hasHolder(applying, key))) {
    counts.keysLeft++;
    return;
  }
  const { kid, holder } = key;
  await takeEnrolment(db, kid);
  // What was redeemed is not to be redeemed again.
  await voidInvitesOf(db, holder, at);
  const position = await nextPosition(db, party.id);
  const said = { alg: algOf(jwk), jwk, activeFrom: at, position, entry: jcs(entry) };
  await appendKey(db, { ...key, ...said });
  if (party.enrolment_kid === null) await updateParty(db, party.id, { enrolmentKid: kid });
  else await takeReenrolment(then, key);
  counts.keysAdded++;
};

/** It came by an announcement, and the waiting time was kept. */
async function takeReenrolment(applying: ApplyContext, key: KeyAddition): Promise<void> {
  const again = await announcedFor(applying, key);
  if (again)
    await setEnrolled(applying.db, { invite: again.invite, kid: key.kid, at: applying.now });
}

/** The key that the statement is about, if the statement holds and says what the entry says. */
async function jwkOf(
  applying: ApplyContext,
  party: PartyRow,
  key: KeyAddition,
): Promise<PublicJwk | undefined> {
  try {
    const stated = await statedOf(applying, party, key);
    const { jwk, role, admin, holder = key.holder } = stated ?? {};
    const isSame = role === key.role && admin === key.admin && holder === key.holder;
    return jwk && isSame && thumbprint(jwk) === key.kid ? jwk : undefined;
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof Problem) return undefined;
    throw error;
  }
}

/**
 * Returns a key as it was stated: by an admin key; or by itself, where it is the first of its party, or was announced
 * to come after others.
 */
async function statedOf(
  applying: ApplyContext,
  party: PartyRow,
  key: KeyAddition,
): Promise<KeyTerms | undefined> {
  if (party.enrolment_kid === null) return rootOf(applying, key);
  const again = await announcedFor(applying, key);
  return again ? rootOf(applying, key) : linkOf(applying, key);
}

async function announcedFor(
  { db, now }: ApplyContext,
  { party, holder }: KeyAddition,
): Promise<ReenrolmentRow | undefined> {
  const open = await openReenrolmentOf(db, { party, now });
  return open?.holder === holder ? open : undefined;
}

interface KeyTerms {
  readonly jwk: PublicJwk;
  readonly role: string;
  readonly admin: boolean;
  readonly holder?: string;
}

/** The root of a chain signs for itself. */
async function rootOf({ services }: ApplyContext, key: KeyAddition): Promise<KeyTerms | undefined> {
  const { origin: audience } = services;
  const root = await openEnrolment(key.statement, { audience, verify: nodeVerifier });
  return root.admin && keyFits(key.party, root) ? root : undefined;
}

async function linkOf(
  { db, services }: ApplyContext,
  key: KeyAddition,
): Promise<KeyTerms | undefined> {
  const { party, statement } = key;
  const admin = await shareAdminKey(db, { kid: signerOf(statement), party });
  if (!admin) return undefined;
  return openKeyStatement(statement, { audience: services.origin, party, signer: admin.jwk });
}

/** A reviewer has a term and affiliations: one whom no entry added is nobody. */
async function hasHolder(
  { db }: ApplyContext,
  { holder: id, party }: KeyAddition,
): Promise<boolean> {
  if (party !== 'panel') await insertHolder(db, { id, party });
  return isHolderOf(db, { id, party });
}

/** Revoked stays revoked. The sanctions that a stolen key signed are suspended by entries of their own. */
export const revokeLoggedKey: Apply<'key-revoked'> = async (detail, entry, { db, counts }) => {
  const at = instantOf(entry);
  const { party, kid, why, since } = detail;
  await lockParty(db, party);
  const key = await lockKey(db, { kid, party });
  const isDone = key?.revoked_at && (why === 'retired' || key.revoked_why === 'compromised');
  if (!key || isDone) return;
  const latest = await latestActiveFrom(db, party);
  await setRevoked(db, kid, {
    // Not before any key that it signed: the chain would not verify.
    at: key.revoked_at ?? (latest > at ? latest : at),
    why,
    since: since === undefined ? null : new Date(since),
    entry: jcs(entry),
  });
  counts.keysRevoked++;
};
