import type { LedgerEvidence, ProblemCode } from '@recourse/protocol';

/** What the SDK itself finds, beside the problems the registry answers. */
export type SdkErrorCode =
  /** No answer: the network, a gateway or a deadline; every attempt was used up. */
  | 'unavailable'
  /** The answer is not what its operation answers. */
  | 'answer-invalid'
  /** The registry did not sign for this answer to this call. */
  | 'receipt-invalid'
  /** A disclosed statement is not one that its submitter signed for this registry. */
  | 'statement-invalid'
  /** A disclosed leaf does not hold the caller's own token, or an opening does not open its entry. */
  | 'commitment-invalid'
  /** The evaluation was not made with the published token key. */
  | 'proof-invalid'
  /** A prefix set is not the one that the registry signed, or an older one, or one in which nearly everything hits. */
  | 'set-invalid'
  /** A party's keys do not lead back to its enrolment key, or not to the one pinned. */
  | 'chain-invalid'
  /** A key of the registry is not announced by the pinned ledger key, or differs from the one pinned. */
  | 'registry-key-invalid'
  /** No signer was given for the role this operation needs. */
  | 'signer-missing'
  /** A `recourse-claim+jwt` is not one that an active reviewer of the panel signed for this appeal. */
  | 'claim-invalid'
  /** No reviewer has a key on the case yet, so there is nobody to seal evidence to. */
  | 'claim-missing'
  /** Bytes and salt do not open what the statement committed to. */
  | 'evidence-mismatch'
  /** An item is what the statement committed to: there is nothing to dispute. */
  | 'evidence-fits'
  /** An item was not delivered to the own claim, or its key opens nothing: nothing was compared. */
  | 'evidence-unopened'
  /** No store of sealing keys was given to `connect`, or it holds none for this appeal. */
  | 'sealing-key-missing'
  /** A security event token is not one that the registry signed for this party. */
  | 'event-invalid'
  /** What the ledger served is not of the pinned key and witness policy, or proves nothing. */
  | 'ledger-invalid'
  /** The ledger is smaller than one that was shown before: an old copy of it, or a server that lags. */
  | 'ledger-rolled-back'
  /** The log key signed two histories; `evidence` proves it to anybody. */
  | 'ledger-forked'
  /** The entry of a receipt is not in the ledger after the time it promised. */
  | 'promise-broken'
  /** A key, a revocation or a token epoch is not in the ledger as the registry says it. */
  | 'not-logged'
  /** The ledger says that the own party answered a recall, and no key of it signed that. */
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
 * Everything the SDK throws, but what an `AbortSignal` was aborted with. Act on `code`. Neither message nor
 * members hold an identifier, a token, a case code or a key, so it can be logged as it is.
 */
export class RecourseError extends Error {
  override readonly name = 'RecourseError';
  readonly code: RecourseErrorCode;
  /** HTTP status, where the registry answered. */
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Which members of the input were refused, and why; never their values. */
  readonly issues: readonly Issue[];
  /** The registry's clock, with `clock-skew`. */
  readonly serverTime: Date | undefined;
  /** The verified `Recourse-Receipt` of a refusal: proof that the registry refused. */
  readonly receipt: string | undefined;
  /** What the registry signed, for a third party to check with `verifyEvidence`; nothing of the caller is in it. */
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
