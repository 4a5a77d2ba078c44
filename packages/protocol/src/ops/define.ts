import type { z } from 'zod';
import type { Role } from '../roles.ts';

/**
 * One operation of the wire. A `read` changes nothing that another party sees, beyond the disclosure it
 * makes; a `mutation` is answered in the transaction of its change.
 */
export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'read' | 'mutation';
  /** Roles whose keys may carry the call. */
  readonly roles: readonly Role[];
  /** Only an admin key of the party. */
  readonly admin?: true;
  /** Two operator holders: the first call proposes, the same call by another within 72 h executes. */
  readonly twoHolders?: true;
  /** Messages of the registry wait to be sent once it is committed. */
  readonly leavesMessages?: true;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

/** Whether a key may carry calls of an operation at all. */
export const mayCarry = (
  operation: Pick<Operation, 'roles' | 'admin'>,
  key: { readonly role: Role; readonly admin: boolean },
): boolean => operation.roles.includes(key.role) && (!operation.admin || key.admin);

export const define = <
  const K extends Operation['kind'],
  const R extends Operation['roles'],
  const O extends Omit<Operation, 'kind' | 'roles'>,
>(
  kind: K,
  roles: R,
  operation: O,
): O & { readonly kind: K; readonly roles: R } => ({ kind, roles, ...operation });
