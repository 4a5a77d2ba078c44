import { dsaStatementSchema, signCompact, toTimestamp } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, type ConnectedClients } from '../../tests/connected.ts';
import { now, origin, platformA, sanctionA } from '../../tests/fake-registry.ts';
import { tellCreator } from '../../tests/examples/notice.ts';
import { statementOf } from '../../tests/records.ts';
import { isRecourseError } from '../errors.ts';
import type { NoticeOrder } from './notice-text.ts';

const registration = {
  name: 'Harbour',
  domain: 'harbour.example',
  jurisdiction: 'DE',
  group: 'harbour',
  owners: [],
  stateOwned: false,
  policies: ['https://harbour.example/rules'],
  contacts: { complaints: 'complaints@harbour.example', dataProtection: 'dpo@harbour.example' },
  legalBasis: 'gdpr-art-10-authorised',
  language: 'de',
  checkOnly: false,
};
const ref = 'case-2026-0000017';
const caseCode = Array.from({ length: 8 }, () => 'abcd').join('-');
const order: NoticeOrder = {
  sanction: sanctionA,
  caseCode,
  account: 'Sold the same ticket to forty people.',
  language: 'de-AT',
  timeZone: 'Europe/Vienna',
  channel: 'email',
  detectedByAutomatedMeans: true,
};

let at: ConnectedClients;
let record: Record<string, unknown>;
beforeEach(async () => {
  at = await connected();
  const party = at.registry.parties.get(platformA);
  if (party) party.registration = registration;
  const statement = statementOf({ iss: platformA });
  record = {
    sanction: sanctionA,
    state: 'held',
    version: 1,
    disputed: false,
    reason: 'fraud.scam',
    statement: await signCompact(at.trust, 'recourse-sanction+jwt', statement),
    submittedAt: toTimestamp(now),
    expiresAt: '2027-06-01T00:00:00Z',
    suspendedFor: [],
    toldPlatforms: 'none',
    ref,
    subjects: [{ index: 3, kind: 'email', matchesUntil: '2027-06-01T00:00:00Z' }],
    deliveries: [],
    history: [],
    appeals: [],
    recalls: { issued: 0, acknowledged: 0 },
  };
  at.registry.handlers.set('sanctions.get', () => ({ result: record }));
});

describe('the notice that the SDK returns', () => {
  it('is in the language and time zone of the creator, with the facts of the record', async () => {
    const notice = await at.recourse.sanctions.noticeText(order);
    expect(notice).toMatchObject({ language: 'de', reviewed: false });
    for (const part of [
      'Betrügerisches Angebot',
      'harbour.example',
      'complaints@harbour.example',
      'https://harbour.example/rules',
      `${origin}/case#${caseCode}`,
      order.account,
      'eine E-Mail-Adresse',
      '1. Juni 2027',
      // 72 hours from now, by the clock of Vienna
      '4. März 2026 um 13:00',
    ]) {
      expect(notice.text).toContain(part);
    }
    expect(notice.html).toContain('<div lang="de" dir="ltr">');
  });

  it('takes the hold from the record once the registry knows of the notice', async () => {
    record['visibleFrom'] = '2026-03-10T08:00:00Z';
    const { text } = await at.recourse.sanctions.noticeText(order);
    expect(text).toContain('10. März 2026 um 09:00');
  });

  it('says when a record of a probation is told, also where its reason would answer at once', async () => {
    record['holdHours'] = 168;
    const text = async () => (await at.recourse.sanctions.noticeText(order)).text;
    expect(await text()).toContain('8. März 2026 um 13:00');
    record['reason'] = 'fraud.phishing';
    expect(await text()).toContain('8. März 2026 um 13:00');
    record['holdHours'] = 0;
    expect(await text()).not.toContain('8. März 2026');
  });

  it('refuses a language without texts and a time zone that is none', async () => {
    const { sanctions } = at.recourse;
    expect(await codeOf(() => sanctions.noticeText({ ...order, language: 'nl' }))).toBe(
      'invalid-input',
    );
    expect(await codeOf(() => sanctions.noticeText({ ...order, timeZone: 'Mars/One' }))).toBe(
      'invalid-input',
    );
  });

  it('says nothing that the own trust key did not sign', async () => {
    const false_ = statementOf({ iss: platformA, action: 'payout-withheld' });
    record['statement'] = await signCompact(at.service, 'recourse-sanction+jwt', false_);
    const { sanctions } = at.recourse;
    expect(await codeOf(() => sanctions.noticeText(order))).toBe('statement-invalid');
    expect(
      await codeOf(() =>
        sanctions.dsaStatement({ sanction: sanctionA, detectedByAutomatedMeans: true }),
      ),
    ).toBe('statement-invalid');
  });
});

describe('the example of the README', () => {
  const options = () => ({
    registry: { origin, logKid: at.registry.logSigner.kid },
    party: platformA,
    signers: { trust: at.trust },
    fetch: at.registry.fetch,
    clock: () => now,
  });

  it('has the registry write to every address', async () => {
    const calls: unknown[] = [];
    at.registry.handlers.set('sanctions.notify', (call) => {
      calls.push(call.payload.in);
      const deliveries = [{ index: 3, channel: 'email', state: 'waiting' }];
      return { result: { sanction: sanctionA, state: 'held', version: 1, deliveries } };
    });
    const creator = { email: ['a@mail.example', 'b@mail.example'], domain: 'a.example' };
    expect(await tellCreator(options(), { sanction: sanctionA }, creator)).toBe('email: waiting');
    expect(calls).toEqual([
      { sanction: sanctionA, language: 'de', addresses: ['a@mail.example', 'b@mail.example'] },
    ]);
  });

  it('says when there is none', async () => {
    const text = await tellCreator(options(), { sanction: sanctionA }, { domain: 'a.example' });
    expect(text).toContain('no address');
  });

  it('states a notice where each address refused the message, and where no gateway is', async () => {
    const stated: unknown[] = [];
    at.registry.handlers.set('sanctions.stateNotice', (call) => {
      stated.push(call.payload.in);
      const visibleFrom = '2026-03-18T12:00:00Z';
      return { result: { sanction: sanctionA, state: 'held', version: 1, visibleFrom } };
    });
    at.registry.handlers.set('sanctions.notify', () => {
      const deliveries = [{ index: 3, channel: 'email', state: 'refused' }];
      return { result: { sanction: sanctionA, state: 'held', version: 1, deliveries } };
    });
    const order = {
      sanction: sanctionA,
      language: 'en',
      creator: { email: 'a@mail.example' },
      stated: { channel: 'web-message', sentAt: now },
    } as const;
    const { sanctions } = at.recourse;
    expect(await sanctions.tell(order)).toMatchObject({ by: 'platform' });
    expect(await sanctions.tell({ ...order, stated: undefined })).toMatchObject({ by: 'registry' });
    expect(stated).toHaveLength(1);
  });
});

describe('the statement of reasons that the SDK returns', () => {
  const dsa = { sanction: sanctionA, detectedByAutomatedMeans: true } as const;

  it('is valid and carries the reference of the platform', async () => {
    const made = await at.recourse.sanctions.dsaStatement(dsa);
    expect(dsaStatementSchema.safeParse(made).success).toBe(true);
    expect(made).toMatchObject({ puid: ref, automated_detection: 'Yes' });
    expect(JSON.stringify(made)).not.toContain(sanctionA);
  });

  it('needs a reference', async () => {
    delete record['ref'];
    const error: unknown = await at.recourse.sanctions.dsaStatement(dsa).catch((e: unknown) => e);
    expect(isRecourseError(error, 'invalid-input') && error.issues).toEqual([
      { path: 'puid', code: 'missing' },
    ]);
    const made = await at.recourse.sanctions.dsaStatement({ ...dsa, puid: 'own-1' });
    expect(made.puid).toBe('own-1');
  });
});
