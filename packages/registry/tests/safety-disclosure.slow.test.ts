import {
  accountCommitment,
  reasonCodes,
  signCompact,
  subjectCommitments,
  subjectsRoot,
  toNumericDate,
  type Id,
} from '@recourse/protocol';
import { random32, testOrigin, type TestAnswer, type TestPlatform } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listParties, partyKeys } from '../src/parties/directory.ts';
import { ask, list, openCheck, resultOf, startCheckRegistry, subject } from './checks-fixture.ts';
import { contents, outcome, payloadOf, rawCall, sendRaw } from './safety-harness.ts';
import { build, notify, sqlState, submit, withdraw } from './sanctions-harness.ts';

let registry: Awaited<ReturnType<typeof startCheckRegistry>>;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

/** A text with everything that base64url in it decodes to, twice over: nothing hides in a JWS. */
function revealed(text: string, depth = 2): string {
  if (depth === 0) return text;
  const runs = text.match(/[A-Za-z0-9_-]{16,}/g) ?? [];
  const inner = runs.map((run) =>
    revealed(Buffer.from(run, 'base64url').toString('latin1'), depth - 1),
  );
  return [text, ...inner].join('\n');
}

const everythingOf = ({ raw }: TestAnswer): string => revealed(`${raw.body}\n${raw.receipt ?? ''}`);

describe('free text of a submitter reaches nobody else', () => {
  const marked = () => {
    const [mine, second] = [subject('domain'), subject('domain')];
    const account = { text: 'Marker-account: she is a liar, call 555.', salt: random32() };
    const secrets = {
      accountText: account.text,
      accountSalt: account.salt,
      caseKey: random32(),
      ref: Buffer.from('Marker-reference').toString('base64url'),
      idem: `Marker-idem ${random32()}`,
      callJti: random32(),
      noticeIdem: `Marker-notice ${random32()}`,
      noticeJti: random32(),
      withdrawJti: random32(),
      matchedToken: mine.token!,
      otherToken: second.token!,
      otherSalt: random32(),
      padding: random32(),
    };
    return { mine, second: { ...second, salt: secrets.otherSalt }, account, secrets };
  };

  /** From submission to withdrawal, with a marker in every member that the submitter fills. */
  async function wholeFlow() {
    const { harbour, tubely, market, operator, panel } = registry.parties;
    const { mine, second, account, secrets } = marked();
    const input = await build(registry, { subjects: [mine, second] });
    const claims = payloadOf(input.statement);
    const padding = [...input.padding];
    padding[0] = secrets.padding;
    const statement = await signCompact(harbour.trust.signer, 'recourse-sanction+jwt', {
      ...claims,
      subjects: subjectsRoot(subjectCommitments(input.tokens, padding)),
      account: accountCommitment(account),
    });
    const { caseKey, ref } = secrets;
    const submission = { ...input, statement, padding, account, caseKey, ref };
    const submitted = await sendRaw(registry, harbour.service, {
      op: 'sanctions.submit',
      in: submission,
      idem: secrets.idem,
      jti: secrets.callJti,
    });
    const { sanction } = resultOf(submitted) as { sanction: Id<'snc'> };
    const sentAt = toNumericDate(registry.now());
    const notice = { sanction, channel: 'letter', language: 'en', sentAt };
    resultOf(
      await sendRaw(registry, harbour.trust, {
        op: 'sanctions.stateNotice',
        in: notice,
        idem: secrets.noticeIdem,
        jti: secrets.noticeJti,
      }),
    );
    await registry.deliver(sanction);
    const seen: TestAnswer[] = [];
    const see = async (answer: Promise<TestAnswer>) => {
      seen.push(await answer);
      return seen.at(-1)!;
    };
    const check = await openCheck(registry, tubely);
    const jti = random32();
    const question = { check, tokens: [{ epoch: 1, token: mine.token! }] };
    const matched = await see(
      sendRaw(registry, tubely.service, { op: 'checks.match', in: question, jti }),
    );
    expect(matched.body.result.matches).toHaveLength(1);
    await withdraw(registry, sanction);
    for (const by of [tubely, market] as TestPlatform[]) {
      await see(registry.call(by.trust, 'sanctions.status', { sanction }));
      await see(registry.call(by.trust, 'sanctions.get', { sanction }));
      await see(registry.call(by.trust, 'sanctions.list', {}));
      await see(registry.call(by.service, 'checks.owed', {}));
      for (const id of [jti, secrets.callJti, secrets.noticeJti]) {
        await see(registry.call(by.service, 'calls.changes', { jti: id }));
      }
      await see(registry.call(by.admin, 'keys.list', {}));
      await see(registry.call(by.service, 'ledger.openings', {}));
    }
    await see(registry.call(operator[0], 'registry.stats', {}));
    for (const key of [operator[0], panel[0]]) {
      await see(registry.call(key, 'keys.list', {}));
      await see(registry.call(key, 'calls.changes', { jti: secrets.callJti }));
    }
    return { secrets, seen, sanction, statement };
  }

  test('in no answer, directory, key chain, ledger entry or receipt, decoded or not', async () => {
    const { secrets, seen, statement } = await wholeFlow();
    const directory = JSON.stringify(await listParties(registry.db, registry.now()));
    const chain = JSON.stringify(await partyKeys(registry.db, registry.parties.harbour.id));
    const entries = (await registry.pendingEntries()).join('\n');
    const all = [
      ...seen.map(everythingOf),
      ...[directory, chain, entries].map((text) => revealed(text)),
    ].join('\n');
    // The search finds what is there: the statement, whole.
    expect(all).toContain(statement);
    const found = Object.entries(secrets).filter(([, value]) => all.includes(value));
    expect(found.map(([name]) => name)).toEqual([]);
  });

  test('and what is about the creator is nowhere in the database in clear', async () => {
    const { secrets, statement } = await wholeFlow();
    const all = Object.entries(await contents(registry));
    const text = all.map(([, rows]) => rows.join('\n')).join('\n');
    const hex = (value: string) => Buffer.from(value).toString('hex');
    expect(text).toContain(statement);
    const { accountText, accountSalt, matchedToken, otherToken, otherSalt } = secrets;
    for (const value of [accountText, accountSalt, matchedToken, otherToken, otherSalt]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(hex(value));
      expect(text).not.toContain(Buffer.from(value, 'base64url').toString('hex'));
    }
  });
});

test('who was told is nothing for the submitter, in the answer, its openings and its list', async () => {
  const { harbour, tubely } = registry.parties;
  const creator = subject('domain');
  const id = await list(registry, harbour, { subjects: [creator] });
  await ask(registry, tubely, {
    check: await openCheck(registry, tubely),
    tokens: [creator.token!],
  });
  const claims = { iss: harbour.id, aud: testOrigin, sub: id, cause: 'error' };
  const iat = toNumericDate(registry.now());
  const withdrawal = await signCompact(harbour.trust.signer, 'recourse-withdrawal+jwt', {
    ...claims,
    iat,
  });
  const jti = random32();
  const call = { op: 'sanctions.withdraw', in: { withdrawal }, jti };
  const ended = await sendRaw(registry, harbour.trust, call);
  expect(ended.body.result.recalls).toBe(1);
  const rest = await Promise.all([
    registry.call(harbour.trust, 'calls.changes', { jti }),
    registry.call(harbour.trust, 'sanctions.get', { sanction: id as Id<'snc'> }),
    registry.call(harbour.trust, 'sanctions.list', {}),
    registry.call(harbour.trust, 'ledger.openings', {}),
  ]);
  // The end, opened, and the recall, bare. A warning of the submitter, which says nothing of a record, may follow.
  expect(
    rest[0].body.result.changes.slice(0, 2).map((change: object) => Object.keys(change).length > 1),
  ).toEqual([false, true]);
  for (const answer of [ended, ...rest]) expect(everythingOf(answer)).not.toContain(tubely.id);
});

describe('a policy is an address, and no text', () => {
  test.each([
    'https://harbour.example/ Jane Doe is a liar',
    'https://harb\nour.example/x',
    'https://harbour.example/\0',
    'https://harbour.example/<script>',
    'https://harbour.example/"onload=',
    'https://harbour.example/‮lia',
    `https://harbour.example/${'x'.repeat(500)}`,
    'http://harbour.example/policy',
    'javascript:alert(1)',
    'https:///policy',
    'https://user@harbour.example/policy',
  ])('%j is none', async (policy) => {
    const { harbour } = registry.parties;
    const policies = ['https://harbour.example/policy', policy];
    const answer = await sendRaw(registry, harbour.admin, {
      op: 'parties.setPolicies',
      in: { policies },
    });
    expect(answer.body.issues?.[0]?.path).toBe('policies.1');
    expect(answer.status).toBe(422);
  });
});

describe('a reason outside the list is recorded by no route', () => {
  test.each([
    'other',
    'speech.hate',
    'FRAUD.PHISHING',
    'fraud.phishing ',
    'fraud.phishing\0',
    '__proto__',
    '',
  ])('%j', async (reason) => {
    const { harbour } = registry.parties;
    const before = (await contents(registry))['sanctions'];
    for (const op of ['sanctions.submit', 'sanctions.draft']) {
      const input = await build(registry, { statement: { reason: reason as never } });
      const answer = await sendRaw(registry, harbour.service, { op, in: input });
      expect([answer.status, answer.body.issues[0].path]).toEqual([422, 'statement.reason']);
    }
    const input = { party: harbour.id, reasons: [reason] };
    const enabled = await sendRaw(registry, registry.parties.operator[0], {
      op: 'taxonomy.enable',
      in: input,
    });
    expect(enabled.status).toBe(422);
    expect((await contents(registry))['sanctions']).toEqual(before);
  });

  test('nor by SQL, as the service role, as a new record or on one that is there', async () => {
    const { id } = await submit(registry);
    await notify(registry, id);
    const insert = sql`insert into sanctions select (jsonb_populate_record(s, jsonb_build_object(
      'statement', 'copied', 'proof', null, 'reason', 'speech.hate', 'id', 'snc_' || repeat('z', 26)))).* from sanctions s where id = ${id}`;
    expect(await sqlState(insert.execute(registry.db))).toBe('23514');
    const update = sql`update sanctions set reason = 'fraud.scam' where id = ${id}`;
    expect(await sqlState(update.execute(registry.db))).toBe('42501');
    expect(reasonCodes).toHaveLength(19);
  });
});

describe('no oracle: a record that does not answer reads like none', () => {
  const scam = {
    reason: 'fraud.scam' as const,
    evidence: [{ class: 'victim-report' as const, count: 2, commitment: random32() }],
  };
  const owner = () => registry.ownerDb.updateTable('sanctions');
  const past = (seconds = 60) => new Date(registry.now().getTime() - seconds * 1000);

  /** A record in each condition in which no check is answered; what it is asked by. */
  async function silentRecords() {
    const { harbour, tubely, market } = registry.parties;
    const make = async (by = harbour, statement = {}) => {
      const creator = subject('domain');
      return {
        token: creator.token!,
        id: await list(registry, by, { subjects: [creator], statement }),
      };
    };
    const held = subject('domain');
    await submit(registry, { subjects: [held] });
    const suspended = await make();
    await registry.ownerDb
      .insertInto('suspensions')
      .values({
        sanction: suspended.id,
        cause: 'relief',
        since: past(),
        lifted_at: null,
      })
      .execute();
    const expired = await make();
    await owner().set({ expires_at: past() }).where('id', '=', expired.id).execute();
    const ended = await make();
    await withdraw(registry, ended.id);
    const draft = subject('domain');
    await registry.call(
      harbour.service,
      'sanctions.draft',
      await build(registry, { subjects: [draft] }),
    );
    const elsewhere = await make(harbour, scam);
    // Its hold is over: nothing but the purpose keeps it from answering.
    const at = past();
    await owner()
      .set({ notified_at: past(15 * 86_400), others_from: at, visible_from: at })
      .where('id', '=', elsewhere.id)
      .execute();
    const epoch = await make();
    return {
      unlisted: { by: tubely, token: random32() },
      held: { by: tubely, token: held.token! },
      suspended: { by: tubely, token: suspended.token },
      expired: { by: tubely, token: expired.token },
      ended: { by: tubely, token: ended.token },
      draft: { by: tubely, token: draft.token! },
      'own record': { by: harbour, token: (await make()).token },
      'not asked at this purpose': {
        by: market,
        token: elsewhere.token,
        purpose: 'safety-review',
      },
      'of another epoch': { by: tubely, token: epoch.token, epoch: 2 },
    } as Record<
      string,
      { by: TestPlatform; token: string; purpose?: 'safety-review'; epoch?: number }
    >;
  }

  test('same status, same length, same members, same values, same trace in the ledger', async () => {
    const shapes: [string, unknown][] = [];
    for (const [name, { by, token, purpose, epoch = 1 }] of Object.entries(await silentRecords())) {
      const check = await openCheck(registry, by, purpose);
      const before = await contents(registry);
      const answer = await ask(registry, by, { check, tokens: [{ epoch, token }] });
      const after = await contents(registry);
      const { validUntil: _, pad, ...rest } = answer.body.result;
      const written = Object.keys(after).filter(
        (table) => after[table]!.length > before[table]!.length,
      );
      const { status, body, receipt, ...headers } = answer.raw as unknown as Record<string, string>;
      const lengths = [body!.length, pad.length, receipt!.length];
      shapes.push([
        name,
        { status, rest, written, lengths, headers, changes: answer.body.changes },
      ]);
    }
    for (const [name, shape] of shapes) expect([name, shape]).toEqual([name, shapes[0]![1]]);
    expect(shapes[0]![1]).toMatchObject({ written: ['audit_groups', 'ledger_pending'] });
  });

  /**
   * What a clock tells. 400 answers of each kind, interleaved, so that load falls on all alike. The measure is
   * the probability that an answer about a silent record takes longer than one about nobody (Mann-Whitney's
   * U / mn, 0.5 when time tells nothing, standard error 0.02 at this size). Its size on a quiet machine is in
   * docs/safety.md; here it fails only where one look at a clock would tell, whatever else the machine does.
   */
  test('and takes as long, as far as 400 looks at a clock can tell', async () => {
    const { tubely } = registry.parties;
    const { unlisted, held, suspended, expired, ended } = await silentRecords();
    const kinds = { unlisted, held, suspended, expired, ended };
    const check = await openCheck(registry, tubely);
    const nobody = random32();
    const times: Record<string, number[]> = {};
    for (let i = 0; i < 420; i++) {
      for (const [name, of] of Object.entries(kinds)) {
        const token = name === 'unlisted' ? nobody : of!.token;
        const input = { check, tokens: [{ epoch: 1, token }] };
        const compact = await rawCall(registry, tubely.service, { op: 'checks.match', in: input });
        const start = performance.now();
        const answer = await registry.send('checks.match', compact);
        const took = performance.now() - start;
        if (answer.status !== 200) throw new Error(outcome(answer));
        if (i >= 20) (times[name] ??= []).push(took);
      }
    }
    const apart = Object.fromEntries(
      Object.entries(times).map(([name, list]) => [name, superiority(list, times['unlisted']!)]),
    );
    for (const [name, value] of Object.entries(apart)) {
      expect([name, Math.abs(value - 0.5) < 0.25]).toEqual([name, true]);
    }
  }, 240_000);
});

/** P(a > b) + P(a = b) / 2, by ranks. */
function superiority(a: readonly number[], b: readonly number[]): number {
  let wins = 0;
  for (const x of a) for (const y of b) wins += x > y ? 1 : x === y ? 0.5 : 0;
  return wins / (a.length * b.length);
}
