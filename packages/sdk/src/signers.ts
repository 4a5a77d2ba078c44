import { ops, type OpName, type Operation, type Role, type Signer } from '@recourse/protocol';
import { RecourseError } from './errors.ts';

/** The keys of a holder, by role; `admin` adds and revokes keys. */
export interface Signers {
  readonly service?: Signer | undefined;
  readonly trust?: Signer | undefined;
  readonly reviewer?: Signer | undefined;
  readonly operator?: Signer | undefined;
  readonly admin?: Signer | undefined;
}

/**
 * The key that carries a call: for operations of administrators the admin key, else the first of the
 * operation's roles that a key was given for. `as` asks for one role, where the input needs it.
 * @throws RecourseError `signer-missing`
 */
export function chooseSigner(signers: Signers, op: OpName, as?: Role): Signer {
  const operation: Operation = ops[op];
  const signer = operation.admin
    ? signers.admin
    : (as === undefined ? operation.roles : [as])
        .map((role) => signers[role])
        .find((candidate) => candidate !== undefined);
  if (!signer) throw new RecourseError('signer-missing');
  return signer;
}

export function needSigner(signers: Signers, role: keyof Signers): Signer {
  const signer = signers[role];
  if (!signer) throw new RecourseError('signer-missing');
  return signer;
}
