import {
  isProblemCode,
  problemCodes,
  sayIssue,
  textOfCode,
  type ClientFaultCode,
  type LedgerEvidence,
  type ProblemCode,
  type ProblemIssue,
} from '@recourse/protocol';

/** Code of a fault that the SDK finds itself, beside the refusals of the registry. */
export type SdkErrorCode = ClientFaultCode;

/** Code of every error of the SDK: a closed list. */
export type RecourseErrorCode = ProblemCode | SdkErrorCode;

/** Where an input is wrong and how: path, code, and the allowed values of a closed list. */
export type Issue = ProblemIssue;

/** Further members of an error. */
export interface RecourseErrorOptions extends ErrorOptions {
  /** HTTP status, if the registry answered */
  readonly status?: number | undefined;

  /** Seconds after which the registry wants to be asked again */
  readonly retryAfterSeconds?: number | undefined;

  /** The refused members of the input */
  readonly issues?: readonly Issue[] | undefined;

  /** The registry's clock */
  readonly serverTime?: Date | undefined;

  /** The verified receipt of a refusal */
  readonly receipt?: string | undefined;

  /** Data that the registry signed */
  readonly evidence?: LedgerEvidence | undefined;
}

/**
 * Every error of the SDK, except the reason of an aborted `AbortSignal`. Act on `code`; show `title` and `next` to a
 * person. It holds no identifier, token, case code or key, so you can log it.
 */
export class RecourseError extends Error {
  /** Always `RecourseError` */
  override readonly name = 'RecourseError';
  /** The fault, for programs. */
  readonly code: RecourseErrorCode;
  /** The fault in one sentence, for people; `message` is the same. */
  readonly title: string;
  /** The next step, for people. Names each wrong member and its allowed values. */
  readonly next: string;
  /** The member of the input that is wrong, as a path: `creator.email.control`. The first one, if there are several. */
  readonly field: string | undefined;
  /** Every value that `field` may have, where that is a closed list. */
  readonly allowed: readonly string[] | undefined;
  /** HTTP status, if the registry answered. */
  readonly status: number | undefined;
  /** Seconds after which the registry wants to be asked again. */
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

  /** @param code decides title and next step */
  constructor(code: RecourseErrorCode, options: RecourseErrorOptions = {}) {
    const { title, next } = textOfCode(code);
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    const { issues = [] } = options;
    this.code = code;
    this.title = title;
    this.next = nextWith(code, next, issues);
    const wrong = isAboutInput(code) ? issues[0] : undefined;
    this.field = wrong?.path === '' ? undefined : wrong?.path;
    this.allowed = wrong?.allowed;
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.issues = issues;
    this.serverTime = options.serverTime;
    this.receipt = options.receipt;
    this.evidence = options.evidence;
  }

  /**
   * Whether `issues` has one of this code.
   *
   * @param path only of this member of the input
   */
  hasIssue(code: Issue['code'], path?: string): boolean {
    return this.issues.some(
      (issue) => issue.code === code && (path === undefined || issue.path === path),
    );
  }

  /** The page of the registry about this code; undefined if no registry was talked to. */
  get link(): string | undefined {
    const origin = registries.get(this);
    return origin === undefined ? undefined : `${origin}/problems/${this.code}`;
  }
}

/** Which registry an error is about. The surface of the SDK knows; the checks that throw do not. */
const registries = new WeakMap<RecourseError, string>();

/** Says of an error which registry was talked to. */
export function linkError(error: unknown, origin: string): void {
  if (error instanceof RecourseError && !registries.has(error)) registries.set(error, origin);
}

const isAboutInput = (code: RecourseErrorCode): boolean =>
  isProblemCode(code) && problemCodes[code].status === 422;

/** The step of the code, with each wrong member in words. */
function nextWith(code: RecourseErrorCode, next: string, issues: readonly Issue[]): string {
  if (issues.length === 0 || !isProblemCode(code)) return next;
  const sentences = issues.slice(0, mostSaid).map(sayIssue);
  if (issues.length > mostSaid) sentences.push(`${issues.length - mostSaid} more`);
  return code === 'invalid-input'
    ? `Correct ${sentences.join('; then ')}.`
    : `${next} (${sentences.join('; ')})`;
}

/** More than a person reads in one sentence; `issues` has them all. */
const mostSaid = 3;

/** Runs a check of something another party made, and names what failed. Coded errors of the SDK pass. */
export async function failAs<T>(code: SdkErrorCode, check: () => Promise<T> | T): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (cause instanceof RecourseError) throw cause;
    throw new RecourseError(code, { cause });
  }
}

/** Whether an error is one of the SDK; with `code`, whether it is that one. */
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
