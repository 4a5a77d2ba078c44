import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeInvite } from '@recourse/protocol';
import { bootstrapOperator, type Services } from '@recourse/registry';
import { currentFingerprint } from './ledger/current-fingerprint.ts';
import type { ServerConfig } from './config/config.ts';
import type { Log } from './log.ts';

/**
 * Until the first operator has enrolled, each start writes a new invite for them and ends the one before. It is a secret,
 * and goes into a file for its owner; only the path is said.
 */
export async function inviteOperator(parts: {
  config: ServerConfig;
  services: Services;
  log: Log;
  logKid: string;
}): Promise<void> {
  const invite = await bootstrapOperator(parts.services);
  if (!invite) return;
  const { code, party, role, admin } = invite;
  const path = join(parts.config.dataDir, 'operator-invite.txt');
  const text = encodeInvite({
    origin: parts.config.origin,
    code,
    party,
    role,
    admin,
    logKey: parts.logKid,
    policy: await currentFingerprint(parts.services.db),
  });
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  parts.log.progress(
    `The invite of the first operator is in ${path}: hand it to them, then delete it`,
  );
}
