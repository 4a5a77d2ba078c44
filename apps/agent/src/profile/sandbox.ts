import { join } from 'node:path';
import {
  publicJwkSchema,
  publicPart,
  signerFromJwk,
  thumbprint,
  type PrivateJwk,
  type Signer,
} from '@recourse/protocol';
import type { ConnectOptions, Signers } from '@recourse/sdk';
import { AgentError } from '../errors.ts';
import { readPrivateFile } from '../secrets/private-file.ts';

interface SandboxKey {
  readonly party: string;
  readonly name: string;
  readonly role: string;
  readonly admin: boolean;
  readonly privateJwk: PrivateJwk;
}

/**
 * A sample platform of a sandbox on this machine. The sandbox is believed at its word about its ledger key; nothing in it
 * counts anywhere else.
 * @throws AgentError `profile-missing`, `profile-invalid`, `registry-unreachable`
 */
export async function sandboxConnection(
  sandbox: { readonly directory: string; readonly as: string },
  url: string | undefined,
): Promise<Pick<ConnectOptions, 'registry' | 'party' | 'signers'>> {
  const { origin, policy, parties } = read(join(sandbox.directory, 'sandbox.json'));
  const keys = parties.filter(({ name }) => name.toLowerCase() === sandbox.as.toLowerCase());
  const [first] = keys;
  if (!first) throw nobody(sandbox.as, parties);
  const signers: { service?: Signer; trust?: Signer } = {};
  for (const { role, admin, privateJwk } of keys) {
    if (admin || (role !== 'service' && role !== 'trust')) continue;
    signers[role] ??= await signerFromJwk(privateJwk);
  }
  const at = url ?? origin;
  const registry = { origin, url: at, policy, logKid: await ledgerKid(at) };
  return { registry, party: first.party, signers: signers satisfies Signers };
}

interface SandboxFile {
  readonly origin: string;
  readonly policy: string;
  readonly parties: readonly SandboxKey[];
}

function read(path: string): SandboxFile {
  const text = readPrivateFile(path);
  try {
    // The server of this machine wrote it, for its owner alone.
    const file: SandboxFile = JSON.parse(text);
    if (!Array.isArray(file.parties)) throw new TypeError('shape');
    return file;
  } catch {
    // No cause: a parser's message may quote a key.
    throw new AgentError('profile-invalid', {
      message: `${path} is not the file of a sandbox.`,
      next: 'Give the data directory of a running sandbox: --sandbox .recourse.',
    });
  }
}

async function ledgerKid(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/.well-known/recourse`, {
      signal: AbortSignal.timeout(10_000),
    });
    const { logKey } = (await response.json()) as { logKey?: unknown };
    return thumbprint(publicPart(publicJwkSchema.parse(logKey)));
  } catch (cause) {
    throw new AgentError(
      'registry-unreachable',
      {
        message: `The sandbox at ${url} does not answer.`,
        next: 'Start it in another terminal: npm start. An agent with a profile needs no registry to start.',
      },
      { cause },
    );
  }
}

const nobody = (as: string, keys: readonly SandboxKey[]): AgentError =>
  new AgentError('profile-missing', {
    message: `There is no ${as} in this sandbox.`,
    next: `Use --as with one of: ${[...new Set(keys.map(({ name }) => name))].join(', ')}.`,
  });
