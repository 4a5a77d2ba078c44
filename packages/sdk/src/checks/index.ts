import type { Recourse } from '../connect.ts';
import type { Creator } from '../identifiers.ts';
import { withLink } from '../link-errors.ts';
import { check as checkIn, type CheckOptions, type CheckResult } from './check.ts';

export type {
  CheckAnswer,
  CheckOptions,
  CheckResult,
  CheckSource,
  CheckUnavailable,
  LaterCheck,
  SignupCheck,
} from './check.ts';
export type { ToldMatch, VerifiedMatch, WithheldMatch } from './verify-match.ts';

/** `recourse.check`, with the token code in the caller's bundle instead of loaded at first use. */
export const check = (
  recourse: Recourse,
  creator: Creator<string>,
  options: CheckOptions,
): Promise<CheckResult> =>
  withLink(recourse.session.origin, () => checkIn(recourse.session, creator, options));
