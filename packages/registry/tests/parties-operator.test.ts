import { inviteKey, reasonCodes, reasons, toNumericDate } from '@recourse/protocol';
import {
  buildSubmission,
  random32,
  seedPlatform,
  startTestRegistry,
  testId,
  testOrigin,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listParties, partyKeys } from '../src/parties/directory.ts';
import { addKey, enrol, entriesOf, invite, problemOf, refusalOf } from './parties-fixtures.ts';
import {
  byBoth,
  countersigned,
  newRegistration,
  platformId,
  proveDomain,
  register,
} from './parties-operator-fixtures.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const entry = (await_: Promise<{ detail: Record<string, unknown> }[]>) =>
  await_.then((entries) => entries.at(-1)?.detail);
/** H of some signed call */
const call = expect.stringMatching(/^[\w-]{43}$/) as string;
const noPlatform = () => testId('plt', registry.now());
const nextYear = () => toNumericDate(registry.now()) + 365 * 86_400;

describe('a registration', () => {
  const attempt = (change: object) =>
    registry.call(
      registry.parties.operator[0],
      'platforms.register',
      proveDomain(registry, {
        registration: { ...newRegistration(), ...change },
        invite: inviteKey(random32()),
      }),
    );

  test('is public when proposed and when executed, and in the directory', async () => {
    const { party } = await register(registry);
    const listed = (await listParties(registry.db, registry.now())).find(
      (row) => row.party === party,
    )!;
    const proposed = await entry(entriesOf(registry, 'party-proposed'));
    expect(proposed).toEqual({ registration: listed.registration, call });
    const registered = await entry(entriesOf(registry, 'party-registered'));
    const dates = { objectionsUntil: expect.any(String), probationUntil: expect.any(String) };
    expect(registered).toEqual({ party, registration: listed.registration, call, ...dates });
    expect(listed).toMatchObject({
      kind: 'platform',
      enabledReasons: [],
      submissionsSuspended: false,
    });
    expect(await partyKeys(registry.db, party)).toBeUndefined();
  });

  test('of a body that a state owns or directs is not representable', async () => {
    for (const stateOwned of [true, undefined, 'false', null]) {
      expect(refusalOf(await attempt({ stateOwned }))).toMatch(/^invalid-input\//);
    }
  });

  test.each([
    ['an owner of ten per cent', { owners: [{ name: 'A', percent: 10 }] }],
    ['a policy that is not https', { policies: ['http://a.example/p'] }],
    ['no policy', { policies: [] }],
    ['no contact for complaints', { contacts: { dataProtection: 'dpo@a.example' } }],
    ['an unknown legal basis', { legalBasis: 'consent' }],
    ['a member that is not known', { trusted: true }],
    ['the group of the operator', { group: 'operator' }],
    ['the group of the panel', { group: 'panel' }],
  ])('with %s is refused', async (_, change) => {
    expect(refusalOf(await attempt(change))).toMatch(/^invalid-input\//);
  });

  test('of a domain that is registered is refused', async () => {
    const { domain } = newRegistration();
    const registration = { ...newRegistration(), domain };
    const input = { registration, invite: inviteKey(random32()) };
    const first = await byBoth(registry, 'platforms.register', proveDomain(registry, input));
    expect(first.body.result.state).toBe('executed');
    expect(refusalOf(await attempt({ domain }))).toBe('state-conflict/registered');
  });
});

describe('policies', () => {
  const policies = (list: string[], by = registry.parties.harbour.admin) =>
    registry.call(by, 'parties.setPolicies', { policies: list });
  const current = 'https://harbour.example/policy';

  test('are appended, and never changed or removed: statements name them by index', async () => {
    const next = [current, 'https://harbour.example/policy-2'];
    expect((await policies(next)).body.result.policies).toEqual(next);
    for (const list of [[current], next.toReversed(), ['https://harbour.example/other', ...next]]) {
      expect(refusalOf(await policies(list))).toBe('state-conflict/append-only');
    }
    const { registration } = (await entry(entriesOf(registry, 'party-registered')))!;
    expect((registration as { policies: string[] }).policies).toEqual(next);
  });

  test('that are already published are no new entry', async () => {
    const { registration } = (await listParties(registry.db, registry.now())).find(
      ({ party }) => party === registry.parties.harbour.id,
    )!;
    const before = (await entriesOf(registry, 'party-registered')).length;
    expect(refusalOf(await policies(registration!.policies))).toBe('200');
    expect(await entriesOf(registry, 'party-registered')).toHaveLength(before);
  });
});

describe('a suspension', () => {
  test('stops submissions or checks, is public, and is lifted by two', async () => {
    const { market } = registry.parties;
    const party = platformId(market);
    const flags = async () =>
      (await listParties(registry.db, registry.now())).find((row) => row.party === market.id)!;
    await byBoth(registry, 'platforms.suspend', { party, what: 'checks', why: 'terms' });
    expect(await flags()).toMatchObject({ checksStopped: true, submissionsSuspended: false });
    await byBoth(registry, 'platforms.suspend', {
      party,
      what: 'submissions',
      why: 'terms',
    });
    expect(await flags()).toMatchObject({ checksStopped: true, submissionsSuspended: true });
    expect(await entry(entriesOf(registry, 'party-suspended'))).toEqual({
      party,
      what: 'submissions',
      why: 'terms',
      call,
    });
    const submission = await buildSubmission({
      signedBy: market.trust,
      audience: testOrigin,
      now: registry.now(),
    });
    const refused = await registry.call(market.trust, 'sanctions.submit', submission);
    expect(refusalOf(refused)).toBe('party-suspended');
    await byBoth(registry, 'platforms.restore', { party });
    expect(await flags()).toMatchObject({ checksStopped: false, submissionsSuspended: false });
    expect(await entry(entriesOf(registry, 'party-restored'))).toEqual({ party: market.id, call });
  });

  test('for its errors is no act of operators: reviewers judge those', async () => {
    const party = platformId(registry.parties.tubely);
    const suspension = { party, what: 'submissions', why: 'error-rate' } as unknown as {
      party: typeof party;
      what: 'submissions';
      why: 'terms';
    };
    expect(refusalOf(await byBoth(registry, 'platforms.suspend', suspension))).toBe(
      'invalid-input/not-allowed',
    );
  });

  test('of nobody, and a restoration of somebody who is not suspended, are refused', async () => {
    const suspension = { what: 'both', why: 'terms' } as const;
    const none = await byBoth(registry, 'platforms.suspend', {
      party: noPlatform(),
      ...suspension,
    });
    expect(refusalOf(none)).toBe('not-found');
    const party = platformId(registry.parties.tubely);
    const restored = await byBoth(registry, 'platforms.restore', { party });
    expect(refusalOf(restored)).toBe('state-conflict/not-suspended');
  });
});

describe('reasons that name a criminal offence', () => {
  const offence = reasonCodes.find((code) => reasons[code].namesCriminalOffence)!;
  const other = reasonCodes.find((code) => !reasons[code].namesCriminalOffence)!;

  test('are enabled by two, in the public log', async () => {
    const party = platformId(registry.parties.tubely);
    await byBoth(registry, 'taxonomy.enable', { party, reasons: [offence] });
    const listed = (await listParties(registry.db, registry.now())).find(
      (row) => row.party === party,
    )!;
    expect(listed.enabledReasons).toContain(offence);
    expect(await entry(entriesOf(registry, 'taxonomy'))).toMatchObject({
      party,
      enabled: listed.enabledReasons,
    });
  });

  test('are not enabled for a platform without a legal basis', async () => {
    const seed = { db: registry.ownerDb, audience: testOrigin, now: registry.now() };
    const { id } = await seedPlatform(seed, 'Lawless', { legalBasis: 'none' });
    const input = { party: platformId({ id }), reasons: [offence] };
    const refused = await byBoth(registry, 'taxonomy.enable', input);
    expect(refusalOf(refused)).toBe('reason-not-accepted/no-legal-basis');
  });

  test('are the only ones that are enabled', async () => {
    const input = {
      party: platformId(registry.parties.tubely),
      reasons: [offence, other],
    };
    expect(refusalOf(await byBoth(registry, 'taxonomy.enable', input))).toBe(
      'invalid-input/needs-no-enabling',
    );
  });
});

describe('a reviewer', () => {
  const inviteOf = (change: object = {}) => {
    const code = random32();
    const terms = { affiliations: [], languages: ['en'], optOut: [], termUntil: nextYear() };
    const input = { invite: inviteKey(code), ...terms, ...change };
    return { code, input };
  };

  test('is invited by two, with a public term and affiliations, and added by the panel', async () => {
    const party = platformId(registry.parties.harbour);
    const until = nextYear();
    const { code, input } = inviteOf({ affiliations: [{ party, until }] });
    const executed = await byBoth(registry, 'panel.invite', await countersigned(registry, input));
    expect(executed.body.result).toMatchObject({ state: 'executed', party: 'panel' });
    const enrolled = await enrol(registry, { code, role: 'reviewer', admin: false });
    expect(enrolled).toMatchObject({ party: 'panel', state: 'awaiting-admin' });
    const added = (await entry(entriesOf(registry, 'reviewer-added')))!;
    expect(added).toMatchObject({ holder: enrolled.holder, affiliations: [{ party }] });
    const rows = await registry.db
      .selectFrom('affiliations')
      .selectAll()
      .where('holder', '=', enrolled.holder)
      .execute();
    expect(rows).toMatchObject([{ party, until: new Date(until * 1000) }]);
  });

  test.each([
    ['whose term has passed', () => ({ termUntil: 1 }), 'invalid-input/in-the-past'],
    [
      'affiliated twice with one',
      () => {
        const party = registry.parties.harbour.id;
        return { affiliations: [{ party }, { party }] };
      },
      'invalid-input/twice',
    ],
    ['affiliated with nobody', () => ({ affiliations: [{ party: noPlatform() }] }), 'not-found'],
  ])('%s is refused', async (_, change, refused) => {
    const answer = await byBoth(registry, 'panel.invite', inviteOf(change()).input);
    expect(refusalOf(answer)).toBe(refused);
  });

  test('who is removed has no key any more, and cannot come back by a waiting enrolment', async () => {
    const [chair, carrier, member] = registry.parties.panel;
    const holder = member.holder as `hld_${string}`;
    const second = await addKey(registry, chair, { role: 'reviewer', holder, carrier });
    const third = await invite(registry, chair, { role: 'reviewer', holder });
    await enrol(registry, third);
    const fourth = await invite(registry, chair, { role: 'reviewer', holder });
    await byBoth(registry, 'panel.remove', { holder });
    expect(await entriesOf(registry, 'reviewer-removed')).toMatchObject([{ detail: { holder } }]);
    const revoked = (await entriesOf(registry, 'key-revoked')).map(({ detail }) => detail['kid']);
    expect(new Set(revoked)).toEqual(new Set([member.kid, second.kid]));
    for (const key of [member, second]) {
      expect(refusalOf(await registry.call(key, 'calls.changes', { jti: random32() }))).toBe(
        'key-inactive',
      );
    }
    const { waiting } = (await registry.call(chair, 'keys.list', {})).body.result;
    expect(JSON.stringify(waiting)).not.toContain(holder);
    expect(await problemOf(enrol(registry, fourth))).toBe('invite-invalid');
    const again = { invite: random32(), role: 'reviewer', admin: false, holder } as const;
    expect(refusalOf(await registry.call(chair, 'people.invite', again))).toBe('not-found');
    expect(refusalOf(await byBoth(registry, 'panel.remove', { holder }))).toBe('not-found');
  });

  test('is invited as an admin while the panel has none, and is the root of its chain', async () => {
    const empty = await startTestRegistry();
    await empty.ownerDb.deleteFrom('keys').where('party', '=', 'panel').execute();
    await empty.ownerDb
      .updateTable('parties')
      .set({ enrolment_kid: null })
      .where('id', '=', 'panel')
      .execute();
    const { code, input } = inviteOf();
    await byBoth(empty, 'panel.invite', input);
    expect(await enrol(empty, { code, role: 'reviewer', admin: true })).toMatchObject({
      party: 'panel',
      state: 'active',
    });
    await empty.close();
  });

  test('who is the last admin of the panel, or is none of its, cannot be removed', async () => {
    const [chair, other] = registry.parties.panel;
    await byBoth(registry, 'panel.remove', { holder: other.holder as `hld_${string}` });
    const last = await byBoth(registry, 'panel.remove', {
      holder: chair.holder as `hld_${string}`,
    });
    expect(refusalOf(last)).toBe('state-conflict/last-admin');
    const outsider = registry.parties.harbour.trust.holder as `hld_${string}`;
    expect(refusalOf(await byBoth(registry, 'panel.remove', { holder: outsider }))).toBe(
      'not-found',
    );
  });
});

test('the operator sees counts and nothing else', async () => {
  const { counts } = (await registry.call(registry.parties.operator[1], 'registry.stats', {})).body
    .result;
  expect(counts).toMatchObject({ sanctions: 0, checks: 0 });
  expect(counts.parties).toBeGreaterThanOrEqual(5);
  expect(Object.values(counts).every((count) => Number.isInteger(count))).toBe(true);
  const refused = await registry.call(registry.parties.harbour.admin, 'registry.stats', {});
  expect(refusalOf(refused)).toBe('role-not-allowed');
});
