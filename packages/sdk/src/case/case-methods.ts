import type { CaseInput, CaseOpName, CaseOutput } from '@recourse/protocol';
import type { MethodOf } from '../op-names.ts';

/** Methods of a case by what they do: a mutation repeated byte for byte gets its first answer. */
export const caseMethods = {
  open: 'read',
  claim: 'mutation',
  rotate: 'mutation',
  numberSince: 'mutation',
  appeal: 'mutation',
  join: 'mutation',
  addInformation: 'mutation',
  addFile: 'mutation',
  withdrawAppeal: 'mutation',
  requestErasure: 'mutation',
  receipt: 'read',
  letter: 'read',
  find: 'mutation',
  prove: 'mutation',
  ticket: 'mutation',
  setContact: 'mutation',
  confirmContact: 'mutation',
  removeContact: 'mutation',
  stopContact: 'mutation',
  invite: 'mutation',
  accept: 'mutation',
  endAccess: 'mutation',
} as const satisfies Record<MethodOf<'case', CaseOpName>, 'read' | 'mutation'>;

/** Name of an act of a creator. */
export type CaseMethod = keyof typeof caseMethods;

/** Arguments of an act; the client makes its `jti`. */
export type CaseArguments<M extends CaseMethod> = Omit<CaseInput<`case.${M}`>, 'jti'>;

/** Answer of the registry to an act. */
export type CaseResult<M extends CaseMethod> = CaseOutput<`case.${M}`>;
