import { dateForms, type ColumnOrder } from '@recourse/protocol';
import { describe, expect, it } from 'vitest';
import { daysAgo, row, type TestRow } from '../../tests/import-rows.ts';
import type { RowGroup } from './read-rows.ts';
import { readRecord, type ReadRecord } from './record.ts';

function read(...rows: [TestRow, ...TestRow[]]): ReadRecord {
  const group = rows.map((values, at) => ({
    line: at + 2,
    position: 0,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')),
  }));
  return readRecord(group as unknown as RowGroup, { dir: '.', now: new Date() });
}

const issueOf = (result: ReadRecord): unknown =>
  result.ok
    ? 'taken'
    : [result.refusal.code, result.refusal.issues[0]?.path, result.refusal.issues[0]?.code];

describe('a record says everything itself', () => {
  it.each([
    'control',
    'proven_at',
    'incident_from',
    'incident_to',
    'decided_at',
    'decided_by',
    'evidence_class',
    'attest',
    'age',
    'origin',
    'policy',
    'account',
  ])('nothing stands in for %s', (column) => {
    expect(issueOf(read(row(1, { [column]: '' })))).toEqual(['invalid-input', column, 'required']);
  });

  it('is taken when it does', () => {
    const result = read(row(1));
    expect(result.ok && result.record.input).toMatchObject({
      reason: 'fraud.phishing',
      attest: ['no-authority', 'no-takeover'],
      creator: { domain: [{ value: 'listed-1.example', control: 'dns' }] },
    });
  });
});

describe('what the registry would refuse for certain is told before', () => {
  it.each([
    [{ incident_from: daysAgo(9) }, ['invalid-input', 'incident_to', 'before-incident-from']],
    [{ decided_at: daysAgo(-1) }, ['invalid-input', 'decided_at', 'in-the-future']],
    [
      {
        incident_from: daysAgo(110),
        incident_to: daysAgo(100),
        decided_at: daysAgo(95),
        proven_at: daysAgo(105),
      },
      ['invalid-input', 'decided_at', 'decided-too-long-ago'],
    ],
    [{ age: 'minor' }, ['reason-not-accepted', 'age', 'minor']],
    [{ expires: daysAgo(-700) }, ['retention-too-long', 'expires', 'beyond-longest-life']],
    [
      { reason: 'fraud.scam', evidence_class: 'victim-report' },
      ['proof-too-weak', 'evidence_class', 'below-floor'],
    ],
  ])('%j', (over, refusal) => {
    expect(issueOf(read(row(1, over)))).toEqual(refusal);
  });

  it('but not what the registry counts by name: origin by authority is sent and refused there', () => {
    expect(read(row(1, { origin: 'authority-request' })).ok).toBe(true);
  });
});

describe('a date is read as what it names, in the order that its column is known to have', () => {
  const decided = (text: string, order: ColumnOrder): unknown => {
    const [group] = [row(1, { decided_at: text })].map((values) => ({
      line: 2,
      position: 0,
      values,
      orders: new Map([['decided_at', order] as const]),
    }));
    const result = readRecord([group!], { dir: '.', now: new Date() });
    return result.ok ? 'taken' : result.refusal.issues[0];
  };
  const issue = (code: string) => ({ line: 2, path: 'decided_at', code, allowed: dateForms });

  it.each([
    ['2026-02-31', 'unknown', 'not-a-date'],
    ['01/03/26', 'day-first', 'two-digit-year'],
    ['01/03/2026', 'mixed', 'orders-mixed'],
    ['31/02/2026', 'day-first', 'not-a-date'],
  ] as const)('%s in a column that is %s: %s', (text, order, code) => {
    expect(decided(text, order)).toEqual(issue(code));
  });
});

describe('an external_id is no identifier', () => {
  it.each(['listed-1.example', 'LISTED-1.EXAMPLE', 'me@example.com', '+31612345678', ''])(
    '%j',
    (id) => {
      expect(read(row(1, { external_id: id }))).toMatchObject({
        ok: false,
        refusal: { externalId: null },
      });
    },
  );

  it('not even with other punctuation', () => {
    const phone = { kind: 'phone', identifier: '+31 6 12345678', control: 'otp' };
    expect(read(row(1, { ...phone, external_id: '31612345678' })).ok).toBe(false);
  });
});

describe('several rows are several identifiers of one sanction', () => {
  it('that repeat what the first says, or leave it empty', () => {
    const email = { kind: 'email', identifier: 'a@example.org', control: 'otp' };
    const result = read(row(1), row(1, { ...email, account: '', reason: '' }));
    expect(result.ok && Object.keys(result.record.input.creator)).toEqual(['domain', 'email']);
    expect(result.ok && result.record.input.evidence).toHaveLength(1);
    expect(issueOf(read(row(1), row(1, { ...email, action: 'payout-withheld' })))).toEqual([
      'invalid-input',
      'action',
      'differs-from-first-row',
    ]);
  });

  it('and never one identifier twice', () => {
    expect(issueOf(read(row(1), row(1, { identifier: 'LISTED-1.example.' })))).toEqual([
      'invalid-input',
      'identifier',
      'duplicate-identifier',
    ]);
  });
});

describe('what makes a record the same in a second run', () => {
  const content = (overrides: TestRow): unknown => {
    const result = read(row(1, { proven_at: '2026-01-01', ...overrides }));
    return result.ok ? result.record.content : result.refusal;
  };
  const base = { incident_from: daysAgo(20) };

  it('is everything but the notice', () => {
    const notice = { notice_channel: 'email', notice_language: 'en', notice_sent_at: daysAgo(0) };
    const at = {
      ...base,
      proven_at: daysAgo(30),
      incident_to: daysAgo(10),
      decided_at: daysAgo(5),
    };
    expect(content({ ...at, ...notice })).toBe(content(at));
    expect(content({ ...at, policy: '1' })).not.toBe(content(at));
  });
});
