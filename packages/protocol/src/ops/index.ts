import type { z } from 'zod';
import { appealOps } from './appeals.ts';
import { checkOps } from './checks.ts';
import { epochOps } from './epochs.ts';
import { evidenceOps } from './evidence.ts';
import { journalOps } from './journals.ts';
import { ledgerOps } from './ledger.ts';
import { matchOps } from './matches.ts';
import { membershipOps } from './membership.ts';
import { panelOps } from './panel.ts';
import { partyOps } from './parties.ts';
import { prefixOps } from './prefixes.ts';
import { recallOps } from './recalls.ts';
import { reviewOps } from './review.ts';
import { sanctionOps } from './sanctions.ts';

export { mayCarry, type Operation } from './define.ts';
export * from './appeals.ts';
export * from './case-view.ts';
export * from './case-access.ts';
export * from './case-contact.ts';
export * from './cases.ts';
export * from './checks.ts';
export * from './common.ts';
export * from './enrol.ts';
export * from './epochs.ts';
export * from './evidence.ts';
export * from './journals.ts';
export * from './ledger.ts';
export * from './matches.ts';
export * from './panel.ts';
export * from './parties.ts';
export * from './recalls.ts';
export * from './sanctions.ts';

/** Every signed operation: router, SDK types, schemas and the command line's help derive from this table. */
export const ops = {
  ...checkOps,
  ...matchOps,
  ...prefixOps,
  ...sanctionOps,
  ...epochOps,
  ...appealOps,
  ...reviewOps,
  ...evidenceOps,
  ...journalOps,
  ...recallOps,
  ...ledgerOps,
  ...panelOps,
  ...partyOps,
  ...membershipOps,
};

export type Ops = typeof ops;
export type OpName = keyof Ops;
export type OpInput<N extends OpName> = z.input<Ops[N]['input']>;
export type OpOutput<N extends OpName> = z.output<Ops[N]['output']>;

/** Own properties only: `constructor`, `__proto__` and `a,b` are attacker-controlled names of nothing. */
export function isOpName(name: string): name is OpName {
  return Object.hasOwn(ops, name);
}
