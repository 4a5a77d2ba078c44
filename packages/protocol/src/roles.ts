import { z } from 'zod';

/** The roles of keys. */
export const roles = ['service', 'trust', 'support', 'reviewer', 'operator'] as const;
export const roleSchema = z.enum(roles);
/**
 * The role of a key: the acts that it may sign. People hold trust, support, reviewer and operator keys; machines hold
 * service keys.
 */
export type Role = (typeof roles)[number];

/** The kinds of party. */
export const partyKinds = ['platform', 'panel', 'operator'] as const;
export type PartyKind = (typeof partyKinds)[number];

/** The roles that keys of a party of each kind can have: no platform holds a reviewer key. */
export const rolesOf = {
  platform: ['service', 'trust', 'support'],
  panel: ['reviewer'],
  operator: ['operator'],
} as const satisfies Record<PartyKind, readonly Role[]>;

/** The id of a party: `plt_…`, `panel` or `operator`. */
export const partyIdSchema = z.union([
  z.literal('panel'),
  z.literal('operator'),
  z.string().regex(/^plt_[0-7][0-9a-hjkmnp-tv-z]{25}$/),
]);
/** The id of a holder, `hld_…`. */
export const holderSchema = z.string().regex(/^hld_[0-7][0-9a-hjkmnp-tv-z]{25}$/);

/** The id of a party. */
export type PartyId = `plt_${string}` | 'panel' | 'operator';

/** The kind of a party, by its id. */
export function partyKind(party: string): PartyKind {
  return party === 'panel' || party === 'operator' ? party : 'platform';
}

/**
 * Whether a party can have such a key: no platform holds a reviewer key, and a support key reads states and nothing
 * else, so that none is an admin key.
 */
export const keyFits = (
  party: string,
  key: { readonly role: Role; readonly admin: boolean },
): boolean =>
  (rolesOf[partyKind(party)] as readonly Role[]).includes(key.role) &&
  !(key.role === 'support' && key.admin);
