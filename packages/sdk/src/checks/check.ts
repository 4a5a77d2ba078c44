import type { Advice, Id, Purpose, VerifiedReceipt } from '@recourse/protocol';
import { listIdentifiers, type Creator } from '../identifiers.ts';
import type { Session } from '../session.ts';
import { evaluateTokens } from './tokens.ts';
import { verifyMatch, type AskedToken, type VerifiedMatch } from './verify-match.ts';

export interface CheckOptions {
  readonly purpose: Purpose;
  /** When the creator last proved control of these identifiers; for `signup`, within 24 h */
  readonly provenAt?: Date | undefined;
  /** The platform's own case id, 16..64 characters of base64url: a recall names the person by it */
  readonly ref?: string | undefined;
  /** Epochs of the token key; the live ones when absent */
  readonly epochs?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckResult {
  readonly check: Id<'chk'>;
  /** What the registry advises. No advice refuses, and a match is never the sole basis of a decision. */
  readonly advice: Advice;
  readonly matches: readonly VerifiedMatch[];
  /** Ask again after this, or when a recall says so; it bounds no-record too */
  readonly validUntil: Date;
  /** Proof of what was asked and answered, of the evaluation and of the match */
  readonly receipts: readonly VerifiedReceipt[];
}

/**
 * Asks the registry about one creator without telling it who that is, and verifies every record it shows.
 * @throws RecourseError
 */
export async function check(
  session: Session,
  creator: Creator<string>,
  options: CheckOptions,
): Promise<CheckResult> {
  const identifiers = listIdentifiers(creator).map(({ kind, item, path }) => ({
    kind,
    value: item,
    path,
  }));
  const evaluated = await evaluateTokens(session, { ...options, identifiers });
  const asked: AskedToken[] = evaluated.tokens.map((token) => ({
    ...token,
    path: identifiers[token.identifier]?.path ?? '',
  }));
  const answer = await session.transport.send(
    'checks.match',
    { check: evaluated.check, tokens: asked.map(({ epoch, token }) => ({ epoch, token })) },
    { signal: options.signal },
  );
  const { result } = answer;
  const verified = await Promise.all(
    result.matches.map((match) => verifyMatch(session, match, asked)),
  );
  verified.forEach((match) => session.told.add(match));
  const matches = verified.filter(({ sanction, version }) => session.seen.see(sanction, version));
  return {
    check: evaluated.check,
    advice: adviceOn(result.advice, { shown: verified, current: matches }),
    matches,
    validUntil: new Date(result.validUntil),
    receipts: [evaluated.receipt, answer.receipt],
  };
}

/** The registry's advice, as far as what it showed carries it. */
function adviceOn(
  advice: Advice,
  of: { shown: readonly VerifiedMatch[]; current: readonly VerifiedMatch[] },
): Advice {
  // Nothing but overtaken states was shown: what they advise was overtaken with them.
  if (of.shown.length > 0 && of.current.length === 0) return 'no-record';
  // Nobody signed for what is withheld: it can ask who this is, and nothing more.
  const nothingSigned = of.current.length > 0 && of.current.every((match) => match.reasonWithheld);
  return nothingSigned && advice === 'review' ? 'verify-identity' : advice;
}
