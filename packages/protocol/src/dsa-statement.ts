import { z } from 'zod';
import { fromNumericDate, toDay } from './schemas.ts';
import type { SanctionStatement } from './statement.ts';
import {
  dsaKeywords,
  evidenceClasses,
  reasons,
  originKind,
  type Action,
} from './taxonomy/index.ts';

/** Countries that the database knows: the European Economic Area, ISO 3166-1 alpha-2. */
export const dsaTerritories = [
  'AT',
  'BE',
  'BG',
  'CY',
  'CZ',
  'DE',
  'DK',
  'EE',
  'ES',
  'FI',
  'FR',
  'GR',
  'HR',
  'HU',
  'IE',
  'IS',
  'IT',
  'LI',
  'LT',
  'LU',
  'LV',
  'MT',
  'NL',
  'NO',
  'PL',
  'PT',
  'RO',
  'SE',
  'SI',
  'SK',
] as const;
export type DsaTerritory = (typeof dsaTerritories)[number];

const day = z.iso.date();
const categories = Object.keys(dsaKeywords) as (keyof typeof dsaKeywords)[];
const keywords = [...new Set(Object.values(dsaKeywords).flat())];

const restrictions = ['decision_monetary', 'decision_provision', 'decision_account'] as const;

/**
 * A statement of reasons as `POST /api/v1/statement` of the DSA Transparency Database takes it (its API documentation,
 * schema of July 2025), as far as an act of this taxonomy needs it. Free texts are fixed sentences: article 24(5) of
 * Regulation (EU) 2022/2065 has no personal data sent.
 */
export const dsaStatementSchema = z
  .strictObject({
    decision_monetary: z
      .enum(['DECISION_MONETARY_SUSPENSION', 'DECISION_MONETARY_TERMINATION'])
      .optional(),
    decision_provision: z
      .enum(['DECISION_PROVISION_PARTIAL_SUSPENSION', 'DECISION_PROVISION_TOTAL_TERMINATION'])
      .optional(),
    decision_account: z
      .enum(['DECISION_ACCOUNT_SUSPENDED', 'DECISION_ACCOUNT_TERMINATED'])
      .optional(),
    end_date_monetary_restriction: day.optional(),
    end_date_service_restriction: day.optional(),
    end_date_account_restriction: day.optional(),
    account_type: z.enum(['ACCOUNT_TYPE_BUSINESS', 'ACCOUNT_TYPE_PRIVATE']).optional(),
    decision_ground: z.literal('DECISION_GROUND_INCOMPATIBLE_CONTENT'),
    decision_ground_reference_url: z.url().max(500),
    incompatible_content_ground: z.string().min(1).max(500),
    incompatible_content_explanation: z.string().min(1).max(2000),
    content_type: z.tuple([z.literal('CONTENT_TYPE_OTHER')]),
    content_type_other: z.string().min(1).max(500),
    category: z.enum(categories),
    category_specification: z.tuple([z.enum(keywords)]),
    category_specification_other: z.string().max(500).optional(),
    territorial_scope: z.array(z.enum(dsaTerritories)).min(1),
    content_date: day,
    application_date: day,
    decision_facts: z.string().min(1).max(5000),
    source_type: z.enum([
      'SOURCE_ARTICLE_16',
      'SOURCE_TRUSTED_FLAGGER',
      'SOURCE_TYPE_OTHER_NOTIFICATION',
      'SOURCE_VOLUNTARY',
    ]),
    automated_detection: z.enum(['Yes', 'No']),
    automated_decision: z.literal('AUTOMATED_DECISION_NOT_AUTOMATED'),
    /** Unique on the platform, and never used again */
    puid: z.string().regex(/^[A-Za-z0-9_-]{1,500}$/),
  })
  .refine((statement) => restrictions.some((name) => statement[name] !== undefined))
  .refine(({ category, category_specification: [keyword] }) =>
    dsaKeywords[category].some((admitted) => admitted === keyword),
  );
export type DsaStatement = z.infer<typeof dsaStatementSchema>;

/** Facts that the platform knows and the record does not have. */
export interface DsaDetails {
  /** The platform's own reference, `ref` of the submission: never an identifier of a person */
  readonly puid: string;
  /** Published address of the rule that was broken */
  readonly policy: string;
  readonly detectedByAutomatedMeans: boolean;
  /** A user report came as a notice under article 16 */
  readonly byArticle16Notice?: boolean | undefined;
  /** Where the platform's measure applies; the whole European Economic Area by default */
  readonly territories?: readonly DsaTerritory[] | undefined;
  /** When the platform's measure ends; for good by default */
  readonly ends?: Date | undefined;
  readonly accountType?: 'business' | 'private' | undefined;
}

/**
 * The statement of reasons that a platform sends to the DSA Transparency Database about a measure it recorded here. It is
 * made of codes, dates and fixed sentences: neither account, subjects, commitments nor the number of the sanction.
 * @throws ZodError where a detail does not fit, such as a `puid` with other characters
 */
export function dsaStatement(
  sanction: Pick<
    SanctionStatement,
    'reason' | 'action' | 'decided_at' | 'incident_to' | 'origin' | 'evidence'
  >,
  details: DsaDetails,
): DsaStatement {
  const { act, dsa, texts } = reasons[sanction.reason];
  const evidence = [...new Set(sanction.evidence.map((item) => evidenceClasses[item.class].what))];
  return dsaStatementSchema.parse({
    ...restrictionOf(sanction.action, details.ends),
    ...(details.accountType === undefined
      ? {}
      : { account_type: accountTypes[details.accountType] }),
    decision_ground: 'DECISION_GROUND_INCOMPATIBLE_CONTENT',
    decision_ground_reference_url: details.policy,
    incompatible_content_ground: `Terms and conditions: ${texts.en.title}`,
    incompatible_content_explanation: act,
    content_type: ['CONTENT_TYPE_OTHER'],
    content_type_other: 'Account: conduct of its holder, not an item of content',
    category: dsa.category,
    category_specification: [dsa.keyword],
    ...(dsa.keyword === 'KEYWORD_OTHER' ? { category_specification_other: texts.en.title } : {}),
    territorial_scope: details.territories ?? dsaTerritories,
    content_date: toDay(fromNumericDate(sanction.incident_to)),
    application_date: toDay(fromNumericDate(sanction.decided_at)),
    decision_facts: `The platform established by human review: ${act} Relied on: ${evidence.join(' ')}`,
    source_type: sourceOf(sanction, details),
    automated_detection: details.detectedByAutomatedMeans ? 'Yes' : 'No',
    automated_decision: 'AUTOMATED_DECISION_NOT_AUTOMATED',
    puid: details.puid,
  });
}

const accountTypes = {
  business: 'ACCOUNT_TYPE_BUSINESS',
  private: 'ACCOUNT_TYPE_PRIVATE',
} as const;

type Restriction = Pick<DsaStatement, (typeof restrictions)[number]>;

const restrictionBy: Readonly<Record<Action, Restriction>> = {
  'account-terminated': { decision_account: 'DECISION_ACCOUNT_TERMINATED' },
  'account-suspended': { decision_account: 'DECISION_ACCOUNT_SUSPENDED' },
  'service-terminated': { decision_provision: 'DECISION_PROVISION_TOTAL_TERMINATION' },
  'monetisation-ended': { decision_monetary: 'DECISION_MONETARY_TERMINATION' },
  'payout-withheld': { decision_monetary: 'DECISION_MONETARY_SUSPENSION' },
  'feature-restricted': { decision_provision: 'DECISION_PROVISION_PARTIAL_SUSPENSION' },
};

const endOf = {
  decision_monetary: 'end_date_monetary_restriction',
  decision_provision: 'end_date_service_restriction',
  decision_account: 'end_date_account_restriction',
} as const;

function restrictionOf(action: Action, ends: Date | undefined): Partial<DsaStatement> {
  const restriction = restrictionBy[action];
  const kind = restrictions.find((name) => restriction[name] !== undefined);
  if (!ends || !kind) return restriction;
  return { ...restriction, [endOf[kind]]: toDay(ends) };
}

function sourceOf(
  { origin }: Pick<SanctionStatement, 'origin'>,
  { byArticle16Notice }: DsaDetails,
): DsaStatement['source_type'] {
  const kind = originKind(origin);
  if (kind === 'own-detection') return 'SOURCE_VOLUNTARY';
  if (kind === 'trusted-flagger') return 'SOURCE_TRUSTED_FLAGGER';
  return byArticle16Notice ? 'SOURCE_ARTICLE_16' : 'SOURCE_TYPE_OTHER_NOTIFICATION';
}
