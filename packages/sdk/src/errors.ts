import type { LedgerEvidence, ProblemCode } from '@recourse/protocol';

/** Errors that the SDK itself finds, beside the registry's problems. */
export type SdkErrorCode =
  /** No answer after every attempt: the network, a gateway or a deadline. */
  | 'unavailable'
  /** The answer does not have the form of its operation. */
  | 'answer-invalid'
  /** The registry did not sign for this answer to this call. */
  | 'receipt-invalid'
  /** The submitter did not sign the disclosed statement for this registry. */
  | 'statement-invalid'
  /** A disclosed leaf does not hold the caller's own token, or an opening does not open its entry. */
  | 'commitment-invalid'
  /** The evaluation was not made with the published token key. */
  | 'proof-invalid'
  /** A prefix set is not as the registry signed it, is older than the one held, or hits nearly everything. */
  | 'set-invalid'
  /** A party's keys do not lead back to its pinned enrolment key. */
  | 'chain-invalid'
  /** The pinned ledger key did not announce a key of the registry, or the key differs from the pinned one. */
  | 'registry-key-invalid'
  /** No signer was given for the role this operation needs. */
  | 'signer-missing'
  /** No active reviewer of the panel signed this `recourse-claim+jwt` for this appeal. */
  | 'claim-invalid'
  /** No reviewer has a key on the case yet, so there is nobody to seal evidence to. */
  | 'claim-missing'
  /** Bytes and salt do not open the commitment of the statement. */
  | 'evidence-mismatch'
  /** An item fits the statement: there is nothing to dispute. */
  | 'evidence-fits'
  /** No item was delivered to the own assignment, or its key opens nothing, so nothing was compared. */
  | 'evidence-unopened'
  /** `connect` got no store of sealing keys, or the store has no key for this appeal. */
  | 'sealing-key-missing'
  /** The registry did not sign this security event token for this party. */
  | 'event-invalid'
  /** The ledger served data that is not of the pinned key and witness policy, or that proves nothing. */
  | 'ledger-invalid'
  /** The ledger is smaller than one shown before: an old copy, or a server that lags. */
  | 'ledger-rolled-back'
  /** The log key signed two histories; `evidence` proves it to anybody. */
  | 'ledger-forked'
  /** The entry of a receipt is not in the ledger after the promised time. */
  | 'promise-broken'
  /** A key, a revocation or a token epoch is not in the ledger as the registry states it. */
  | 'not-logged'
  /** The ledger says that the own party answered a recall, but no key of the party signed that. */
  | 'acknowledgement-forged'
  /** The own party was told of a sanction, and the ledger opens no disclosure of it. */
  | 'disclosure-missing'
  /** The ledger has an entry about the own party, and the registry opens it to nobody. */
  | 'opening-missing'
  /** The ledger has other recalls of the own party than `recalls.list`. */
  | 'recalls-differ';

export type RecourseErrorCode = ProblemCode | SdkErrorCode;

export interface Issue {
  readonly path: string;
  readonly code: string;
}

export interface RecourseErrorOptions extends ErrorOptions {
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly issues?: readonly Issue[] | undefined;
  readonly serverTime?: Date | undefined;
  readonly receipt?: string | undefined;
  readonly evidence?: LedgerEvidence | undefined;
}

/**
 * Every error of the SDK, except the reason of an aborted `AbortSignal`. Act on `code`. It holds no identifier, token,
 * case code or key, so you can log it.
 */
export class RecourseError extends Error {
  override readonly name = 'RecourseError';
  readonly code: RecourseErrorCode;
  /** HTTP status, if the registry answered. */
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The refused members of the input and why, never their values. */
  readonly issues: readonly Issue[];
  /** The registry's clock, with `clock-skew`. */
  readonly serverTime: Date | undefined;
  /** The verified `Recourse-Receipt` of a refusal: proof that the registry refused. */
  readonly receipt: string | undefined;
  /**
   * Data that the registry signed, which a third party checks with `verifyEvidence`. Nothing of the caller is in it.
   */
  readonly evidence: LedgerEvidence | undefined;

  constructor(code: RecourseErrorCode, options: RecourseErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.issues = options.issues ?? [];
    this.serverTime = options.serverTime;
    this.receipt = options.receipt;
    this.evidence = options.evidence;
  }
}

/** Runs a check of something another party made, and names what failed. Coded errors of the SDK pass. */
export async function failAs<T>(code: SdkErrorCode, check: () => Promise<T> | T): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (cause instanceof RecourseError) throw cause;
    throw new RecourseError(code, { cause });
  }
}

export const isRecourseError = (error: unknown, code?: RecourseErrorCode): error is RecourseError =>
  error instanceof RecourseError && (code === undefined || error.code === code);

/** The answer was lost, or the registry said that nothing was written. */
const awayCodes: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'unavailable',
  'overloaded',
  'audit-unavailable',
  'recovering',
]);

/** Whether an error only means that the registry is away. */
export const isAway = (error: unknown): boolean =>
  isRecourseError(error) && awayCodes.has(error.code);
