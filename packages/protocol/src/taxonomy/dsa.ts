/**
 * The categories of the EU DSA Transparency Database for acts of this taxonomy, with the keywords that the database
 * admits there (its API documentation, schema of July 2025). The categories for speech, elections, self-harm and
 * copyright are left out: nothing here may map to them.
 */
export const dsaKeywords = {
  STATEMENT_CATEGORY_SCAMS_AND_FRAUD: [
    'KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING',
    'KEYWORD_INAUTHENTIC_ACCOUNTS',
    'KEYWORD_INAUTHENTIC_LISTINGS',
    'KEYWORD_INAUTHENTIC_USER_REVIEWS',
    'KEYWORD_PHISHING',
    'KEYWORD_OTHER',
  ],
  STATEMENT_CATEGORY_CYBER_VIOLENCE: [
    'KEYWORD_CYBER_BULLYING_INTIMIDATION',
    'KEYWORD_CYBER_HARASSMENT',
    'KEYWORD_CYBER_STALKING',
    'KEYWORD_NON_CONSENSUAL_IMAGE_SHARING',
    'KEYWORD_OTHER',
  ],
  STATEMENT_CATEGORY_VIOLENCE: ['KEYWORD_COORDINATED_HARM', 'KEYWORD_OTHER'],
  STATEMENT_CATEGORY_OTHER_VIOLATION_TC: ['KEYWORD_OTHER'],
} as const;

export type DsaCategory = keyof typeof dsaKeywords;

/** A category with a keyword of its own; a keyword of another category does not type-check. */
export type DsaPlace = {
  [Category in DsaCategory]: {
    readonly category: Category;
    readonly keyword: (typeof dsaKeywords)[Category][number];
  };
}[DsaCategory];
