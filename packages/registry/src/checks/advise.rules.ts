import type { Advice, IdentifierKind } from '@recourse/protocol';

/** One identifier of one statement that a token of the check met. */
export interface Met {
  readonly sanction: string;
  readonly epoch: number;
  /** Place in the subject tree */
  readonly position: number;
  readonly kind: IdentifierKind;
  /** An appeal puts in doubt whether this is the person, or the act */
  readonly withheld?: boolean;
}

/** Numbers are shared and recycled, accounts and wallets sold. */
const sharedKinds: ReadonlySet<IdentifierKind> = new Set(['phone', 'account', 'wallet', 'iban']);

/**
 * What the registry advises: look, or find out first whether this is the person. It never advises to refuse.
 *
 * A match on one phone, account, wallet or IBAN with no second identifier of the same statement answers
 * `verify-identity`, and so does a record whose reason is withheld while it is disputed.
 */
export function advise(met: readonly Met[]): Advice {
  if (met.length === 0) return 'no-record';
  const statements = [...Map.groupBy(met, (one) => one.sanction).values()];
  return statements.every(isInDoubt) ? 'verify-identity' : 'review';
}

/** One identifier asked under two epochs is one identifier: places are compared within an epoch. */
function isInDoubt(met: readonly Met[]): boolean {
  if (met.some((one) => one.withheld)) return true;
  if (met.some((one) => !sharedKinds.has(one.kind))) return false;
  const epochs = Map.groupBy(met, (one) => one.epoch);
  return [...epochs.values()].every(
    (inEpoch) => new Set(inEpoch.map((one) => one.position)).size === 1,
  );
}
