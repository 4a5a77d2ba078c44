import { privateJwkOf, signerFromJwk, type Signer } from '@recourse/protocol';
import type { Signers } from '@recourse/sdk';
import { AgentError } from '../errors.ts';
import { readSecret, type SecretSource } from '../secrets/secret-source.ts';
import { keyRoles, type KeyRole } from './profile.ts';

type Sources = Readonly<Partial<Record<KeyRole, SecretSource>>>;

/**
 * The signers of an agent, from wherever their keys are. What was given replaces what the profile names.
 * @throws AgentError of the sources, `secret-invalid`, `secret-missing` without any key
 */
export async function readSigners(
  keys: { readonly profile: Sources; readonly given: Sources },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Signers> {
  const signers: Partial<Record<KeyRole, Signer>> = {};
  for (const role of keyRoles) {
    const source = keys.given[role] ?? keys.profile[role];
    if (source) signers[role] = await signerOf(await readSecret(source, environment), role);
  }
  if (Object.keys(signers).length > 0) return signers;
  throw new AgentError('secret-missing', {
    message: 'The profile has neither a service key nor a trust key.',
    next: 'Give one: --key service=file:PATH. An admin of your party makes it: recourse keys invite.',
  });
}

async function signerOf(text: string, role: KeyRole): Promise<Signer> {
  try {
    return await signerFromJwk(privateJwkOf(JSON.parse(text)));
  } catch {
    // No cause: a parser's message may quote the key.
    throw new AgentError('secret-invalid', {
      message: `The ${role} key is no Ed25519 or P-256 private key as JWK.`,
      next: 'Restore it from where you keep it; recourse keys new FILE shows what one looks like.',
    });
  }
}
