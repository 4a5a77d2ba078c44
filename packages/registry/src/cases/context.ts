import { newId, Problem } from '@recourse/protocol';
import type { AuditedCall } from '../commit/audit-row.ts';
import type { IdentityProofs, Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { Changes } from '../commit/changes.ts';

export type Mail = Parameters<IdentityProofs['mailCode']>[0];
export type TextCode = Omit<Parameters<IdentityProofs['textCode']>[0], 'isSought'>;

/** A token as the database knows it, and the epoch it was made under. */
export interface TokenLookup {
  readonly lookup: Uint8Array;
  readonly epoch: number;
}

/** The platform that says that somebody controls what was looked up, where it is not the registry itself */
export interface Voucher {
  readonly party: string;
  readonly kind: 'account' | 'iban';
  /** When it said so: of what was recorded later it said nothing */
  readonly at: Date;
  /** Under which it stands among those who were told */
  readonly check: string;
}

/** An identifier whose control was proven before the transaction began: it holds no connection meanwhile. */
export interface ProvenIdentifier {
  readonly find: string;
  readonly lookups: readonly TokenLookup[];
}

/** The context of an act of a creator. Everything it changes goes through `db`, in one transaction. */
export interface CaseContext {
  readonly services: Services;
  readonly now: Date;
  readonly db: Db;
  readonly changes: Changes;
  /** For `case.prove` only */
  readonly proven: ProvenIdentifier | undefined;
  /** Sent once the act is committed; whether that succeeds decides nothing */
  readonly mails: Mail[];
  /** The same by phone, where the published set has the number */
  readonly texts: TextCode[];
}

export function caseContextOf(
  services: Services,
  { call, db, proven }: { call: AuditedCall; db: Db; proven: ProvenIdentifier | undefined },
): CaseContext {
  const now = services.clock();
  const unique = (): string => newId('evd', { now, random: services.random });
  const changes = new Changes({ caller: call.payload.iss, now, unique });
  return { services, now, db, changes, proven, mails: [], texts: [] };
}

/** The secret opens nothing. Whoever sent it is nobody: not attributed, and counted as a guess. */
export class WrongSecret extends Problem {
  constructor() {
    super('not-found');
  }
}
