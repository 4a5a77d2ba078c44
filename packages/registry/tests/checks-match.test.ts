import {
  matchSchema,
  peekArtefact,
  sanctionStatementSchema,
  toNumericDate,
  toTimestamp,
  verifyOpening,
  verifySubject,
  type Match,
  type OpOutput,
} from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertEnd } from '../src/records/store.ts';
import {
  ask,
  askNew,
  daysAgo,
  list,
  newElement,
  openCheck,
  resultOf,
  startCheckRegistry,
  subject,
  token,
} from './checks-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

type Result = OpOutput<'checks.match'>;
const matches = (answer: TestAnswer): Match[] => (resultOf(answer) as Result).matches;
const problem = (code: string) => ({ body: { type: `${testOrigin}/problems/${code}` } });
const counts = async () => {
  const [checks, disclosures, told] = await Promise.all([
    registry.db.selectFrom('checks').selectAll().execute(),
    registry.db.selectFrom('disclosures').selectAll().execute(),
    registry.db.selectFrom('matches').selectAll().execute(),
  ]);
  return { checks: checks.length, disclosures: disclosures.length, matches: told.length };
};

describe('a match', () => {
  test('discloses the statement whole, and one subject of it that the asking platform verifies', async () => {
    const { harbour, tubely } = registry.parties;
    const mine = subject('domain');
    const sanction = await list(registry, harbour, { subjects: [subject('email'), mine] });
    const shown = matches(await askNew(registry, tubely, [token(), mine.token!]));
    expect(shown).toHaveLength(1);
    const match = matchSchema.parse(shown[0]);
    expect(match).toMatchObject({
      sanction,
      token: 1,
      version: 1,
      disputed: false,
      corroboration: 'none',
      priorMatch: false,
      leaf: { index: 1, kind: 'domain' },
    });
    const { payload: statement } = peekArtefact(match.statement!, {
      typ: 'recourse-sanction+jwt',
      schema: sanctionStatementSchema,
    });
    expect(() =>
      verifySubject(match.leaf!, { token: mine.token!, root: statement.subjects }),
    ).not.toThrow();
  });

  test('has one id and one entry, however often that check asks', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    await list(registry, harbour, { subjects: [creator] });
    const check = await openCheck(registry, tubely);
    const first = await ask(registry, tubely, { check, tokens: [creator.token!] });
    const before = await counts();
    const second = await ask(registry, tubely, { check, tokens: [creator.token!] });
    expect(matches(second)).toEqual(matches(first));
    expect(await counts()).toEqual(before);
    expect(first.body.changes).toMatchObject({ count: 1 });
    expect(second.body.changes).toBeUndefined();
    const [opening] = first.body.changes.openings;
    expect(() => verifyOpening(opening)).not.toThrow();
    expect(opening).toMatchObject({
      entry: { type: 'sanction-disclosed' },
      party: tubely.id,
      detail: { version: 1, check, match: matches(first)[0]?.match },
    });
  });

  test('is about every token that its check asked, at once or later: a record on any of them is derived', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    await list(registry, harbour, { subjects: [creator] });
    const check = await openCheck(registry, tubely);
    const [before, later] = [token(), token()];
    await ask(registry, tubely, { check, tokens: [before] });
    await ask(registry, tubely, { check, tokens: [creator.token!] });
    await ask(registry, tubely, { check, tokens: [creator.token!, before] });
    await ask(registry, tubely, { check, tokens: [later, creator.token!] });
    const about = await registry.db
      .selectFrom('checked_subjects')
      .select('lookup')
      .where('check_id', '=', check)
      .execute();
    const { vault } = registry.services;
    const asked = [before, creator.token!, later].map((asking) =>
      vault.lookup(asking).toString('hex'),
    );
    expect(about.map(({ lookup }) => Buffer.from(lookup).toString('hex')).sort()).toEqual(
      asked.sort(),
    );
  });

  test('has another id for another check, without a second entry', async () => {
    const { harbour, tubely, market } = registry.parties;
    const creator = subject('domain');
    await list(registry, harbour, { subjects: [creator] });
    const first = await askNew(registry, tubely, [creator.token!]);
    const before = await counts();
    const second = await askNew(registry, tubely, [creator.token!]);
    expect(matches(second)[0]?.match).not.toBe(matches(first)[0]?.match);
    expect(second.body.changes).toBeUndefined();
    expect(await counts()).toEqual({
      checks: before.checks + 1,
      disclosures: before.disclosures,
      matches: before.matches + 1,
    });
    expect((await askNew(registry, market, [creator.token!])).body.changes.count).toBe(1);
  });

  test('told for the first time by many at once has one disclosure and one entry', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    const sanction = await list(registry, harbour, { subjects: [creator] });
    const checks = await Promise.all(Array.from({ length: 20 }, () => openCheck(registry, tubely)));
    const servers = [registry.anotherServer(), registry.anotherServer()];
    const answers = await Promise.all(
      [...checks, ...checks].map(async (check, i) => {
        const compact = await registry.sign(tubely.service, {
          op: 'checks.match',
          in: { check: check as never, tokens: [{ epoch: 1, token: creator.token! }] },
        });
        return registry.send('checks.match', compact, servers[i % 2]);
      }),
    );
    const ids = answers.map((answer) => matches(answer)[0]?.match);
    expect(ids.slice(0, 20)).toEqual(ids.slice(20));
    expect(answers.filter(({ body }) => body.changes !== undefined)).toHaveLength(1);
    const rows = await registry.db
      .selectFrom('matches')
      .select('id')
      .where('sanction', '=', sanction)
      .execute();
    expect(rows.map(({ id }) => id).sort()).toEqual(ids.slice(0, 20).sort());
  });

  test('expires when its subject is too old to match', async () => {
    const { harbour, tubely } = registry.parties;
    const phone = subject('phone');
    await list(registry, harbour, {
      subjects: [phone],
      statement: {
        incident_from: daysAgo(registry, 14),
        incident_to: daysAgo(registry, 10),
        exp: daysAgo(registry, -300),
      },
    });
    const answer = await askNew(registry, tubely, [phone.token!]);
    expect(resultOf(answer)).toMatchObject({ advice: 'verify-identity' });
    const until = await registry.db
      .selectFrom('subjects')
      .select('matches_until')
      .where('lookup', '=', registry.services.vault.lookup(phone.token!))
      .executeTakeFirstOrThrow();
    expect(matches(answer)).toMatchObject([{ expiresAt: toTimestamp(until.matches_until) }]);
  });

  test('corroborates when another group has a live own record, and a derived record does not', async () => {
    const { harbour, tubely, market } = registry.parties;
    const shared = token();
    const input = () => ({ subjects: [subject('domain', { token: shared })] });
    await list(registry, harbour, input());
    await list(registry, market, input());
    const [a, b] = matches(await askNew(registry, tubely, [shared]));
    expect([a?.corroboration, b?.corroboration]).toEqual(['one-other', 'one-other']);
    await list(registry, tubely, input());
    const shown = matches(await askNew(registry, harbour, [shared]));
    expect(shown.map((one) => [one.priorMatch, one.corroboration])).toEqual([
      [false, 'one-other'],
      [true, 'none'],
    ]);
  });
});

describe('what is not disclosed', () => {
  test('own records, held records, ended records', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    const sanction = await list(registry, harbour, { subjects: [creator] });
    expect(matches(await askNew(registry, harbour, [creator.token!]))).toEqual([]);
    const row = registry.ownerDb.updateTable('subjects').where('sanction', '=', sanction);
    const later = new Date(registry.now().getTime() + 60_000);
    await row.set({ review_from: later }).execute();
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toEqual([]);
    await row.set((eb) => ({ review_from: eb.ref('delivered_at') })).execute();
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toHaveLength(1);
    await insertEnd(registry.ownerDb, {
      sanction,
      kind: 'withdrawn',
      cause: 'error',
      at: registry.now(),
      by_party: harbour.id,
      artefact: null,
    });
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toEqual([]);
  });

  test('suspended records, until every cause is lifted', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    const sanction = await list(registry, harbour, { subjects: [creator] });
    const since = registry.now();
    const causes = ['relief', 'evidence-overdue'] as const;
    await registry.db
      .insertInto('suspensions')
      .values(causes.map((cause) => ({ sanction, cause, since, lifted_at: null })))
      .execute();
    for (const cause of causes) {
      expect(matches(await askNew(registry, tubely, [creator.token!]))).toEqual([]);
      await registry.db
        .updateTable('suspensions')
        .set({ lifted_at: since })
        .where('sanction', '=', sanction)
        .where('cause', '=', cause)
        .execute();
    }
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toHaveLength(1);
  });

  test('records whose key was compromised before they were submitted', async () => {
    const { market, tubely } = registry.parties;
    const creator = subject('domain');
    await list(registry, market, { subjects: [creator] });
    const key = registry.ownerDb.updateTable('keys').where('kid', '=', market.trust.kid);
    const revoked = {
      revoked_at: registry.now(),
      revoked_why: 'compromised' as const,
      revocation: '{}',
    };
    await key.set({ ...revoked, compromised_since: registry.now() }).execute();
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toHaveLength(1);
    await key.set({ compromised_since: new Date(registry.now().getTime() - 60_000) }).execute();
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toEqual([]);
    await key
      .set({ revoked_at: null, revoked_why: null, compromised_since: null, revocation: null })
      .execute();
  });

  test('a record that evades one that ended, also through a third', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    const first = await list(registry, harbour, { subjects: [subject('domain')] });
    const second = await list(registry, harbour, { subjects: [subject('domain')] });
    const third = await list(registry, harbour, { subjects: [creator] });
    const days = (n: number) => new Date(registry.now().getTime() + n * 86_400_000);
    const sooner = (id: string) => days(id === second ? 20 : 10);
    for (const [id, evades] of [
      [second, first],
      [third, second],
    ] as const) {
      await registry.ownerDb
        .updateTable('sanctions')
        .set({ evades, reason: 'network.ban-evasion', expires_at: sooner(id) })
        .where('id', '=', id)
        .execute();
    }
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toHaveLength(1);
    await insertEnd(registry.ownerDb, {
      sanction: first,
      kind: 'reversed',
      cause: 'error',
      at: registry.now(),
      by_party: 'panel',
      artefact: null,
    });
    expect(matches(await askNew(registry, tubely, [creator.token!]))).toEqual([]);
  });

  test('a token of another epoch', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    await list(registry, harbour, { subjects: [creator] });
    const answer = await askNew(registry, tubely, [{ epoch: 2, token: creator.token! }]);
    expect(matches(answer)).toEqual([]);
    expect(await askNew(registry, tubely, [{ epoch: 3, token: token() }])).toMatchObject(
      problem('unknown-epoch'),
    );
  });

  test('listed and unlisted answers have one length', async () => {
    const { harbour, tubely } = registry.parties;
    const creator = subject('domain');
    await list(registry, harbour, { subjects: [creator] });
    const check = await openCheck(registry, tubely);
    const sizes = [];
    for (const asked of [creator.token!, creator.token!, token()]) {
      const answer = await ask(registry, tubely, { check, tokens: [asked] });
      sizes.push([matches(answer).length, Buffer.byteLength(answer.raw.body)]);
    }
    expect(sizes).toEqual([
      [1, 4096],
      [1, 4096],
      [0, 4096],
    ]);
  });
});

describe('a check', () => {
  test('of another, one that never was and one an hour old are the same', async () => {
    const { harbour, tubely } = registry.parties;
    const never = `chk_${'0'.repeat(26)}`;
    const others = await openCheck(registry, harbour);
    const old = await openCheck(registry, tubely);
    const earlier = new Date(registry.now().getTime() - 3_600_001);
    await registry.ownerDb
      .updateTable('checks')
      .set({ at: earlier })
      .where('id', '=', old)
      .execute();
    const answers = [];
    for (const check of [never, others, old]) {
      answers.push(await ask(registry, tubely, { check, tokens: [token()] }));
    }
    expect(answers[0]).toMatchObject({ status: 404, ...problem('not-found') });
    expect(new Set(answers.map(({ raw }) => raw.body)).size).toBe(1);
  });

  test('is charged by its elements, also under two epochs', async () => {
    const { service } = registry.parties.tubely;
    const blinded = [newElement(), newElement(), newElement()];
    const answer = await registry.call(service, 'checks.evaluate', {
      purpose: 'monetisation',
      epochs: [1, 2],
      blinded,
    });
    const { check, evaluated } = resultOf(answer) as OpOutput<'checks.evaluate'>;
    expect(evaluated.map(({ elements }) => elements.length)).toEqual([3, 3]);
    const row = await registry.db
      .selectFrom('checks')
      .select('elements')
      .where('id', '=', check)
      .executeTakeFirstOrThrow();
    expect(row.elements).toBe(3);
  });

  test.each([
    ['unknown-epoch', { epochs: [1, 7] }],
    ['invalid-input', { epochs: [1, 1] }],
    ['invalid-input', { blinded: [Buffer.alloc(32, 255).toString('base64url')] }],
    ['control-not-proven', { provenAt: 1_700_000_000 }],
    ['control-not-proven', { provenAt: undefined }],
  ])('is refused as %s when it asks for %o', async (code, over) => {
    const provenAt = toNumericDate(registry.now());
    const asked = { purpose: 'signup' as const, epochs: [1], blinded: [newElement()], provenAt };
    const input = JSON.parse(JSON.stringify({ ...asked, ...over })) as typeof asked;
    const before = await counts();
    const answer = await registry.call(registry.parties.tubely.service, 'checks.evaluate', input);
    expect(answer).toMatchObject({ status: 422, ...problem(code) });
    expect(await counts()).toEqual(before);
  });

  test('stops for a platform that owes acknowledgements', async () => {
    const { market } = registry.parties;
    const check = await openCheck(registry, market);
    const party = registry.ownerDb.updateTable('parties').where('id', '=', market.id);
    await party.set({ checks_stopped: true }).execute();
    const evaluated = await registry.call(market.service, 'checks.evaluate', {
      purpose: 'monetisation',
      epochs: [1],
      blinded: [newElement()],
    });
    expect(evaluated).toMatchObject({ status: 403, ...problem('checks-stopped') });
    const asked = await ask(registry, market, { check, tokens: [token()] });
    expect(asked).toMatchObject({ status: 403, ...problem('checks-stopped') });
    await party.set({ checks_stopped: false }).execute();
    expect((await ask(registry, market, { check, tokens: [token()] })).status).toBe(200);
  });
});
