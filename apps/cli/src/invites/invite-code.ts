import { encodeInvite, inviteCodeSchema, inviteKey, type Invite } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { createPrivateFile, fileExists, readPrivateFile } from '../profile/private-file.ts';

/** Party and role that an invite lets somebody enrol as. */
export type Invited = Pick<Invite, 'party' | 'role' | 'admin'>;

/** The code is made here: the registry gets its hash alone. */
export const newInviteCode = (): string => randomBytes(24).toString('base64url');

/** Writes a whole invite into a new file of its owner's. @returns its path */
export async function writeInvite(
  { identity }: Context,
  { out, code, ...invited }: Invited & { out: string; code: string },
): Promise<string> {
  const { origin, logKid: logKey, policy } = await identity();
  const file = resolve(out);
  createPrivateFile(file, `${encodeInvite({ origin, code, logKey, policy, ...invited })}\n`);
  return file;
}

/** The code of an invite that others still have to agree to; it waits in a file beside the one that the invite goes to. */
export interface WaitingCode {
  readonly code: string;
  /** H of the code: public */
  readonly hash: string;
  readonly isNew: boolean;
  forget(): void;
}

/** @throws CliError `file-exists` when the invite is there already */
export function waitingCode(out: string): WaitingCode {
  if (fileExists(resolve(out))) throw alreadyMade(resolve(out));
  const path = `${resolve(out)}.code`;
  const isNew = !fileExists(path);
  if (isNew) createPrivateFile(path, `${newInviteCode()}\n`);
  const { success, data: code } = inviteCodeSchema.safeParse(readPrivateFile(path).trim());
  if (!success) throw damaged(path);
  return { code, hash: inviteKey(code), isNew, forget: () => rmSync(path, { force: true }) };
}

const alreadyMade = (file: string): CliError =>
  new CliError('file-exists', {
    message: `The invite is in ${file} already.`,
    next: 'Hand it over, or name another file for another invite: --out FILE.',
  });

const damaged = (path: string): CliError =>
  new CliError('input-invalid', {
    message: `${path} does not hold the code of an invite.`,
    next: 'Restore it, or delete it and begin anew: the hash is another one then.',
  });
