import type { ProblemIssue } from '@recourse/protocol';

/** Why the command did not start, or stopped by itself. Refusals of the registry are `RecourseError`s. */
export type CliErrorCode =
  | 'usage'
  | 'file-unreadable'
  | 'file-exposed'
  | 'file-exists'
  | 'config-invalid'
  | 'profile-missing'
  | 'key-invalid'
  | 'secret-argument'
  | 'evidence-unfit'
  | 'input-invalid'
  | 'journal-invalid'
  | 'journal-in-use'
  | 'registry-unreachable'
  | 'dns-unreachable'
  | 'registry-answer-invalid';

export type CliIssue = ProblemIssue;

/** A fault that a person at the command line can mend. No message, step or issue holds an identifier or a code of a case. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** The next step, as one sentence */
  readonly next: string;
  readonly issues: readonly CliIssue[];

  constructor(
    code: CliErrorCode,
    text: { message: string; next: string },
    options: { cause?: unknown; issues?: readonly CliIssue[] } = {},
  ) {
    super(text.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.next = text.next;
    this.issues = options.issues ?? [];
  }
}
