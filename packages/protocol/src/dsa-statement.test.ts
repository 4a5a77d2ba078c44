import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dsaStatement, dsaStatementSchema, type DsaDetails } from './dsa-statement.ts';
import { newId } from './typeid.ts';
import type { SanctionStatement } from './statement.ts';
import { actions, evidenceClassNames, reasonCodes } from './taxonomy/index.ts';

type DsaInput = Parameters<typeof dsaStatement>[0];

const commitment = 'A'.repeat(43);
const statement: DsaInput = {
  reason: 'fraud.scam',
  action: 'account-terminated',
  decided_at: 1_772_366_400,
  incident_to: 1_771_000_000,
  origin: 'own-detection',
  evidence: [{ class: 'payment-records', commitment }],
};
const details: DsaDetails = {
  puid: 'case-2026-000123',
  policy: 'https://harbour.example/rules',
  detectedByAutomatedMeans: false,
};

describe('a statement of reasons for the DSA Transparency Database', () => {
  it.each(reasonCodes.flatMap((reason) => actions.map((action) => [reason, action] as const)))(
    'is valid for %s and %s',
    (reason, action) => {
      const made = dsaStatement({ ...statement, reason, action }, details);
      expect(dsaStatementSchema.safeParse(made).success).toBe(true);
      const restrictions = Object.keys(made).filter((name) =>
        ['decision_account', 'decision_monetary', 'decision_provision'].includes(name),
      );
      expect(restrictions).toHaveLength(1);
    },
  );

  it('has what article 17(3) asks for and the reference of the platform', () => {
    expect(
      dsaStatement(statement, { ...details, ends: new Date('2027-03-01T12:00:00Z') }),
    ).toMatchObject({
      decision_account: 'DECISION_ACCOUNT_TERMINATED',
      end_date_account_restriction: '2027-03-01',
      decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
      decision_ground_reference_url: 'https://harbour.example/rules',
      category: 'STATEMENT_CATEGORY_SCAMS_AND_FRAUD',
      category_specification: ['KEYWORD_INAUTHENTIC_LISTINGS'],
      application_date: '2026-03-01',
      content_date: '2026-02-13',
      source_type: 'SOURCE_VOLUNTARY',
      automated_detection: 'No',
      automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
      puid: 'case-2026-000123',
    });
  });

  it.each([
    ['user-report', true, 'SOURCE_ARTICLE_16'],
    ['user-report', false, 'SOURCE_TYPE_OTHER_NOTIFICATION'],
    [{ 'trusted-flagger': 'tf-0007' }, false, 'SOURCE_TRUSTED_FLAGGER'],
  ] as const)('names the source of %j (article 16: %s)', (origin, byArticle16Notice, source) => {
    const made = dsaStatement({ ...statement, origin }, { ...details, byArticle16Notice });
    expect(made.source_type).toBe(source);
    expect(JSON.stringify(made)).not.toContain('tf-0007');
  });

  it.each(['creator@example.com', '+14155552671', 'a b', ''])(
    'refuses %j as the reference of the platform',
    (puid) => {
      expect(() => dsaStatement(statement, { ...details, puid })).toThrow();
    },
  );

  it('has no keyword that its category does not admit', () => {
    const made = dsaStatement(statement, details);
    const wrong = { ...made, category_specification: ['KEYWORD_CYBER_STALKING'] };
    expect(dsaStatementSchema.safeParse(wrong).success).toBe(false);
  });

  it('lets no identifier, token, salt, hash or account text in, whatever the record holds', () => {
    const secret = fc.string({ minLength: 12, maxLength: 64 });
    const hash = fc.base64String({ minLength: 44, maxLength: 44 });
    const record = fc.record({
      reason: fc.constantFrom(...reasonCodes),
      action: fc.constantFrom(...actions),
      decided_at: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      incident_to: fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
      evidence: fc.array(
        fc.record({ class: fc.constantFrom(...evidenceClassNames), commitment: hash }),
        { minLength: 1, maxLength: 4 },
      ),
      account: secret,
      email: secret,
      tokens: fc.array(hash, { minLength: 1, maxLength: 3 }),
      subjects: hash,
    });
    fc.assert(
      fc.property(record, (made) => {
        const jti = newId('snc', { now: new Date(), random: (n) => new Uint8Array(n) });
        const whole = { ...statement, ...made, jti } as DsaInput & Partial<SanctionStatement>;
        const text = JSON.stringify(dsaStatement(whole, details));
        const { evidence, account, email, tokens, subjects } = made;
        const hidden = [
          account,
          email,
          subjects,
          jti,
          ...tokens,
          ...evidence.map((e) => e.commitment),
        ];
        for (const value of hidden)
          expect(text.includes(JSON.stringify(value).slice(1, -1))).toBe(false);
        // Two records that differ in nothing but what is hidden make the same statement.
        const bare = { ...whole, evidence: evidence.map((e) => ({ ...e, commitment })) };
        expect(JSON.stringify(dsaStatement(bare, details))).toBe(text);
      }),
    );
  });
});
