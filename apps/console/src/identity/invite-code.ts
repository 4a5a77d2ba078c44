import { inviteKey, toBase64url } from '@recourse/protocol';

/** A fresh code of an invite, and its hash. The registry gets the hash alone. */
export function newInviteCode(): { readonly code: string; readonly invite: string } {
  const code = toBase64url(crypto.getRandomValues(new Uint8Array(32)));
  return { code, invite: inviteKey(code) };
}

/** Where whoever gets the invite enrols. It stands behind the `#`, which no server sees. */
export const enrolLink = (invite: string): string =>
  `${location.origin}/desk/#/enrol?invite=${invite}`;

/** The invite in a pasted text, which may be such a link: that is what a desk hands over. */
export const inviteIn = (text: string): string => /[?&]invite=([^&\s]+)/.exec(text)?.[1] ?? text;
