import { join } from 'node:path';
import {
  publicPart,
  publicJwkSchema,
  roles,
  signerFromJwk,
  thumbprint,
  type PrivateJwk,
  type Role,
} from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { getJson } from '../get-json.ts';
import type { Identity } from './identity.ts';
import { privateJwkOf } from './key-file.ts';
import { readPrivateFile } from './private-file.ts';

/** One key of an invented party in `sandbox.json`. */
interface SandboxKey {
  readonly party: string;
  readonly name: string;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  readonly privateJwk: PrivateJwk;
}

/**
 * A sample party of a sandbox on this machine: `Harbour`, `Harbour:trust`, `Harbour:admin`, or `Harbour:<holder>`; of
 * the panel one reviewer, `Panel`, `Panel:2`, `Panel:3`.
 * The sandbox is believed at its word about its ledger key; nothing in it counts anywhere else.
 */
export async function sandboxIdentity(dir: string, as: string, url?: string): Promise<Identity> {
  const { origin, policy, keys } = readSandbox(join(dir, 'sandbox.json'));
  const [name = '', part = ''] = as.split(':', 2);
  const ofParty = keys.filter((key) => [key.name, key.party].some((text) => same(text, name)));
  const chosen = keysOf(ofParty, part);
  const first = chosen[0];
  if (!first) throw nobody(as, keys);
  const at = url ?? origin;
  return {
    origin,
    url: at,
    logKid: await ledgerKid(at),
    policy,
    party: first.party,
    pins: undefined,
    prefixSets: join(dir, 'prefix-sets'),
    sealingKeys: join(dir, 'sealing-keys', as.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')),
    keys: Object.fromEntries(
      await Promise.all(
        Object.entries(byRole(chosen)).map(async ([role, { privateJwk }]) => [
          role,
          { privateJwk, signer: await signerFromJwk(privateJwk) },
        ]),
      ),
    ),
  };
}

/** Reviewers decide as persons: no two of them share an identity. */
function keysOf(ofParty: readonly SandboxKey[], part: string): SandboxKey[] {
  const isPanel = ofParty.some(({ role }) => role === 'reviewer');
  const number = isPanel && part === '' ? 1 : Number(part);
  if (!Number.isInteger(number) || number < 1) return ofParty.filter((key) => plays(key, part));
  const holder = [...new Set(ofParty.map((key) => key.holder))][number - 1];
  return ofParty.filter((key) => key.holder === holder);
}

function plays(key: SandboxKey, part: string): boolean {
  if (part === '') return true;
  if (part === 'admin') return key.admin;
  return key.holder === part || (key.role === part && !key.admin);
}

/** Where a sandbox on this machine is reached, for whoever acts without a key of a party. */
export async function sandboxRegistry(
  dir: string,
  url?: string,
): Promise<{ origin: string; url: string; logKid: string; policy: string }> {
  const { origin, policy } = readSandbox(join(dir, 'sandbox.json'));
  const at = url ?? origin;
  return { origin, url: at, logKid: await ledgerKid(at), policy };
}

/** Whoever is no admin signs first: the admin key is for keys, and the second holder of the samples. */
function byRole(keys: readonly SandboxKey[]): Readonly<Record<string, SandboxKey>> {
  const chosen: Record<string, SandboxKey> = {};
  for (const key of keys.toSorted((a, b) => Number(a.admin) - Number(b.admin))) {
    chosen[key.role] ??= key;
    if (key.admin) chosen['admin'] ??= key;
  }
  return chosen;
}

function readSandbox(path: string): { origin: string; policy: string; keys: SandboxKey[] } {
  const text = readPrivateFile(path);
  try {
    const json = JSON.parse(text) as { origin?: unknown; policy?: unknown; parties?: unknown };
    const { origin, policy, parties } = json;
    if (typeof origin !== 'string' || typeof policy !== 'string' || !Array.isArray(parties))
      throw new TypeError('shape');
    return { origin, policy, keys: parties.map((entry: unknown) => keyOf(entry)) };
  } catch {
    // No cause: a parser's message may quote a key.
    throw new CliError('config-invalid', {
      message: `${path} is not the file of a sandbox.`,
      next: 'Give the data directory of a running sandbox: --sandbox .recourse',
    });
  }
}

function keyOf(entry: unknown): SandboxKey {
  const { party, name, holder, role, admin, privateJwk }: Partial<Record<string, unknown>> = {
    ...(entry as object),
  };
  const known = roles.find((one) => one === role);
  if (typeof party !== 'string' || typeof name !== 'string' || known === undefined) {
    throw new TypeError('shape');
  }
  return {
    party,
    name,
    holder: typeof holder === 'string' ? holder : '',
    role: known,
    admin: admin === true,
    privateJwk: privateJwkOf(privateJwk),
  };
}

async function ledgerKid(url: string): Promise<string> {
  const { logKey } = (await getJson(`${url}/.well-known/recourse`)) as { logKey?: unknown };
  const { success, data } = publicJwkSchema.safeParse(logKey);
  if (success) return thumbprint(publicPart(data));
  throw new CliError('registry-answer-invalid', {
    message: `${url} does not say which ledger key it has.`,
    next: 'Check that a registry of this version runs there.',
  });
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function nobody(as: string, keys: readonly SandboxKey[]): CliError {
  const names = [...new Set(keys.map(({ name }) => name))].join(', ');
  return new CliError('profile-missing', {
    message: `There is no ${as} in this sandbox.`,
    next: `Use --as NAME or NAME:trust, NAME:service, NAME:admin, or Panel, Panel:2, Panel:3, with one of: ${names}.`,
  });
}
