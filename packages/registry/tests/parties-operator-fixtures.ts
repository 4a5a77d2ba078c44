import {
  inviteKey,
  reasonCodes,
  registrationRecord,
  registrationRecordName,
  signCompact,
  toNumericDate,
  type Id,
  type OpInput,
  type OpName,
  type PartyId,
  type Registration,
} from '@recourse/protocol';
import {
  random32,
  registrationOf,
  testOrigin,
  type TestAnswer,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import { addKey, enrol } from './parties-fixtures.ts';

/** The same call by both operator holders: the answer of the second. */
export async function byBoth<N extends OpName>(
  registry: TestRegistry,
  op: N,
  input: OpInput<N>,
): Promise<TestAnswer> {
  const [first, second] = registry.parties.operator;
  await registry.call(first, op, input);
  return registry.call(second, op, input);
}

/** Publishes what proves the domain of a registration. */
export function proveDomain<T extends OpInput<'platforms.register'>>(
  registry: TestRegistry,
  input: T,
): T {
  const { domain } = input.registration;
  registry.proofs.txt.set(registrationRecordName(domain), [registrationRecord(input.invite)]);
  return input;
}

/** A code that a registered platform made, published under its domain by its hash. */
export async function askedByDomain(
  registry: TestRegistry,
  party: string,
): Promise<{ code: string; invite: string }> {
  const code = random32();
  const invite = inviteKey(code);
  const { registration } = await registry.db
    .selectFrom('parties')
    .select('registration')
    .where('id', '=', party)
    .executeTakeFirstOrThrow();
  const name = registrationRecordName(registration!.domain);
  registry.proofs.txt.set(name, [registrationRecord(invite)]);
  return { code, invite };
}

/** A reviewer's seat with the signatures of two who sit. */
export async function countersigned(
  registry: TestRegistry,
  terms: Pick<Seat, 'invite' | 'affiliations' | 'termUntil'> & Partial<Seat>,
  by: readonly TestKey[] = registry.parties.panel.slice(0, 2),
): Promise<Seat> {
  const { countersignatures: _, ...seat } = { languages: ['en'], optOut: [], ...terms };
  const iat = toNumericDate(registry.now());
  const countersignatures = await Promise.all(
    by.map(({ signer }) =>
      signCompact(signer, 'recourse-countersignature+jwt', {
        iss: 'panel',
        aud: testOrigin,
        ...seat,
        iat,
      }),
    ),
  );
  return { ...seat, countersignatures };
}

type Seat = OpInput<'panel.invite'>;

export const newRegistration = () => registrationOf(`Site${randomBytes(6).toString('hex')}`);

/** A registered platform, and the code of its first admin. */
export async function register(registry: TestRegistry): Promise<{ party: PartyId; code: string }> {
  const code = random32();
  const registration = newRegistration();
  const input = proveDomain(registry, { registration, invite: inviteKey(code) });
  const answer = await byBoth(registry, 'platforms.register', input);
  if (answer.status !== 200) throw new Error(`platforms.register: ${JSON.stringify(answer.body)}`);
  return { party: answer.body.result.party, code };
}

/** The id of a seeded platform as operator acts take it. */
export function platformId({ id }: { id: PartyId }): Id<'plt'> {
  if (id === 'panel' || id === 'operator') throw new TypeError('no platform');
  return id;
}

/** A platform that was registered as real ones are, with keys: its objection window begins now. */
export async function newPlatform(
  registry: TestRegistry,
  change: Partial<Registration> = {},
): Promise<TestPlatform> {
  const code = random32();
  const registration = { ...newRegistration(), ...change };
  const input = proveDomain(registry, { registration, invite: inviteKey(code) });
  const { party } = (await byBoth(registry, 'platforms.register', input)).body.result;
  const { key, holder, kid } = await enrol(registry, { code, role: 'trust', admin: true });
  const admin = { ...key, party, holder, kid, role: 'trust', admin: true, statement: '' } as const;
  const [service, trust, trust2] = [
    await addKey(registry, admin, { role: 'service' }),
    await addKey(registry, admin, { role: 'trust' }),
    await addKey(registry, admin, { role: 'trust' }),
  ];
  await registry.ownerDb
    .updateTable('parties')
    .set({ enabled_reasons: [...reasonCodes] })
    .where('id', '=', party)
    .execute();
  return { id: party, name: registration.name, admin, service, trust, trust2 };
}
