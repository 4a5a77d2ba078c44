import { encodeVerifierKey } from '@recourse/ledger';
import { inviteKey, ops, signCompact, toNumericDate, type OpName } from '@recourse/protocol';
import {
  random32,
  registrationOf,
  testId,
  testOrigin,
  type TestAnswer,
  type TestKey,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ask,
  list,
  newElement,
  openCheck,
  resultOf,
  startCheckRegistry,
  subject,
} from './checks-fixture.ts';
import { newWitness } from './ledger-fixture.ts';
import { addSupport, freshKey, statementBy } from './parties-fixtures.ts';
import { appealInputs } from './safety-appeal-inputs.ts';
import { journalInputs } from './safety-journal-inputs.ts';
import { membershipInputs } from './safety-membership-inputs.ts';
import { panelInputs } from './safety-panel-inputs.ts';
import { prefixInputs } from './safety-prefix-inputs.ts';
import { contents, payloadOf, sendRaw, signText } from './safety-harness.ts';
import { build, submit } from './sanctions-harness.ts';

type Input = Record<string, unknown>;

let registry: Awaited<ReturnType<typeof startCheckRegistry>>;
let valid: Record<OpName, { key: TestKey; in: Input }>;
let theirs: Record<'sanction' | 'draft' | 'check' | 'match' | 'holder' | 'kid', string>;
beforeAll(async () => {
  registry = await startCheckRegistry();
  theirs = await recordsOfOthers();
  valid = await validInputs();
});
afterAll(() => registry.close());

/** Ids that exist and are Harbour's, or were told to Market: Tubely attacks. */
async function recordsOfOthers() {
  const { harbour, market } = registry.parties;
  const creator = subject('domain');
  const sanction = await list(registry, harbour, { subjects: [creator] });
  const check = await openCheck(registry, market);
  const asked = await ask(registry, market, { check, tokens: [creator.token!] });
  const { matches } = resultOf(asked) as { matches: { match: string }[] };
  const drafted = await registry.call(harbour.service, 'sanctions.draft', await build(registry));
  const draft = drafted.body.result.sanction as string;
  const { holder, kid } = harbour.trust;
  return { sanction, check, draft, match: matches[0]!.match, holder, kid };
}

/** An input of every operation that its schema accepts, by a key that may carry it. */
async function validInputs(): Promise<typeof valid> {
  const { tubely, operator, harbour } = registry.parties;
  const now = toNumericDate(registry.now());
  const submission = {
    ...(await build(registry, { signedBy: tubely.trust })),
    ref: 'A'.repeat(16),
  };
  const claims = {
    iss: tubely.id,
    aud: testOrigin,
    sub: theirs.sanction,
    cause: 'error',
    iat: now,
  };
  const key = await freshKey();
  const jwk = key.signer.publicJwk;
  const { service, trust, admin } = tubely;
  const [op] = operator;
  const invite = inviteKey(random32());
  const nobody = testId('plt', registry.now());
  return {
    'checks.evaluate': {
      key: service,
      in: { purpose: 'signup', epochs: [1], blinded: [newElement()], provenAt: now },
    },
    'checks.match': {
      key: service,
      in: { check: theirs.check, tokens: [{ epoch: 1, token: random32() }] },
    },
    'checks.report': {
      key: trust,
      in: {
        outcomes: [{ match: theirs.match, outcome: 'refused', reviewedAt: now, noticeSentAt: now }],
      },
    },
    'matches.ask': { key: trust, in: { match: theirs.match, asks: 'still-stands' } },
    'matches.answer': {
      key: trust,
      in: { question: testId('qst', registry.now()), answer: 'yes' },
    },
    'matches.questions': {
      key: service,
      in: { cursor: testId('qst', registry.now()), limit: 1, open: true },
    },
    'checks.owed': { key: service, in: { cursor: `1-${testId('mat', registry.now())}`, limit: 1 } },
    'sanctions.submit': { key: service, in: { ...submission, evades: theirs.sanction } },
    'sanctions.draft': { key: service, in: submission },
    'sanctions.confirm': { key: trust, in: { sanctions: [theirs.draft] } },
    'sanctions.returnDraft': { key: trust, in: { sanction: theirs.draft, reason: 'Mend it.' } },
    'sanctions.notify': {
      key: trust,
      in: {
        sanction: theirs.sanction,
        language: 'en',
        addresses: ['somebody@mail.example'],
      },
    },
    'sanctions.stateNotice': {
      key: trust,
      in: { sanction: theirs.sanction, channel: 'letter', language: 'en', sentAt: now },
    },
    'sanctions.bounced': { key: op, in: { message: 'A'.repeat(22), recipient: 'a@mail.example' } },
    'sanctions.withdraw': {
      key: trust,
      in: { withdrawal: await signCompact(trust.signer, 'recourse-withdrawal+jwt', claims) },
    },
    'sanctions.confirmEcho': {
      key: trust,
      in: {
        confirmations: [
          await signCompact(trust.signer, 'recourse-echo+jwt', {
            iss: tubely.id,
            aud: testOrigin,
            sub: theirs.sanction,
            iat: now,
            evidence: [
              {
                class: 'captured-artefact',
                commitment: random32(),
                collected_at: now,
                basis: 'later',
              },
            ],
          }),
        ],
      },
    },
    'sanctions.void': { key: admin, in: { kid: theirs.kid, since: now - 10 } },
    'sanctions.get': { key: service, in: { sanction: theirs.sanction } },
    'sanctions.list': {
      key: service,
      in: { cursor: Buffer.from(theirs.sanction).toString('base64url'), limit: 1, state: 'held' },
    },
    'sanctions.status': { key: service, in: { sanction: theirs.sanction } },
    'sanctions.states': { key: await addSupport(registry, tubely), in: { state: 'held' } },
    'keys.list': { key: admin, in: {} },
    'keys.add': {
      key: admin,
      in: {
        statement: await statementBy(registry, admin, {
          holder: theirs.holder,
          role: 'trust',
          admin: false,
          jwk,
        }),
      },
    },
    'keys.revoke': { key: admin, in: { kid: theirs.kid, why: 'compromised', since: now - 10 } },
    'people.invite': {
      key: admin,
      in: { invite, role: 'trust', admin: false, holder: theirs.holder },
    },
    'parties.setPolicies': { key: admin, in: { policies: ['https://tubely.example/policy'] } },
    'parties.witness': {
      key: admin,
      in: {
        key: encodeVerifierKey((await newWitness('tubely.example/witness')).key),
        url: 'https://tubely.example/witness',
      },
    },
    'platforms.register': {
      key: op,
      in: {
        registration: { ...registrationOf('Fuzz'), owners: [{ name: 'O', percent: 50 }] },
        invite,
      },
    },
    'platforms.suspend': { key: op, in: { party: nobody, what: 'both', why: 'terms' } },
    'platforms.restore': { key: op, in: { party: harbour.id } },
    'panel.remove': { key: op, in: { holder: theirs.holder } },
    'taxonomy.enable': { key: op, in: { party: nobody, reasons: ['fraud.scam'] } },
    'calls.changes': { key: service, in: { jti: random32() } },
    'proposals.list': { key: op, in: { limit: 1 } },
    'registry.stats': { key: op, in: {} },
    'registry.alarms': { key: op, in: { limit: 1 } },
    ...(await appealInputs(registry)),
    ...(await journalInputs(registry, theirs.sanction)),
    ...(await membershipInputs(registry)),
    ...(await panelInputs(registry)),
    ...(await prefixInputs(registry)),
  };
}

describe('missing and not yours are one answer, byte for byte', () => {
  const absent = () => ({
    sanction: testId('snc', registry.now()),
    draft: testId('snc', registry.now()),
    check: testId('chk', registry.now()),
    match: testId('mat', registry.now()),
    holder: testId('hld', registry.now()),
    kid: random32(),
  });

  test.each([
    'checks.match',
    'checks.report',
    'matches.ask',
    'sanctions.confirm',
    'sanctions.returnDraft',
    'sanctions.notify',
    'sanctions.stateNotice',
    'sanctions.withdraw',
    'sanctions.void',
    'sanctions.get',
    'sanctions.status',
    'journals.put',
    'journals.get',
    'keys.revoke',
    'people.invite',
    'panel.remove',
  ] as const)('%s', async (op) => {
    const { tubely } = registry.parties;
    const { key, in: input } = valid[op];
    let text = JSON.stringify(input);
    for (const [name, id] of Object.entries(absent()))
      text = text.replaceAll(theirs[name as keyof typeof theirs], id);
    let other = JSON.parse(text) as Input;
    if (op === 'sanctions.withdraw') {
      const claims = { ...payloadOf(input['withdrawal'] as string), sub: absent().sanction };
      other = {
        withdrawal: await signCompact(tubely.trust.signer, 'recourse-withdrawal+jwt', claims),
      };
    }
    const answers = [
      await sendRaw(registry, key, { op, in: input }),
      await sendRaw(registry, key, { op, in: other }),
    ];
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(input));
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]!.raw.body).toBe(answers[1]!.raw.body);
    const headers = answers.map(({ raw: { receipt, status, contentType } }) => ({
      status,
      contentType,
      length: receipt!.length,
    }));
    expect(headers[0]).toEqual(headers[1]);
  });

  test('evades: a record of another, and one that never was', async () => {
    const { tubely } = registry.parties;
    const bodies = [];
    for (const evades of [theirs.sanction, testId('snc', registry.now())]) {
      const input = await build(registry, {
        signedBy: tubely.trust,
        statement: {
          reason: 'network.ban-evasion',
          evidence: [{ class: 'link-analysis', commitment: random32() }],
        },
        submission: { evades: evades as `snc_${string}` },
      });
      bodies.push(
        (await sendRaw(registry, tubely.service, { op: 'sanctions.submit', in: input })).raw.body,
      );
    }
    expect(bodies[0]).toBe(bodies[1]);
  });

  test('a cursor into the list of another lists own records only', async () => {
    const { tubely } = registry.parties;
    await submit(registry);
    const cursor = Buffer.from(theirs.sanction).toString('base64url');
    expect(
      resultOf(await sendRaw(registry, tubely.service, { op: 'sanctions.list', in: { cursor } })),
    ).toEqual({
      sanctions: [],
    });
  });
});

const marker = 'Markerabcdefgh';
const attacks: unknown[] = [
  marker,
  `${marker}<script>`,
  `${marker}\0`,
  marker.repeat(800),
  `‮${marker}`,
  [marker],
  { [marker]: marker },
  null,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  253_402_300_799,
  Array.from({ length: 300 }, () => marker),
];

/** The input with each value replaced by each attack, and with a member more in each object. */
function* mutants(value: unknown, put: (value: unknown) => Input): Generator<Input> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const into = (changed: unknown): unknown =>
        Array.isArray(value)
          ? value.map((one, i) => (String(i) === name ? changed : one))
          : { ...value, [name]: changed };
      yield* mutants(member, (changed) => put(into(changed)));
      if (!Array.isArray(value))
        yield put(Object.fromEntries(Object.entries(value).filter(([one]) => one !== name)));
    }
    if (!Array.isArray(value)) yield put({ ...value, [marker]: marker });
  }
  for (const attack of attacks) yield put(attack);
}

/** What is wrong with an answer: a fault of ours, or something of what was sent; only codes and names of the schema may be in it. */
function faultOf(answer: TestAnswer, input: unknown): string {
  if (answer.status >= 500) return `${answer.status} to ${JSON.stringify(input).slice(0, 400)}`;
  const { body, contentType, retryAfterSeconds } = answer.raw;
  const echoes =
    answer.status !== 200 && `${body}${contentType}${retryAfterSeconds}`.includes('Marker');
  return echoes ? `echo: ${body}` : '';
}

describe('whatever is sent, no fault and no echo', () => {
  test('the inputs above are of every operation, and valid', () => {
    expect(Object.keys(valid).sort()).toEqual(Object.keys(ops).sort());
    for (const [op, of] of Object.entries(valid)) {
      expect([op, ops[op as OpName].input.safeParse(of.in).error]).toEqual([op, undefined]);
    }
  });

  test.each(Object.keys(ops) as OpName[])('%s', async (op) => {
    const { key, in: input } = valid[op];
    const all = [...mutants(input, (changed) => changed as Input)];
    for (let i = 0; i < all.length; i += 20) {
      const batch = all.slice(i, i + 20);
      const answers = await Promise.all(
        batch.map((one) => sendRaw(registry, key, { op, in: one })),
      );
      for (const [n, answer] of answers.entries()) expect(faultOf(answer, batch[n])).toBe('');
    }
  });

  test.each(['sanctions.submit', 'sanctions.draft'])('a statement of %s', async (op) => {
    const { tubely } = registry.parties;
    const input = await build(registry, { signedBy: tubely.trust });
    for (const claims of mutants(payloadOf(input.statement), (changed) => changed as Input)) {
      const statement = await signCompact(tubely.trust.signer, 'recourse-sanction+jwt', claims);
      const answer = await sendRaw(registry, tubely.service, { op, in: { ...input, statement } });
      expect(faultOf(answer, claims)).toBe('');
    }
  });

  test('a payload and a header', async () => {
    const { service } = registry.parties.tubely;
    for (const name of ['iss', 'aud', 'iat', 'exp', 'jti', 'op', 'in', 'idem', 'cp', marker]) {
      for (const attack of attacks) {
        const answer = await sendRaw(registry, service, { op: 'checks.owed', [name]: attack });
        expect(faultOf(answer, { [name]: attack })).toBe('');
      }
    }
    for (const name of ['alg', 'typ', 'kid', marker]) {
      for (const attack of attacks) {
        const header = {
          alg: 'Ed25519',
          typ: 'recourse-call+jwt',
          kid: service.kid,
          [name]: attack,
        };
        const compact = await signText(service, { header: JSON.stringify(header), payload: '{}' });
        const answer = await registry.send('checks.owed', compact);
        expect(faultOf(answer, header)).toBe('');
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    }
  });

  test('and nothing of it is in the audit log, the counts of refusals or the stored problems', async () => {
    const all = await contents(registry);
    const answers = await registry.ownerDb.selectFrom('answers').selectAll().execute();
    const problems = answers.filter(({ status }) => status !== 200).map(({ body }) => String(body));
    expect(problems.length).toBeGreaterThan(1000);
    // An operation that is none is in the audit row: what was asked for, by whom.
    const calls = await registry.db.selectFrom('audited_calls').selectAll().execute();
    const audit = calls.map((row) => JSON.stringify({ ...row, op: '' }));
    for (const rows of [problems, audit, all['refusals']!]) {
      expect(rows.filter((row) => row.includes('Marker'))).toEqual([]);
    }
  });
});
