/**
 * The kinds of identifier that a creator can prove to control. This file loads no library, so that everyone can import
 * the kinds.
 */
export const identifierKinds = ['email', 'phone', 'domain', 'account', 'wallet', 'iban'] as const;
export type IdentifierKind = (typeof identifierKinds)[number];
