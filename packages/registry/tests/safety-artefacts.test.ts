import { artefactTypes, signCompact, toNumericDate, type ArtefactType } from '@recourse/protocol';
import {
  buildSubmission,
  random32,
  startTestRegistry,
  testId,
  testOrigin,
  type TestKey,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contents, outcome, payloadOf, rawCall, sendRaw, signText } from './safety-harness.ts';
import {
  enrolmentBy,
  enrolRaw,
  freshKey,
  invite,
  problemOf,
  statementBy,
} from './parties-fixtures.ts';
import { inviteKey } from '@recourse/protocol';

// Every artefact is accepted in one place only, from one kind of key only (protocol, section 4). Each attack
// below stands beside the same artefact, unchanged, that is accepted: it fails for its own reason.

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
  await registry.ownerDb.updateTable('parties').set({ submissions_per_day: 10_000 }).execute();
});
afterAll(() => registry.close());

const seconds = (): number => toNumericDate(registry.now());
const harbour = () => registry.parties.harbour;
const others = (typ: ArtefactType): ArtefactType[] => artefactTypes.filter((type) => type !== typ);

async function statementOf(options: { key?: TestKey; typ?: ArtefactType; claims?: object } = {}) {
  const key = options.key ?? harbour().trust;
  const input = await buildSubmission({ signedBy: key, audience: testOrigin, now: registry.now() });
  const payload = { ...payloadOf(input.statement), ...options.claims };
  const typ = options.typ ?? 'recourse-sanction+jwt';
  return { ...input, statement: await signCompact(key.signer, typ, payload) };
}

async function withdrawalOf(options: { key?: TestKey; typ?: ArtefactType; claims?: object } = {}) {
  const key = options.key ?? harbour().trust;
  const submission = await statementOf();
  await sendRaw(registry, harbour().service, { op: 'sanctions.submit', in: submission });
  const payload = {
    iss: harbour().id,
    aud: testOrigin,
    sub: payloadOf(submission.statement)['jti'],
    cause: 'error',
    iat: seconds(),
    ...options.claims,
  };
  const typ = options.typ ?? 'recourse-withdrawal+jwt';
  return { withdrawal: await signCompact(key.signer, typ, payload) };
}

async function addition(options: { by?: TestKey; typ?: ArtefactType; proof?: ArtefactType } = {}) {
  const by = options.by ?? harbour().admin;
  const key = await freshKey();
  const role = { role: 'service', admin: false } as const;
  const jwk = key.signer.publicJwk;
  const holder = testId('hld', registry.now());
  const claims = payloadOf(await statementBy(registry, by, { holder, jwk, ...role }));
  const proof = payloadOf(await enrolmentBy(registry, key, { invite: by.signer.kid, ...role }));
  return {
    statement: await signCompact(by.signer, options.typ ?? 'recourse-key+jwt', claims),
    enrolment: await signCompact(key.signer, options.proof ?? 'recourse-enrol+jwt', proof),
  };
}

/** What every place answers to the artefact it is for, and to each other type with the same payload. */
const places: [
  name: string,
  typ: ArtefactType,
  refused: string,
  send: (typ: ArtefactType) => Promise<string>,
][] = [
  [
    'call body',
    'recourse-call+jwt',
    'malformed-call',
    async (typ) => {
      const compact = await rawCall(registry, harbour().service, { op: 'checks.owed', typ });
      return outcome(await registry.send('checks.owed', compact));
    },
  ],
  ...(['sanctions.submit', 'sanctions.draft'] as const).map((op): (typeof places)[number] => [
    `statement of ${op}`,
    'recourse-sanction+jwt',
    'invalid-input/typ-mismatch',
    async (typ) =>
      outcome(await sendRaw(registry, harbour().service, { op, in: await statementOf({ typ }) })),
  ]),
  [
    'withdrawal',
    'recourse-withdrawal+jwt',
    'invalid-input/typ-mismatch',
    async (typ) => {
      const input = await withdrawalOf({ typ });
      return outcome(
        await sendRaw(registry, harbour().trust, { op: 'sanctions.withdraw', in: input }),
      );
    },
  ],
  [
    'statement of keys.add',
    'recourse-key+jwt',
    'invalid-input/typ-mismatch',
    async (typ) =>
      outcome(
        await sendRaw(registry, harbour().admin, { op: 'keys.add', in: await addition({ typ }) }),
      ),
  ],
  [
    'proof of keys.add',
    'recourse-enrol+jwt',
    'invalid-input/typ-mismatch',
    async (proof) =>
      outcome(
        await sendRaw(registry, harbour().admin, { op: 'keys.add', in: await addition({ proof }) }),
      ),
  ],
  [
    'enrolment',
    'recourse-enrol+jwt',
    'invalid-input',
    async (typ) => {
      const { code, role, admin } = await invite(registry, harbour().admin, { role: 'trust' });
      const key = await freshKey();
      const claims = payloadOf(
        await enrolmentBy(registry, key, { invite: inviteKey(code), role, admin }),
      );
      const enrolment = await signCompact(key.signer, typ, claims);
      return problemOf(enrolRaw(registry, { code, enrolment }));
    },
  ],
];

describe.each(places)('as %s', (...[, typ, refused, send]) => {
  test(`${typ} is accepted`, async () => {
    expect(['200', 'none']).toContain(await send(typ));
  });

  test.each(others(typ))('%s is not', async (other) => {
    expect(await send(other)).toBe(refused);
  });
});

test('whole artefacts that were accepted in their own place are accepted in no other', async () => {
  const { service, admin, trust } = harbour();
  const submission = await statementOf();
  const { withdrawal } = await withdrawalOf();
  const key = await addition();
  const call = await rawCall(registry, service, { op: 'checks.owed' });
  const receipt = (await registry.send('checks.owed', call)).raw
    .receipt!.split('.')
    .slice(2)
    .join('.');
  const artefacts = { call, receipt, withdrawal, ...key, sanction: submission.statement };
  const before = await contents(registry);
  const accepted: string[] = [];
  for (const [name, compact] of Object.entries(artefacts)) {
    const sent: Record<string, string> = {
      call: outcome(await registry.send('checks.owed', compact)),
      sanction: outcome(
        await sendRaw(registry, service, {
          op: 'sanctions.submit',
          in: { ...submission, statement: compact },
        }),
      ),
      withdrawal: outcome(
        await sendRaw(registry, trust, { op: 'sanctions.withdraw', in: { withdrawal: compact } }),
      ),
      statement: outcome(
        await sendRaw(registry, admin, { op: 'keys.add', in: { ...key, statement: compact } }),
      ),
      enrolment: outcome(
        await sendRaw(registry, admin, { op: 'keys.add', in: { ...key, enrolment: compact } }),
      ),
    };
    accepted.push(
      ...Object.keys(sent)
        .filter((place) => sent[place] === '200')
        .map((place) => `${name} as ${place}`),
    );
  }
  // Each in its own place only; the call came before, and the proof goes with the statement.
  expect(accepted).toEqual([
    'withdrawal as withdrawal',
    'statement as statement',
    'sanction as sanction',
  ]);
  const after = await contents(registry);
  // One submission, one withdrawal, one key: what the artefacts do in their own places.
  const grown = (table: string) => after[table]!.length - before[table]!.length;
  expect(['sanctions', 'ends', 'keys'].map(grown)).toEqual([1, 1, 1]);
});

describe('a call', () => {
  test('with the signature of another is refused, in whatever mix of their parts', async () => {
    const { service } = harbour();
    const a = (await rawCall(registry, service, { op: 'checks.owed' })).split('.');
    const b = (await rawCall(registry, service, { op: 'sanctions.list' })).split('.');
    const mixes = [
      [a[0], a[1], b[2]],
      [a[0], b[1], a[2]],
      [b[0], b[1], a[2]],
    ];
    for (const mix of mixes) {
      for (const op of ['checks.owed', 'sanctions.list']) {
        expect(outcome(await registry.send(op, mix.join('.')))).toBe('bad-signature');
      }
    }
  });

  test.each([
    'sandbox+https://registry.test',
    'https://registry.test/',
    'https://other.test',
    'http://registry.test',
  ])('for %s is worthless here, as are its statements', async (aud) => {
    const { service, trust, admin } = harbour();
    expect(outcome(await sendRaw(registry, service, { op: 'checks.owed', aud }))).toBe(
      'wrong-audience',
    );
    const statement = await statementOf({ claims: { aud } });
    const submitted = await sendRaw(registry, service, { op: 'sanctions.submit', in: statement });
    expect(submitted.status).toBe(422);
    const withdrawal = await withdrawalOf({ claims: { aud } });
    const withdrawn = await sendRaw(registry, trust, { op: 'sanctions.withdraw', in: withdrawal });
    expect(outcome(withdrawn)).toBe('invalid-input/another-registry');
    const key = await addition();
    const foreign = await signCompact(admin.signer, 'recourse-key+jwt', {
      ...payloadOf(key.statement),
      aud,
    });
    const added = await sendRaw(registry, admin, {
      op: 'keys.add',
      in: { ...key, statement: foreign },
    });
    expect(outcome(added)).toBe('invalid-input/audience-mismatch');
  });

  test('of a key that names the kid of another is refused', async () => {
    const { service, trust } = harbour();
    const stranger = await freshKey();
    const good = await rawCall(registry, service, { op: 'checks.owed' });
    const payload = Buffer.from(good.split('.')[1]!, 'base64url').toString();
    const header = JSON.stringify({ alg: 'Ed25519', typ: 'recourse-call+jwt', kid: service.kid });
    for (const by of [stranger, trust]) {
      expect(
        outcome(await registry.send('checks.owed', await signText(by, { header, payload }))),
      ).toBe('bad-signature');
    }
  });

  test('whose kid is no thumbprint reaches no store, and is a failure of its source', async () => {
    const payload = JSON.stringify({});
    for (const kid of [
      'a\0',
      '\0',
      'x',
      'é'.repeat(43),
      `${'A'.repeat(43)}\n`,
      'A'.repeat(5000),
      'B'.repeat(43),
    ]) {
      const header = JSON.stringify({ alg: 'Ed25519', typ: 'recourse-call+jwt', kid });
      const compact = await signText(harbour().service, { header, payload });
      expect(outcome(await registry.send('checks.owed', compact))).toBe('malformed-call');
    }
  });
});

describe('who signs', () => {
  test('a service key signs no statement, no draft, no withdrawal, no key', async () => {
    const { service, trust, admin } = harbour();
    for (const op of ['sanctions.submit', 'sanctions.draft']) {
      const input = await statementOf({ key: service });
      expect(outcome(await sendRaw(registry, service, { op, in: input }))).toBe('role-not-allowed');
      expect(outcome(await sendRaw(registry, trust, { op, in: input }))).toBe('role-not-allowed');
    }
    const withdrawal = await withdrawalOf({ key: service });
    for (const carrier of [service, trust]) {
      const answer = await sendRaw(registry, carrier, { op: 'sanctions.withdraw', in: withdrawal });
      expect(outcome(answer)).toBe('role-not-allowed');
    }
    for (const by of [service, trust]) {
      const answer = await sendRaw(registry, admin, { op: 'keys.add', in: await addition({ by }) });
      expect(outcome(answer)).toBe('invalid-input/signer');
    }
  });

  test('a statement or a withdrawal of another party, carried by me, is of nobody', async () => {
    const { tubely } = registry.parties;
    const submission = await statementOf();
    for (const op of ['sanctions.submit', 'sanctions.draft']) {
      const answer = await sendRaw(registry, tubely.service, { op, in: submission });
      expect(outcome(answer)).toBe('invalid-input/unknown-signer');
      // Nor does my own key speak for another party.
      const forged = await statementOf({ key: tubely.trust, claims: { iss: harbour().id } });
      expect((await sendRaw(registry, tubely.service, { op, in: forged })).status).toBe(422);
    }
    const withdrawal = await withdrawalOf();
    const carried = await sendRaw(registry, tubely.trust, {
      op: 'sanctions.withdraw',
      in: withdrawal,
    });
    expect(outcome(carried)).toBe('invalid-input/unknown-signer');
    for (const iss of [tubely.id, harbour().id]) {
      const forged = await withdrawalOf({ key: tubely.trust, claims: { iss } });
      const answer = await sendRaw(registry, tubely.trust, {
        op: 'sanctions.withdraw',
        in: forged,
      });
      expect(outcome(answer)).toBe(
        iss === tubely.id ? 'not-found' : 'invalid-input/not-the-caller',
      );
    }
  });

  test('a stolen key with an old iat signs nothing any more', async () => {
    const { admin, trust2, service, trust } = harbour();
    const old = seconds() - 86_400;
    const input = await statementOf({ key: trust2, claims: { iat: old } });
    const withdrawal = await withdrawalOf({ key: trust2, claims: { iat: old } });
    const revoke = { kid: trust2.kid, why: 'compromised', since: seconds() };
    const revoked = await sendRaw(registry, admin, { op: 'keys.revoke', in: revoke });
    expect(revoked.status).toBe(200);
    for (const [by, op, sent] of [
      [service, 'sanctions.submit', input],
      [service, 'sanctions.draft', input],
      [trust, 'sanctions.withdraw', withdrawal],
    ] as const) {
      expect(outcome(await sendRaw(registry, by, { op, in: sent }))).toBe('key-inactive');
    }
    const call = { op: 'checks.owed', iat: seconds() - 100, exp: seconds() + 20, jti: random32() };
    expect(outcome(await sendRaw(registry, trust2, call))).toBe('key-inactive');
  });
});

describe('a statement is disclosed byte for byte', () => {
  const texts: [string, (json: string) => string][] = [
    ['white space between members', (json) => json.replace(',', `,${' '.repeat(4000)}`)],
    ['white space at its end', (json) => `${json}\n\t`],
    ['letters as escapes', (json) => json.replace('"human"', String.raw`"\u0068uman"`)],
    ['a number with an exponent', (json) => json.replace('"policy":0', '"policy":0e7')],
  ];
  test.each(texts)('%s carries nothing past the registry', async (_, change) => {
    const { trust, service } = harbour();
    const good = await statementOf();
    const header = JSON.stringify({ alg: 'Ed25519', kid: trust.kid, typ: 'recourse-sanction+jwt' });
    const payload = JSON.stringify(payloadOf(good.statement));
    for (const parts of [
      { header, payload: change(payload) },
      { header: header.replace(',', ' ,'), payload },
    ]) {
      const statement = await signText(trust, parts);
      const answer = await sendRaw(registry, service, {
        op: 'sanctions.submit',
        in: { ...good, statement },
      });
      expect(outcome(answer)).toBe('invalid-input/not-terse');
    }
    const statement = await signText(trust, { header, payload });
    const answer = await sendRaw(registry, service, {
      op: 'sanctions.submit',
      in: { ...good, statement },
    });
    expect(outcome(answer)).toBe('200');
  });
});
