/** The actions of a platform on its own service. Removing one post is no action: it is about content, not conduct. */
export const actions = [
  'account-terminated',
  'account-suspended',
  'service-terminated',
  'monetisation-ended',
  'payout-withheld',
  'feature-restricted',
] as const;
export type Action = (typeof actions)[number];
