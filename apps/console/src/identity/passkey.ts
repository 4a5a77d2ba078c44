import { fromBase64url, toBase64url, utf8 } from '@recourse/protocol';
import { fingerprint } from './fingerprint.ts';
import type { Passkey, Person } from './person.ts';
import { resealing, unsealKeys, type OpenKeys } from './wrapped-keys.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Whether this browser can ask an authenticator for such a value. WebAuthn knows names, and no addresses. */
export async function canUsePasskeys(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis) || /^[\d.]+$|^\[/.test(location.hostname))
    return false;
  // Older browsers lack the function.
  const asking: unknown = Reflect.get(PublicKeyCredential, 'getClientCapabilities');
  if (typeof asking !== 'function') return false;
  return (await PublicKeyCredential.getClientCapabilities())['extension:prf'] === true;
}

/** Makes a passkey that opens what the passphrase opens. Undefined where either of them does not work. */
export async function makePasskey(
  person: Person,
  passphrase: string,
): Promise<Passkey | undefined> {
  const sealWith = await resealing(person.wrapped, passphrase);
  if (!sealWith) return undefined;
  const salt = random(32);
  const credential = await askedFor(() => navigator.credentials.create(creation(person, salt)));
  if (!credential) return undefined;
  const id = new Uint8Array(credential.rawId);
  // Some authenticators compute nothing while they make a key.
  const output = outputOf(credential) ?? (await outputFor(id, salt));
  if (!output) return undefined;
  const sealed = await sealWith(await keyOf(output, person));
  return { credential: toBase64url(id), salt: toBase64url(salt), ...sealed };
}

/** Undefined where the authenticator refuses, has lost the passkey, or is not there. */
export async function openByPasskey(person: Person): Promise<OpenKeys | undefined> {
  const { passkey } = person;
  if (!passkey) return undefined;
  const output = await outputFor(bytes(passkey.credential), bytes(passkey.salt));
  return output && unsealKeys(passkey, await keyOf(output, person));
}

/** The authenticator learns the role and the key, which are public. The name of the person stays in this browser. */
function creation({ kid, role }: Person, salt: Bytes): CredentialCreationOptions {
  const name = `${role}, key ${fingerprint(kid)}`;
  return {
    publicKey: {
      rp: { name: 'Recourse desk' },
      // A second passkey of the same person takes the place of the first.
      user: { id: bytes(kid), name, displayName: name },
      // Nobody verifies a signature: what counts is the value that opens the keys.
      challenge: random(32),
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
      extensions: { prf: { eval: { first: salt } } },
    },
  };
}

async function outputFor(id: Bytes, salt: Bytes): Promise<ArrayBuffer | undefined> {
  const credential = await askedFor(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: 'public-key', id }],
        // Whoever finds an unlocked machine has to be the person all the same.
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  return credential && outputOf(credential);
}

/** A refusal does not say why: that would tell pages which passkeys somebody has. */
async function askedFor(
  ask: () => Promise<Credential | null>,
): Promise<PublicKeyCredential | undefined> {
  try {
    const credential = await ask();
    return credential instanceof PublicKeyCredential ? credential : undefined;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

function outputOf(credential: PublicKeyCredential): ArrayBuffer | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  return first instanceof ArrayBuffer ? first : undefined;
}

/** Bound to the person: what one passkey computes opens nothing of anybody else. */
async function keyOf(output: ArrayBuffer, { kid }: Person): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', output, 'HKDF', false, ['deriveKey']);
  const info = new Uint8Array(utf8(`recourse-desk-passkey-1/${kid}`));
  const params = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(params, base, aes, false, ['encrypt', 'decrypt']);
}

const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size));
const bytes = (base64url: string): Bytes => new Uint8Array(fromBase64url(base64url));
