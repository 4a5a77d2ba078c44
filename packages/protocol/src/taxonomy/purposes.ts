/** Why a platform asks. Re-screening existing users in bulk is no purpose, and not representable. */
export const purposes = [
  'signup',
  'monetisation',
  'payout-change',
  'account-recovery',
  'safety-review',
] as const;
export type Purpose = (typeof purposes)[number];

/** Why a platform was told of a record: it asked, or it vouched for somebody who then opened the case. */
export const toldPurposes = [...purposes, 'vouching'] as const;
export type ToldPurpose = (typeof toldPurposes)[number];
