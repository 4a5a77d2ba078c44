import { z } from 'zod';
import { fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { ProtocolError } from './errors.ts';
import { jcs, parseStrictJson } from './json.ts';
import { partyIdSchema, roleSchema } from './roles.ts';
import { b64u32 } from './schemas.ts';

/** A one-time invite code: 16 to 64 random bytes as base64url. The registry stores `inviteKey(code)` only. */
export const inviteCodeSchema = z.string().regex(/^[A-Za-z0-9_-]{22,86}$/);

/** How long an invite can be redeemed, in days. */
export const inviteDays = 7;

/** The content of an invite (protocol, section 5). */
export const inviteSchema = z.strictObject({
  /** `aud` of everything the new key will sign */
  origin: z.url({ protocol: /^https?$/ }),
  code: inviteCodeSchema,
  party: partyIdSchema,
  role: roleSchema,
  admin: z.boolean(),
  /** RFC 7638 thumbprint of the registry's log key, pinned by whoever redeems the invite */
  logKey: b64u32,
  /** `policyFingerprint` of the witness policy when the invite was made, from which later ones are followed */
  policy: b64u32,
});
/**
 * Everything a person or service needs to enrol a key: where and as whom, and the log key and witnesses to trust from
 * then on.
 */
export type Invite = z.infer<typeof inviteSchema>;

const prefix = 'recourse-invite-1.';
const longestInvite = 2048;

/** `recourse-invite-1.` and the JCS JSON of the invite as base64url. It holds a secret: hand it to one person. */
export const encodeInvite = (invite: Invite): string =>
  prefix + toBase64url(utf8(jcs(inviteSchema.parse(invite))));

/**
 * Reads an invite that a person pasted: attacker-controlled text, so that every member is checked before
 * anything is sent to its origin.
 * @throws ProtocolError `payload-invalid`, `base64url-invalid` or `json-invalid`
 */
export function decodeInvite(text: string): Invite {
  const trimmed = text.trim();
  if (!trimmed.startsWith(prefix) || trimmed.length > longestInvite) {
    throw new ProtocolError('payload-invalid', 'not an invite');
  }
  const parsed = inviteSchema.safeParse(
    parseStrictJson(fromBase64url(trimmed.slice(prefix.length))),
  );
  if (!parsed.success) {
    throw new ProtocolError('payload-invalid', 'not an invite', { cause: parsed.error });
  }
  return parsed.data;
}
