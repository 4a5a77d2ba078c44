/** Why a platform asks. Re-screening existing users in bulk is no purpose, and not representable. */
export const purposes = [
  'signup',
  'monetisation',
  'payout-change',
  'account-recovery',
  'safety-review',
] as const;
export type Purpose = (typeof purposes)[number];
