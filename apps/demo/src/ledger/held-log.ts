import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseVerifierKey, type NoteSigner } from '@recourse/ledger';
import { signerFromJwk, type PrivateJwk } from '@recourse/protocol';
import { ForgedEntries } from './forged-entries.ts';
import { copyLog, type LogCopy } from './log-copy.ts';

/** A log in the hands of whoever operates it: its files, its key, and nobody else's key. */
export interface HeldLog extends LogCopy {
  readonly signer: NoteSigner;
  /** Origin of the registry */
  readonly origin: string;
  readonly forged: ForgedEntries;
}

/** Reads the log of a sandbox that runs, with the key from its data directory. */
export async function heldLog({
  origin,
  dataDir,
}: {
  origin: string;
  dataDir: string;
}): Promise<HeldLog> {
  const response = await fetch(`${origin}/.well-known/recourse`);
  const { ledger } = (await response.json()) as { ledger: { key: string } };
  const key = parseVerifierKey(ledger.key);
  const jwk = JSON.parse(readFileSync(join(dataDir, 'keys', 'log.jwk.json'), 'utf8')) as PrivateJwk;
  const secret = await signerFromJwk(jwk);
  const signer: NoteSigner = { key, sign: (message) => secret.sign(message) };
  const copy = await copyLog(origin, key);
  return { ...copy, signer, origin, forged: new ForgedEntries(copy.entries) };
}
