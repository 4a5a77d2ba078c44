import { createHash } from 'node:crypto';
import type { Proof } from './agent.ts';
import { proofMs, type Proven } from './mark.ts';
import type { UserRow } from './users.ts';

interface Proving {
  readonly what: Proven;
  readonly at: Date;
  readonly now: Date;
}

/**
 * What a user proved within 24 hours. When the rest of an older account was proven, nobody knows: it is asked about what
 * was proven just now. Undefined where that is nothing.
 */
export function proofOf(user: UserRow, { what, at, now }: Proving): Proof | undefined {
  if (now.getTime() - at.getTime() >= proofMs) return undefined;
  const isNew = now.getTime() - user.createdAt.getTime() < proofMs;
  const has = (one: Proven, isProven: boolean): boolean => isProven && (isNew || what === one);
  const email = has('email', user.emailVerified) ? user.email : undefined;
  const phone = has('phone', user.phoneNumberVerified === true)
    ? (user.phoneNumber ?? undefined)
    : undefined;
  if (email === undefined && phone === undefined) return undefined;
  const areBoth = email !== undefined && phone !== undefined;
  return { email, phone, provenAt: areBoth ? user.createdAt : at };
}

/** A name for the identifiers of a proof. They stand in the same row, so that it hides nothing. */
export const aboutOf = ({ email = '', phone = '' }: Pick<Proof, 'email' | 'phone'>): string =>
  createHash('sha256').update(`${email}\0${phone}`).digest('base64url').slice(0, 16);
