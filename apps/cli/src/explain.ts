import { isRecourseError } from '@recourse/sdk';
import { VerifyError } from '@recourse/verify';
import { WitnessError } from '@recourse/witness';
import { CliError, type CliIssue } from './errors.ts';
import { verifySteps } from './ledger/next-steps.ts';

/** An error as a person or a script is told it: by code, with what to do next, and no value of any input. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly issues: readonly CliIssue[];
  /** The page of the registry about this code */
  readonly link?: string | undefined;
}

export function explain(error: unknown): Explanation {
  if (error instanceof CliError) {
    const { code, message, next, issues } = error;
    return { code, message, next, issues };
  }
  if (isRecourseError(error)) {
    const { code, message, next, issues, link, retryAfterSeconds } = error;
    const wait = retryAfterSeconds === undefined ? '' : waitOf(retryAfterSeconds);
    return { code, message, next: next + wait, issues, link };
  }
  if (error instanceof VerifyError) {
    const { code, message, issues } = error;
    return { code, message, next: verifySteps[code], issues };
  }
  if (error instanceof WitnessError) {
    const { code, message, next } = error;
    return { code, message, next, issues: [] };
  }
  return {
    code: 'internal',
    message: 'The command failed.',
    next: `Report this with the version and the command: ${nameOf(error)}.`,
    issues: [],
  };
}

/** When to try again, for scripts in seconds, for people also in what they would say of them. */
function waitOf(seconds: number): string {
  const inSeconds = ` Retry-After: ${seconds} s`;
  if (seconds < 120) return `${inSeconds}.`;
  const minutes = Math.ceil(seconds / 60);
  const about = minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  return `${inSeconds}, in ${about}.`;
}

/** The message of an unknown error may quote input; its name does not. */
const nameOf = (error: unknown): string =>
  error instanceof Error
    ? [error.name, 'code' in error ? String(error.code) : ''].join(' ').trim()
    : 'unknown';
