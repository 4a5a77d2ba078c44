import { readFileSync } from 'node:fs';
import type { PartyId, Role } from '@recourse/protocol';
import { sandboxFile } from '../data-dir.ts';
import type { SandboxKey } from './sandbox-registry.ts';
import type { SandboxSeed } from './sandbox-seed.ts';

/** A key of a sample party, by the file that the setup left: a later start makes nobody again. */
export async function keptKey(
  seed: SandboxSeed,
  dataDir: string,
  label: string,
): Promise<SandboxKey> {
  const { kid } = (await seed.key(label)).signer;
  const { parties } = JSON.parse(readFileSync(sandboxFile(dataDir), 'utf8')) as {
    parties: {
      kid: string;
      party: PartyId;
      name: string;
      holder: string;
      role: Role;
      admin: boolean;
    }[];
  };
  const found = parties.find((party) => party.kid === kid);
  if (!found) throw new TypeError(`no key of ${label}: remove ${dataDir} to begin anew`);
  return { ...found, label };
}
