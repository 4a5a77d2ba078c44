import { ops, type OpName, type Operation, type Role, type Signer } from '@recourse/protocol';
import { RecourseError } from './errors.ts';

/** The keys of a holder, by role; `admin` adds and revokes keys. */
export interface Signers {
  /** Checks and polls */
  readonly service?: Signer | undefined;

  /** Records, withdraws and answers appeals */
  readonly trust?: Signer | undefined;

  /** Reads the states of own records */
  readonly support?: Signer | undefined;

  /** Takes and decides cases */
  readonly reviewer?: Signer | undefined;

  /** Runs the registry */
  readonly operator?: Signer | undefined;

  /** Adds and revokes keys of the party */
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
