import {
  jcs,
  publicJwkSchema,
  toBase64url,
  toNumericDate,
  utf8,
  type ClaimantAct,
  type ClaimantActPayload,
  type PublicJwk,
} from '@recourse/protocol';

export interface SignedForm {
  readonly act: ClaimantAct;
  readonly sanction: ClaimantActPayload['sub'];
  readonly kid: string;
}

/** Makes the text that the key in the browser signs: an artefact but for its signature. */
export function signingInput(
  { origin, now }: { readonly origin: string; readonly now: Date },
  { kid, act, sanction }: SignedForm,
  jti: string,
): string {
  const typ = 'recourse-claimant-act+jwt';
  const payload: ClaimantActPayload = {
    iss: 'case',
    aud: origin,
    sub: sanction,
    act,
    jti,
    iat: toNumericDate(now),
  };
  return [{ alg: 'ES256', typ, kid }, payload]
    .map((part) => toBase64url(utf8(jcs(part))))
    .join('.');
}

/** Reads what the script put into a form; nothing where there is none. */
export function enteredWith(fields: Readonly<Record<string, string>>): { signingKey?: PublicJwk } {
  const key = publicJwkSchema.safeParse(parsedJson(fields['signingKey'] ?? ''));
  return key.success ? { signingKey: key.data } : {};
}

export const signedIn = ({ act = '' }: Readonly<Record<string, string>>): { act?: string } =>
  act === '' ? {} : { act };

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
