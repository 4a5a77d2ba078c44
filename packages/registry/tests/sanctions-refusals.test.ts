import { toNumericDate, type Submission } from '@recourse/protocol';
import {
  random32,
  seedPlatform,
  startTestRegistry,
  testOrigin,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  build,
  count,
  day,
  disclose,
  notify,
  problem,
  submit,
  withdraw,
} from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

type Options = Parameters<typeof build>[1];
const send = async (
  options: Options,
  op: 'sanctions.submit' | 'sanctions.draft' = 'sanctions.submit',
) => sendInput(await build(registry, options), op);
const sendInput = (
  input: Submission,
  op: 'sanctions.submit' | 'sanctions.draft' = 'sanctions.submit',
) => registry.call(registry.parties.harbour.service, op, input);

const seconds = () => toNumericDate(registry.now());

describe('refused at submission, by API, leaving no record', () => {
  const rows: [rule: string, code: string[], options: () => Options][] = [
    [
      'a reason outside the list',
      ['invalid-input', 'not-allowed'],
      () => ({ statement: { reason: 'speech.rumour' as never } }),
    ],
    [
      'origin by an authority',
      ['authority-origin-not-accepted', 'authority'],
      () => ({ statement: { origin: 'authority-request' } }),
    ],
    [
      'a flagger that is a public body',
      ['authority-origin-not-accepted', 'authority'],
      () => ({ statement: { origin: { 'trusted-flagger': 'tf-0002' } } }),
    ],
    [
      'no attestation against authority',
      ['authority-origin-not-accepted', 'not-attested'],
      () => ({ statement: { attest: ['no-takeover'] } }),
    ],
    [
      'a decision by a machine',
      ['invalid-input', 'not-decided-by-a-human'],
      () => ({ statement: { decided_by: 'machine' } }),
    ],
    [
      'proof below the floor',
      ['proof-too-weak', 'below-floor'],
      () => ({ statement: { evidence: [{ class: 'victim-report', commitment: random32() }] } }),
    ],
    [
      'control proven outside the incident',
      ['control-not-proven', 'outside-the-incident'],
      () => ({ subjects: [{ provenAt: seconds() - 200 * day }] }),
    ],
    [
      'takeover that was not looked for',
      ['control-not-proven', 'takeover-not-looked-for'],
      () => ({ statement: { attest: ['no-authority'] } }),
    ],
    [
      'too long a life',
      ['retention-too-long', 'beyond-longest-life'],
      () => ({ statement: { exp: seconds() + 360 * day } }),
    ],
    [
      'decided more than 90 d ago',
      ['invalid-input', 'decided-too-long-ago'],
      () => ({
        statement: {
          decided_at: seconds() - 91 * day,
          incident_from: seconds() - 100 * day,
          incident_to: seconds() - 92 * day,
        },
      }),
    ],
    [
      'an incident more than 24 mo ago',
      ['invalid-input', 'incident-too-long-ago'],
      () => ({
        statement: { incident_from: seconds() - 740 * day, incident_to: seconds() - 735 * day },
      }),
    ],
    [
      'a statement for another registry',
      ['invalid-input', 'another-registry'],
      () => ({ statement: { aud: 'https://other.test' } }),
    ],
    [
      'a statement of another party',
      ['invalid-input', 'not-the-caller'],
      () => ({ statement: { iss: registry.parties.tubely.id as never } }),
    ],
    [
      'subjects other than those signed',
      ['invalid-input', 'commitment-mismatch'],
      () => ({ statement: { subjects: random32() } }),
    ],
    [
      'an epoch that is not live',
      ['unknown-epoch', 'not-of-records'],
      () => ({ subjects: [{ epoch: 9 }] }),
    ],
    [
      'a minor under a code not for minors',
      ['reason-not-accepted', 'minor'],
      () => ({ statement: { age: 'minor' } }),
    ],
    [
      'ban evasion of nothing',
      ['invalid-input', 'required'],
      () => ({
        statement: {
          reason: 'network.ban-evasion',
          evidence: [{ class: 'link-analysis', commitment: random32() }],
        },
      }),
    ],
  ];

  test.each(rows)('%s', async (_, code, options) => {
    const before = [
      await count(registry, 'sanctions'),
      await count(registry, 'submitter_subjects'),
    ];
    expect(problem(await send(options()))).toEqual(code);
    expect([
      await count(registry, 'sanctions'),
      await count(registry, 'submitter_subjects'),
    ]).toEqual(before);
  });

  test('an account other than the one signed', async () => {
    const input = await build(registry);
    const account = { ...input.account, text: 'Something else.' };
    expect(problem(await sendInput({ ...input, account }))).toEqual([
      'invalid-input',
      'commitment-mismatch',
    ]);
  });

  test('a second record on the same incident, from anyone of the platform', async () => {
    const token = random32();
    await submit(registry, { subjects: [{ token }] });
    const again = { subjects: [{}, { token }], signedBy: registry.parties.harbour.trust2 };
    expect(problem(await send(again))).toEqual(['already-decided', 'same-incident']);
    expect(problem(await send(again, 'sanctions.draft'))).toEqual([
      'already-decided',
      'same-incident',
    ]);
  });

  test('another platform may record the same person', async () => {
    const token = random32();
    await submit(registry, { subjects: [{ token }] });
    const { tubely } = registry.parties;
    const input = await build(registry, { subjects: [{ token }], signedBy: tubely.trust });
    expect((await registry.call(tubely.service, 'sanctions.submit', input)).status).toBe(200);
  });

  test('a record filed again after its withdrawal, until the incident is later', async () => {
    const token = random32();
    const first = await submit(registry, { subjects: [{ token }] });
    expect((await withdraw(registry, first.id)).status).toBe(200);
    expect(problem(await send({ subjects: [{ token }] }))).toEqual([
      'already-decided',
      'before-that-end',
    ]);
    registry.advance(30 * day);
    await submit(registry, { subjects: [{ token }] });
  });

  test('an id or a case code that is taken', async () => {
    const { id, input } = await submit(registry);
    expect(problem(await send({ statement: { jti: id as never } }))).toEqual([
      'state-conflict',
      'taken',
    ]);
    expect(problem(await send({ submission: { caseKey: input.caseKey } }))).toEqual([
      'state-conflict',
      'taken',
    ]);
  });

  test('a criminal offence that was not enabled, or has no legal basis', async () => {
    const { market } = registry.parties;
    const input = await build(registry, { signedBy: market.trust });
    await sql`update parties set enabled_reasons = '{}' where id = ${market.id}`.execute(
      registry.db,
    );
    expect(problem(await registry.call(market.service, 'sanctions.submit', input))).toEqual([
      'reason-not-accepted',
      'not-enabled',
    ]);
    const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
    const bare = await seedPlatform(seed, 'Bare', { legalBasis: 'none' });
    const other = await build(registry, { signedBy: bare.trust });
    expect(problem(await registry.call(bare.service, 'sanctions.submit', other))).toEqual([
      'reason-not-accepted',
      'no-legal-basis',
    ]);
  });

  test('a check-only party, and a suspended submitter, whose recourse stays open', async () => {
    const seed = { db: registry.db, audience: testOrigin, now: registry.now() };
    const asker = await seedPlatform(seed, 'Asker', { checkOnly: true });
    const theirs = await build(registry, { signedBy: asker.trust });
    expect(problem(await registry.call(asker.service, 'sanctions.submit', theirs))).toEqual([
      'role-not-allowed',
    ]);

    const { id } = await submit(registry);
    const { harbour } = registry.parties;
    await sql`update parties set submissions_suspended = true where id = ${harbour.id}`.execute(
      registry.db,
    );
    expect(problem(await send({}))).toEqual(['party-suspended']);
    expect((await notify(registry, id)).status).toBe(200);
    expect((await withdraw(registry, id)).status).toBe(200);
    await sql`update parties set submissions_suspended = false where id = ${harbour.id}`.execute(
      registry.db,
    );
  });

  test('an empty bucket, until a second trust holder confirms', async () => {
    const { harbour } = registry.parties;
    const set = (n: number | null) =>
      sql`update parties set submissions_per_day = ${n} where id = ${harbour.id}`.execute(
        registry.ownerDb,
      );
    registry.advance(2 * day);
    await set(1);
    await submit(registry);
    expect(problem(await send({}))).toEqual(['quota-exceeded', 'second-holder-required']);
    const draft = await send({}, 'sanctions.draft');
    const sanctions = [draft.body.result.sanction];
    expect((await registry.call(harbour.trust2, 'sanctions.confirm', { sanctions })).status).toBe(
      200,
    );
    registry.advance(day + 3600);
    await submit(registry);
    await set(null);
  });

  test('ban evasion lives while its own evaded sanction is live, and falls with it', async () => {
    const { tubely } = registry.parties;
    const evasion = (evades: string, exp?: number) => ({
      statement: {
        reason: 'network.ban-evasion' as const,
        evidence: [{ class: 'link-analysis' as const, commitment: random32() }],
        decided_at: seconds(),
        incident_from: seconds() - 60,
        incident_to: seconds() - 30,
        ...(exp === undefined ? {} : { exp }),
      },
      subjects: [{ provenAt: seconds() - 30 }],
      submission: { evades: evades as `snc_${string}` },
    });
    const banned = await submit(registry);
    expect(problem(await send(evasion(banned.id)))).toEqual(['invalid-input', 'not-live']);
    await notify(registry, banned.id);
    registry.advance(60);
    expect(problem(await send(evasion(banned.id, seconds() + 300 * day)))).toEqual([
      'retention-too-long',
      'beyond-longest-life',
    ]);
    const evader = await submit(registry, evasion(banned.id, seconds() + 200 * day));
    await notify(registry, evader.id);
    registry.advance(73 * 3600);
    await disclose(registry, { sanction: evader.id, to: tubely });

    const foreign = {
      ...(await build(registry, { ...evasion(banned.id), signedBy: tubely.trust })),
    };
    expect(problem(await registry.call(tubely.service, 'sanctions.submit', foreign))).toEqual([
      'invalid-input',
      'not-live',
    ]);

    expect((await withdraw(registry, banned.id)).status).toBe(200);
    const after = await registry.call(registry.parties.harbour.service, 'sanctions.get', {
      sanction: evader.id as never,
    });
    expect(after.body.result).toMatchObject({
      state: 'withdrawn',
      cause: 'evaded-ended',
      version: 2,
    });
    const recalls = await registry.db
      .selectFrom('recalls')
      .selectAll()
      .where('sanction', '=', evader.id)
      .execute();
    expect(recalls).toMatchObject([{ party: tubely.id, version: 2, kind: 'undo' }]);
  });
});
