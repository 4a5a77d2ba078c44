import { z } from 'zod';
import { openArtefact, peekArtefact } from './artefact.ts';
import { detailOf, entrySchema, type EntryDetail } from './entries/index.ts';
import { ProtocolError } from './errors.ts';
import { assertStrongKey, publicJwkSchema, thumbprint, type PublicJwk } from './jwk.ts';
import type { Verifier } from './jws.ts';
import { holderSchema, keyFits, partyIdSchema, roleSchema, type Role } from './roles.ts';
import { b64u32, numericDate, timestamp } from './schemas.ts';

/** `recourse-key+jwt`: an admin key of a party says whose a new key is (protocol, section 5). */
export const keyStatementSchema = z.strictObject({
  aud: z.string(),
  party: partyIdSchema,
  holder: holderSchema,
  role: roleSchema,
  admin: z.boolean(),
  use: z.literal('sig'),
  jwk: publicJwkSchema,
  iat: numericDate,
});
export type KeyStatement = z.infer<typeof keyStatementSchema>;

/** `recourse-enrol+jwt`: proof of possession of a new key, signed by that key itself. */
export const enrolmentSchema = z.strictObject({
  ...keyStatementSchema.omit({ party: true, holder: true }).shape,
  /** H of the one-time invite code, so that the proof serves one invite only */
  invite: b64u32,
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** `recourse-registry-key+jwt`: the pinned log key announces a key of the registry with its one use. */
export const registryKeyUses = ['log', 'receipt', 'set', 'token', 'event'] as const;
export const registryKeySchema = z.strictObject({
  aud: z.string(),
  use: z.enum(registryKeyUses),
  jwk: publicJwkSchema,
  iat: numericDate,
});
export type RegistryKey = z.infer<typeof registryKeySchema>;

/** One key of `/parties/<id>/keys`, with its entries in the ledger. */
export const keyLinkSchema = z.strictObject({
  kid: b64u32,
  /** `recourse-enrol+jwt` for the enrolment key, `recourse-key+jwt` for every other */
  statement: z.string(),
  addedAt: timestamp,
  /** The `key-added` that the ledger has of it */
  entry: entrySchema,
  revoked: z
    .strictObject({
      at: timestamp,
      why: z.enum(['retired', 'compromised']),
      since: timestamp.optional(),
      /** The latest `key-revoked` of it */
      entry: entrySchema,
    })
    .optional(),
});
/** One key as published at `/parties/<id>/keys`. */
export type KeyLink = z.infer<typeof keyLinkSchema>;

/** A platform that lost its admin key waits so long for a new first one; any key that it has stops that. */
export const reenrolDays = 7;

/** A first key that came after others, with the entry that announced it to everybody. */
export const reenrolmentSchema = z.strictObject({
  kid: b64u32,
  holder: holderSchema,
  announced: entrySchema,
});
export type Reenrolment = z.infer<typeof reenrolmentSchema>;

/** The document `/parties/<id>/keys`. Verify it with `verifyKeyChain` before use. */
export const partyKeysSchema = z.strictObject({
  party: partyIdSchema,
  /** RFC 7638 thumbprint of the enrolment key, the root of the chain */
  enrolmentKid: b64u32,
  enrolmentHolder: holderSchema,
  keys: z.array(keyLinkSchema),
  /** One for each time that the platform lost its admin key and enrolled again */
  reenrolments: z.array(reenrolmentSchema).optional(),
});
export type PartyKeys = z.infer<typeof partyKeysSchema>;

type Revocation = Omit<NonNullable<KeyLink['revoked']>, 'entry'>;

/** The keys of a party, as a chain of signatures. It does not say whether the ledger has the keys. */
export interface KeyChain extends Omit<PartyKeys, 'keys'> {
  readonly keys: readonly (Pick<KeyLink, 'kid' | 'statement' | 'addedAt'> & {
    readonly revoked?: Revocation | undefined;
  })[];
}
type ChainLink = KeyChain['keys'][number];

/** A key that leads back to the enrolment key of its party. */
export interface ChainedKey {
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  /** The admin key that signed for it; none of an enrolment key */
  readonly signer?: string;
  readonly revoked?: Revocation;
}

/** The public detail of `key-added`: everything that verifies a key back to its party's enrolment key. */
export const keyAddedDetail = (key: EntryDetail<'key-added'>): EntryDetail<'key-added'> => {
  const { party, kid, holder, role, admin, position, statement } = key;
  return { party, kid, holder, role, admin, position, statement };
};

/** Opens an enrolment with the key that it carries: its sender holds the private half. */
export async function openEnrolment(
  compact: string,
  expected: { audience: string; verify?: Verifier | undefined },
): Promise<Enrolment> {
  const { payload } = peekArtefact(compact, { typ: 'recourse-enrol+jwt', schema: enrolmentSchema });
  assertStrongKey(payload.jwk);
  await openArtefact(compact, {
    typ: 'recourse-enrol+jwt',
    schema: enrolmentSchema,
    jwk: payload.jwk,
    verify: expected.verify,
  });
  if (payload.aud !== expected.audience) {
    throw new ProtocolError('audience-mismatch', 'another registry');
  }
  return payload;
}

/**
 * Verifies a party's keys back to its enrolment key. The list is the registry's word: a key that the operator planted
 * has no signature of an admin key of the party, so the whole list is refused.
 * @throws ProtocolError `chain-broken`, and the errors of {@link openArtefact}
 */
export async function verifyKeyChain(
  published: KeyChain,
  expected: { audience: string; party: string; enrolmentKid?: string; verify?: Verifier },
): Promise<Map<string, ChainedKey>> {
  if (published.party !== expected.party) throw broken('another party');
  if (expected.enrolmentKid !== undefined && expected.enrolmentKid !== published.enrolmentKid) {
    throw broken('not the enrolment key that was pinned');
  }
  const chain = new Map<string, ChainedKey>();
  for (const link of published.keys) {
    const key = await readKey({ published, chain }, link, expected);
    if (key.kid !== link.kid || chain.has(key.kid)) throw broken('kid');
    if (!keyFits(expected.party, key)) throw broken('role');
    chain.set(key.kid, { ...key, ...(link.revoked ? { revoked: link.revoked } : {}) });
  }
  if (!chain.has(published.enrolmentKid)) throw broken('no enrolment key');
  return chain;
}

function readKey(
  { published, chain }: { published: KeyChain; chain: ReadonlyMap<string, ChainedKey> },
  link: ChainLink,
  expected: { audience: string; party: string; verify?: Verifier },
): Promise<ChainedKey> {
  if (chain.size === 0) return readRoot(published, link, expected);
  const again = published.reenrolments?.find(({ kid }) => kid === link.kid);
  return again ? readNewRoot({ again, chain }, link, expected) : readLink(chain, link, expected);
}

/**
 * A new first key signs for itself, as the first one did. What keeps the operator from planting one is that everybody read
 * of it before: the announcement, which is shown to be in the ledger, names its invite and when; and no other key is left.
 */
async function readNewRoot(
  { again, chain }: { again: Reenrolment; chain: ReadonlyMap<string, ChainedKey> },
  link: ChainLink,
  expected: { audience: string; party: string; verify?: Verifier },
): Promise<ChainedKey> {
  const payload = await openEnrolment(link.statement, expected);
  const kid = thumbprint(payload.jwk);
  if (kid !== link.kid || !payload.admin) throw broken('new enrolment key');
  assertAnnounced(again.announced, { ...expected, holder: again.holder, invite: payload.invite });
  if (!isInTime(again.announced, link.addedAt)) throw broken('sooner than announced');
  if ([...chain.values()].some(({ revoked }) => revoked === undefined)) {
    throw broken('keys of before are live');
  }
  return { ...payload, kid, holder: again.holder };
}

function assertAnnounced(
  entry: Reenrolment['announced'],
  { party, holder, invite }: { party: string; holder: string; invite: string },
): void {
  const data = detailOf('party-reenrol-announced', entry);
  const isSame = data?.party === party && data.holder === holder && data.invite === invite;
  if (!isSame) throw broken('new enrolment key that was not announced');
}

/** Whether a first key of then kept the time that an announcement gives everybody. */
export function isInTime(announced: Reenrolment['announced'], addedAt: string): boolean {
  const data = detailOf('party-reenrol-announced', announced);
  if (!data) return false;
  // Entries tell whole seconds; the instant itself may be later in that second.
  const soonest = Date.parse(announced.at) + reenrolDays * 86_400_000;
  const effective = Math.floor(Date.parse(data.effectiveAt) / 1000) * 1000;
  return effective >= soonest && Date.parse(addedAt) >= effective;
}

async function readRoot(
  published: KeyChain,
  link: ChainLink,
  expected: { audience: string; verify?: Verifier },
): Promise<ChainedKey> {
  const payload = await openEnrolment(link.statement, expected);
  const kid = thumbprint(payload.jwk);
  if (kid !== published.enrolmentKid || !payload.admin) throw broken('enrolment key');
  return { ...payload, kid, holder: published.enrolmentHolder };
}

async function readLink(
  chain: ReadonlyMap<string, ChainedKey>,
  link: ChainLink,
  expected: { audience: string; party: string; verify?: Verifier },
): Promise<ChainedKey> {
  const peeked = peekArtefact(link.statement, {
    typ: 'recourse-key+jwt',
    schema: keyStatementSchema,
  });
  const admin = chain.get(peeked.jws.kid);
  if (!admin?.admin) throw broken('not signed by an admin key of the party');
  // A key that is revoked makes no keys: whoever stole it would otherwise outlive its revocation.
  if (admin.revoked && Date.parse(link.addedAt) > Date.parse(admin.revoked.at)) {
    throw broken('signed by a revoked key');
  }
  const { payload } = await openArtefact(link.statement, {
    typ: 'recourse-key+jwt',
    schema: keyStatementSchema,
    jwk: admin.jwk,
    verify: expected.verify,
  });
  if (payload.aud !== expected.audience || payload.party !== expected.party) throw broken('party');
  assertStrongKey(payload.jwk);
  return { ...payload, kid: thumbprint(payload.jwk), signer: admin.kid };
}

const broken = (why: string): ProtocolError => new ProtocolError('chain-broken', why);
