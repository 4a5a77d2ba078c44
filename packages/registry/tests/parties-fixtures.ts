import {
  generateKey,
  inviteKey,
  Problem,
  signCompact,
  signerFromJwk,
  toNumericDate,
  type Enrolment,
  type KeyStatement,
  type PartyId,
  type PrivateJwk,
  type Role,
} from '@recourse/protocol';
import {
  addedKey,
  insertHolder,
  insertKey,
  random32,
  testOrigin,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { publicApi } from '../src/api.ts';
import type { EnrolResult } from '../src/parties/enrol.ts';

/** A key pair before anybody knows it. */
export async function freshKey() {
  const privateJwk = await generateKey();
  return { privateJwk, signer: await signerFromJwk(privateJwk) };
}
export type FreshKey = Awaited<ReturnType<typeof freshKey>>;

export const enrolmentBy = (
  registry: TestRegistry,
  key: FreshKey,
  claims: Partial<Enrolment> & Pick<Enrolment, 'invite' | 'role' | 'admin'>,
): Promise<string> =>
  signCompact(key.signer, 'recourse-enrol+jwt', {
    aud: testOrigin,
    use: 'sig',
    jwk: key.signer.publicJwk,
    iat: toNumericDate(registry.now()),
    ...claims,
  });

/** The statement of an admin key about a new key. */
export const statementBy = (
  registry: TestRegistry,
  by: Pick<TestKey, 'signer' | 'party'>,
  claims: Partial<KeyStatement> & Pick<KeyStatement, 'holder' | 'role' | 'admin' | 'jwk'>,
): Promise<string> =>
  signCompact(by.signer, 'recourse-key+jwt', {
    aud: testOrigin,
    party: by.party,
    use: 'sig',
    iat: toNumericDate(registry.now()),
    ...claims,
  });

export interface Invitation {
  readonly code: string;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
}

export async function invite(
  registry: TestRegistry,
  by: TestKey,
  person: { role: Role; admin?: boolean; holder?: string },
): Promise<Invitation> {
  const code = random32();
  const { role, admin = false, holder } = person;
  const answer = await registry.call(by, 'people.invite', {
    invite: inviteKey(code),
    role,
    admin,
    ...(holder === undefined ? {} : { holder: holder as `hld_${string}` }),
  });
  if (answer.status !== 200) throw new Error(`people.invite: ${JSON.stringify(answer.body)}`);
  return { code, role, admin, holder: answer.body.result.holder };
}

export function enrolRaw(
  registry: TestRegistry,
  input: { code: string; enrolment: string },
): Promise<EnrolResult> {
  const context = { services: registry.services, now: registry.now() };
  return publicApi.createCaller(context).parties.enrol(input);
}

/** Redeems an invite as it was made, with a new key or the given one. */
export async function enrol(
  registry: TestRegistry,
  invited: Pick<Invitation, 'code' | 'role' | 'admin'>,
  key?: FreshKey,
): Promise<EnrolResult & { key: FreshKey }> {
  const used = key ?? (await freshKey());
  const { code, role, admin } = invited;
  const enrolment = await enrolmentBy(registry, used, { invite: inviteKey(code), role, admin });
  return { ...(await enrolRaw(registry, { code, enrolment })), key: used };
}

/** A key added the long way: invited, enrolled, stated by an admin. */
export async function addKey(
  registry: TestRegistry,
  by: TestKey,
  person: { role: Role; admin?: boolean; holder?: string; carrier?: TestKey },
): Promise<TestKey> {
  const invited = await invite(registry, by, person);
  const { key, holder, kid } = await enrol(registry, invited);
  const { role, admin } = invited;
  const statement = await statementBy(registry, by, {
    holder,
    role,
    admin,
    jwk: key.signer.publicJwk,
  });
  const answer = await registry.call(person.carrier ?? by, 'keys.add', { statement });
  if (answer.status !== 200) throw new Error(`keys.add: ${JSON.stringify(answer.body)}`);
  return { ...testKey({ party: by.party, holder, role, admin }, key), kid, statement };
}

const testKey = (
  person: { party: PartyId; holder: string; role: Role; admin: boolean },
  key: { privateJwk: PrivateJwk; signer: FreshKey['signer'] },
): TestKey => ({ ...person, ...key, kid: key.signer.kid, statement: '' });

/** Code of the problem that a call to a public procedure was refused with, or `none`. */
export async function problemOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'none';
  } catch (error) {
    const cause = error instanceof Error && 'cause' in error ? error.cause : error;
    if (cause instanceof Problem) return cause.code;
    throw error;
  }
}

/** `problem code` or `problem code/issue` of an answer; its status when it is none. */
export function refusalOf(answer: { status: number; body: Record<string, unknown> }): string {
  if (answer.status === 200) return '200';
  const { type, issues } = answer.body as { type: string; issues?: { code: string }[] };
  const code = type.slice(type.lastIndexOf('/') + 1);
  return issues?.[0] ? `${code}/${issues[0].code}` : code;
}

/** Entries of one type that wait for the sequencer, in order. */
export async function entriesOf(registry: TestRegistry, type: string) {
  const rows = await registry.pendingEntries();
  return rows
    .map((entry) => JSON.parse(entry) as { type: string; detail: Record<string, unknown> })
    .filter((entry) => entry.type === type);
}

/**
 * Starts acts while a lock is held that stops each at one place, so that all are under way before any
 * commits; then lets go.
 */
export async function whileLocked<T extends readonly unknown[]>(
  registry: TestRegistry,
  lock: string,
  start: () => { [K in keyof T]: Promise<T[K]> } | Promise<{ [K in keyof T]: Promise<T[K]> }>,
): Promise<T> {
  const started = await registry.ownerDb.transaction().execute(async (trx) => {
    await sql.raw(lock).execute(trx);
    const acts = await start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { acts };
  });
  return Promise.all(started.acts) as Promise<unknown> as Promise<T>;
}

/** Stops every call when all it has left to do is to be audited. */
export const beforeAudit = 'lock table ledger_pending in exclusive mode';

/** A support key of a platform, as it may exist: it is no admin key. */
export async function addSupport(registry: TestRegistry, platform: TestPlatform): Promise<TestKey> {
  const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
  const key = {
    ...seed,
    party: platform.id,
    role: 'support',
    admin: false,
    by: platform.admin,
  } as const;
  const support = await addedKey(key);
  await insertHolder(seed, support);
  await insertKey(seed, support, 40);
  return support;
}
