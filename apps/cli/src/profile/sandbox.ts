import { privateJwkOf, roles, signerFromJwk } from '@recourse/protocol';
import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import type { Identity } from './identity.ts';
import { readPrivateFile } from './private-file.ts';
import { ledgerKid } from './registry-documents.ts';

/** One key of an invented party in `sandbox.json`. */
const keySchema = z.object({
  party: z.string(),
  name: z.string(),
  holder: z.string().catch(''),
  role: z.enum(roles),
  admin: z.boolean().catch(false),
  privateJwk: z.unknown().transform(privateJwkOf),
});
type SandboxKey = z.infer<typeof keySchema>;

const sandboxSchema = z.object({
  origin: z.string(),
  policy: z.string(),
  parties: z.array(keySchema),
});

/**
 * A sample party of a sandbox on this machine: `Harbour`, `Harbour:trust`, `Harbour:admin`, or `Harbour:<holder>`; of
 * the panel one reviewer, `Panel`, `Panel:2`, `Panel:3`.
 * The sandbox is believed at its word about its ledger key; nothing in it counts anywhere else.
 */
export async function sandboxIdentity(dir: string, as: string, url?: string): Promise<Identity> {
  const { origin, policy, parties: keys } = readSandbox(dir);
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
    journal: join(dir, 'journal', first.party),
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
  const { origin, policy } = readSandbox(dir);
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

function readSandbox(dir: string): z.infer<typeof sandboxSchema> {
  const path = join(dir, 'sandbox.json');
  const text = readPrivateFile(path);
  try {
    return sandboxSchema.parse(JSON.parse(text));
  } catch {
    // No cause: a parser's message may quote a key.
    throw new CliError('config-invalid', {
      message: `${path} is not the file of a sandbox.`,
      next: 'Give the data directory of a running sandbox: --sandbox .recourse',
    });
  }
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function nobody(as: string, keys: readonly SandboxKey[]): CliError {
  const names = [...new Set(keys.map(({ name }) => name))].join(', ');
  return new CliError('profile-missing', {
    message: `There is no ${as} in this sandbox.`,
    next: `Use --as NAME or NAME:trust, NAME:service, NAME:admin, or Panel, Panel:2, Panel:3, with one of: ${names}.`,
  });
}
